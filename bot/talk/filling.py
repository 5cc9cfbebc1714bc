"""Filling slots without asking: defaults, what an option carried, what a sentence says in passing."""

from collections.abc import Callable, Mapping, Sequence
from datetime import timedelta
from operator import attrgetter
from typing import cast

from bot.scripts import conditions, texts
from bot.scripts.format import Slot, SlotType
from bot.talk import hours, job_told, naming
from bot.talk.state import Offered
from bot.talk.talk import Talk
from bot.understanding.values import Entities
from bot.values import Plain

LOOSE_FOR = timedelta(minutes=30)  # a photo sent before the talk still belongs to it


def defaults(talk: Talk) -> None:
    names = talk.names()
    for name, slot in talk.compiled.script.slots.items():
        if slot.default and talk.frame.slots.get(name) is None:
            value = conditions.value(slot.default, names)
            if value not in (None, "", 0):
                talk.put(
                    name, value, texts.house(value) if slot.type is SlotType.ROOM else texts.shown(value)
                )
                talk.frame.defaults[name] = value


async def given(talk: Talk, values: Mapping[str, Plain]) -> None:
    """What an option, a QR code or a calling script hands over. Names that are no slots become variables."""
    for name, value in values.items():
        slot = talk.compiled.script.slots.get(name)
        if slot is None:
            talk.frame.vars[name] = value
        elif value not in (None, ""):
            typed = _typed(slot, value)
            talk.put(name, typed, await _shown(talk, name, typed))
            if slot.type is SlotType.TEXT and slot.grows:
                from_words(talk, str(typed))  # a story that is handed over names its kind as one that is told


def _typed(slot: Slot, value: Plain) -> Plain:
    if slot.type in (SlotType.NUMBER, SlotType.RATING) and isinstance(value, str) and value.isdigit():
        return int(value)
    if slot.type is SlotType.CONFIRM and isinstance(value, str):
        return value in ("yes", "true", "1")
    return value


async def _shown(talk: Talk, name: str, value: Plain) -> str:
    slot = talk.compiled.script.slots[name]
    if slot.type is SlotType.RATING:
        return texts.stars(value)
    if slot.type is SlotType.CONFIRM:
        return talk.phrase("bot.yes_option" if value else "bot.no_option").text
    if slot.type is SlotType.TIME:
        return texts.when(value)
    if slot.type is SlotType.ROOM:
        return texts.house(value)
    return await option_text(talk, name, value) or texts.shown(value)


async def option_text(talk: Talk, name: str, value: Plain) -> str:
    """What the slot's option of this value says, "" when no option has it."""
    slot = talk.compiled.script.slots[name]
    for one in slot.options:
        if value == (one.value or one.text):
            return one.text
    if slot.source and slot.type is SlotType.CHOICE:
        listed = await talk.listed(name)
        return next((text for worth, text in listed if worth == value), "")
    return ""


async def first_sentence(talk: Talk) -> None:
    said = talk.turn.heard.text or str(talk.frame.vars["said"])
    for name, slot in talk.compiled.script.slots.items():
        if slot.fill == "said" and talk.frame.slots.get(name) is None:
            _from_sentence(talk, name, slot, said)
    if entities := talk.turn.heard.entities:
        await absorb(talk, entities, overwrite=True)
    job_told.fill(talk, first=True)


def from_words(talk: Talk, words: str) -> None:
    """A free text told later fills the choices that the first sentence could have filled."""
    for name, slot in talk.compiled.script.slots.items():
        if slot.fill == "said" and slot.type is SlotType.CHOICE and talk.frame.slots.get(name) is None:
            _from_sentence(talk, name, slot, words)


def _from_sentence(talk: Talk, name: str, slot: Slot, said: str) -> None:
    """A text takes the sentence when it is long enough for it, a choice the one option that it names."""
    if slot.type is SlotType.CHOICE:
        offers = [Offered(one.text, one.value or one.text, keywords=one.keywords) for one in slot.options]
        if found := naming.loosely(said, offers):
            talk.put(name, found.value, found.text)
    elif len(said) >= slot.min and said.strip() not in talk.compiled.script.triggers.keywords:
        talk.put(name, said, said)


async def absorb(talk: Talk, entities: Entities, *, overwrite: bool, but: str = "") -> list[str]:
    """Fill slots from what a sentence names; the slots that changed. `but` is left alone."""
    changed = []
    for name, slot in talk.compiled.named:
        value = named(slot, entities, talk)
        if value is None or name == but or not (overwrite or is_open(talk, name)):
            continue
        if slot.fill == "place" and str(value) in str(talk.frame.slots.get(name) or ""):
            continue  # 楼道 of 3栋楼道
        if stays(talk, name):
            continue
        if slot.fill == "time":
            value = hours.on_the_day(value, standing(talk, name), talk.turn.heard.text, talk.turn)
        if value != talk.frame.slots.get(name) and await fill(talk, name, value):
            changed.append(name)
    return changed


def stays(talk: Talk, name: str) -> bool:
    """Whether a slot keeps what it holds: the kind of a lamp, where it is asked where it is (电梯口那个)."""
    step = talk.step if talk.frame.at else None
    place = step is not None and bool(step.collect) and talk.slot(step).fill == "place"
    return place and talk.compiled.script.slots[name].fill == "category" and not is_open(talk, name)


