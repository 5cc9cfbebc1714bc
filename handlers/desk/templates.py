"""Template messages that staff may send when the window is closed, as the platform will show them."""

from collections.abc import Mapping

from dialogs import shipped
from settings import Settings
from wechat.typed import AccountTemplate, UnfitError

OFFERED = ("human.please_write",)


def of_account(settings: Settings) -> dict[str, AccountTemplate]:
    """By kind, of those that staff may send."""
    shapes, named = shipped.template_kinds(), settings.wechat.templates
    kinds = {shipped.phrases().templates()[phrase].kind for phrase in OFFERED}
    return {
        kind: AccountTemplate(named[kind].id, dict(shapes[kind].keys) | named[kind].keys)
        for kind in kinds
        if kind in named and named[kind].id
    }


def usable(templates: Mapping[str, AccountTemplate]) -> list[dict[str, str]]:
    """Those whose kind the account has; `preview` is their lines."""
    found = []
    for phrase in OFFERED:
        kind, values = shipped.phrases().render(phrase, {"number": "T1"}).template or ("", {})
        template = templates.get(kind)
        if template is None or not template.id:
            continue
        try:
            lines = template.filled(values)
        except UnfitError:
            continue
        found.append({"phrase": phrase, "preview": " · ".join(lines.values())})
    return found
