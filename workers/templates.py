"""The account's template messages: what the settings name, for the kinds that people cause."""

from collections.abc import Mapping

from bot.scripts import texts
from dialogs import shipped
from settings import Settings
from wechat.typed import AccountTemplate, fits

_LONGEST_NUMBER = "BX" + "9" * 14


def usable(settings: Settings) -> Mapping[str, AccountTemplate]:
    """By kind. A kind that nobody caused, or that the account has no template of, is left out."""
    named = settings.wechat.templates
    return {
        kind: AccountTemplate(named[kind].id, dict(shape.keys) | named[kind].keys)
        for kind, shape in shipped.template_kinds().items()
        if shape.caused and kind in named and named[kind].id
    }


def unfit(templates: Mapping[str, AccountTemplate]) -> list[str]:
    """Values of phrases of which no wording is sure to fit the account's keys, whatever it has to name."""
    return [
        f"{phrase}: {name} does not fit {key}"
        for phrase, template in shipped.phrases().templates().items()
        if template.kind in templates
        for name, key in templates[template.kind].keys.items()
        if not any(_sure(key, wording) for wording in template.values.get(name, ()))
    ]


def _sure(key: str, wording: str) -> bool:
    """Whether the wording fits however long what it names is; our numbers are the only names that cannot be long."""
    return not texts.names(wording) - {"number"} and fits(
        key, texts.fill(wording, {"number": _LONGEST_NUMBER})
    )