def standing(talk: Talk, name: str) -> Plain:
    """The time that a slot holds, or the one that it is going to change."""
    near = talk.compiled.script.slots[name].near
    return talk.frame.slots.get(name) or talk.frame.vars.get(near)


def beyond(talk: Talk, slot: Slot, value: Plain) -> int:
    """The most that there may be, where `value` is more than that; else 0."""
    most = talk.frame.vars.get(slot.limit) if slot.limit else None
    return most if isinstance(most, int) and isinstance(value, int) and value > most else 0


def tell(talk: Talk, phrase: str, names: Sequence[str]) -> None:
    """Say what stands in these slots now, all of it in one sentence: 好，电话改成：139…，身份：租客。"""
    if not names:
        return
    labels = [talk.compiled.script.slots[name].label or name for name in names]
    values = [talk.words(name) for name in names]
    others = "".join(f"，{label}：{value}" for label, value in list(zip(labels, values, strict=True))[1:])
    talk.note(phrase, {"label": labels[0], "value": values[0] + others})


def is_open(talk: Talk, name: str) -> bool:
    """Nobody said it yet: it is empty, or stands there by default."""
    value = talk.frame.slots.get(name)
    return value is None or value == talk.frame.defaults.get(name)


def repeats(talk: Talk, entities: Entities) -> bool:
    """Whether a sentence says again what a slot holds already."""
    held = talk.frame.slots
    return any(
        held.get(name) is not None and held[name] == named(slot, entities, talk)
        for name, slot in talk.compiled.named
        if slot.fill != "urgent"
    )


def named(slot: Slot, entities: Entities, talk: Talk) -> Plain:
    """What a sentence names for a slot; None for nothing."""
    if slot.fill != "time":
        return _ENTITY[slot.fill](entities)
    window = entities.time
    if window is None or (slot.future and (window.end or window.start) <= talk.turn.now):
        return None
    if slot.reads == "pause" and window.start <= talk.turn.now:
        return None  # 今天先这样，后天再看: what begins today is no day to go on
    return hours.value_of(window, talk.turn)


_ENTITY: dict[str, Callable[[Entities], Plain]] = {
    "room": attrgetter("room"),
    "phone": attrgetter("phone"),
    "category": attrgetter("category"),
    "place": attrgetter("place"),
    "urgent": lambda entities: entities.urgent or None,
    "amount": attrgetter("amount_fen"),
    "party": attrgetter("party_size"),
}


async def fill(talk: Talk, name: str, value: Plain) -> bool:
    """Put what a sentence named into the slot; False, and said why, where it cannot be."""
    slot = talk.compiled.script.slots[name]
    if slot.type is SlotType.ROOM:
        found = await rooms(talk, slot, str(value))
        if len(found) != 1:
            _not_that_room(talk, name, str(value), [shown for _, shown in found])
            return False
        value = found[0][0]
    if most := beyond(talk, slot, value):
        talk.note("slot.large", {"number": most})
        return False
    shown = await _shown(talk, name, value)
    if slot.type is SlotType.CHOICE and not slot.other and not await option_text(talk, name, value):
        return False
    talk.put(name, value, shown)
    return True


def _not_that_room(talk: Talk, name: str, said: str, near: list[str]) -> None:
    """Say so; before the summary also ask: whoever names a room does not mean the one that stood there."""
    if not (talk.turn.person.around or _community(talk)):
        # Nobody knows yet where to look; it is looked for once that is told.
        talk.frame.vars["said"] = f"{texts.house(said)} {talk.frame.vars.get('said') or ''}".strip()
        return
    if not (talk.frame.at and talk.step.confirm):
        talk.clear(name)
    phrase = "slot.room_near" if near else "slot.room_unknown"
    talk.note(phrase, {"said": texts.house(said), "near": list(near)})


def _community(talk: Talk) -> Plain:
    return talk.frame.slots.get("community_id") or talk.frame.vars.get("community_id")


async def rooms(talk: Talk, slot: Slot, text: str) -> list[tuple[str, str]]:
    """Real houses that a text may mean, best first: one is an answer, several are “did you mean”."""
    arguments: dict[str, Plain] = {"text": text, "community": _community(talk)}
    return await talk.sourced(slot.source or "rooms.resolve", arguments)


def loose_photos(talk: Talk) -> None:
    """Photos that came before the talk move into it, when the script takes photos."""
    state, slot = talk.state, talk.compiled.photos
    if not slot or not state.loose:
        return
    if state.loose_at and talk.turn.now - state.loose_at <= LOOSE_FOR:
        attach(talk, state.loose)
    state.loose, state.loose_at = [], None


def attach(talk: Talk, media: list[int]) -> int:
    """Add photos to the running script; how many did not fit."""
    name = talk.compiled.photos
    have = cast("list[Plain]", talk.frame.slots.get(name) or [])
    room = (talk.compiled.script.slots[name].max or 9) - len(have)
    now: list[Plain] = [*have, *media[: max(room, 0)]]
    talk.put(name, now, talk.phrase("bot.photo_count", {"count": len(now)}).text)
    return max(len(media) - room, 0)
