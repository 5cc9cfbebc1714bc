"""Template messages that staff may send when the window is closed, as the platform will show them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from dialogs import shipped
from handlers.desk import words
from services.actors import Actor
from services.cases import complaint_desk
from services.desk import revealing
from services.repairs import reporting
from services.scope import Field
from settings import Settings
from wechat.typed import AccountTemplate, UnfitError

_OF_TALK = ("human.please_write", "human.no_answer", "human.more_needed")
_OF_REPAIR = ("human.repair_word", "human.repair_time")
_OF_COMPLAINT = ("human.complaint_word",)
OFFERED = _OF_TALK + _OF_REPAIR + _OF_COMPLAINT
_MATTERS = 2  # of each sort, the newest


@dataclass(frozen=True, slots=True)
class Offer:
    """A template that fits, about the talk or a matter of this number; its title and lines as the phone has them."""

    phrase: str
    number: str
    title: str
    lines: tuple[tuple[str, str], ...]


def of_account(settings: Settings) -> dict[str, AccountTemplate]:
    """By kind, of those that staff may send."""
    shapes, named = shipped.template_kinds(), settings.wechat.templates
    kinds = {shipped.phrases().templates()[phrase].kind for phrase in OFFERED}
    return {
        kind: AccountTemplate(named[kind].id, dict(shapes[kind].keys) | named[kind].keys)
        for kind in kinds
        if kind in named and named[kind].id
    }


async def offers(talk_id: int, templates: Mapping[str, AccountTemplate], *, actor: Actor) -> list[Offer]:
    """Those that suit this talk and what is open for its resident. Raises NotFound outside of their scope."""
    person_id = await revealing.person_of(talk_id, actor=actor)
    sees = actor.scope.sees if actor.scope else frozenset[Field]()
    found = _filled(templates, _OF_TALK, [f"T{talk_id}"])
    if Field.REPAIRS in sees:
        repairs = await reporting.of_person(person_id, only_open=True)
        found += _filled(templates, _OF_REPAIR, [one.number for one in repairs[:_MATTERS]])
    if Field.COMPLAINTS in sees:
        complaints = await complaint_desk.of_person(person_id, actor=actor)
        found += _filled(templates, _OF_COMPLAINT, [one.number for one in complaints[:_MATTERS]])
    return found


def _filled(
    templates: Mapping[str, AccountTemplate], phrases: Sequence[str], numbers: Sequence[str]
) -> list[Offer]:
    each = [_offer(templates, phrase, number) for number in numbers for phrase in phrases]
    return [one for one in each if one is not None]


def _offer(templates: Mapping[str, AccountTemplate], phrase: str, number: str) -> Offer | None:
    kind, values = shipped.phrases().render(phrase, {"number": number}).template or ("", {})
    template, shape = templates.get(kind), shipped.template_kinds().get(kind)
    if template is None or shape is None or not template.id:
        return None
    try:
        filled = template.named(template.filled(values))
    except UnfitError:
        return None
    return Offer(phrase, number, shape.title, words.card_lines(shape, filled))
