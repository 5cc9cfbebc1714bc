"""“不是501，是502”, “3栋的”: what is said of a house without the rest means the rest as it stands."""

import re

from bot.scripts import texts
from bot.scripts.format import SlotType
from bot.talk import filling
from bot.talk.talk import Talk

# The number that counts stands last; one that is refused ("不是501") or longer (a phone) is none.
_NUMBER = re.compile(r"(?<!不是)(?<![\d\-])(?:(\d{1,2})单元)?(\d{3,4})(?:室|房|号)?(?![\d\-年月块元])")
_FIGURES = re.compile(r"\d{3}")
_BARE_BUILDING = re.compile(
    r"^(?:不对|错了|说错了|不是(?=[，,])|应该)?[，,\s]*(?:是|在|我家?是)?([A-Za-z]|\d{1,3})(?:栋|号楼|幢|座)(?:(\d{1,2})单元)?的?[。！!]?$"
)
_BUILDING = re.compile(r"^(?:[A-Za-z]|\d{1,3})(?:栋|号楼|幢|座)")


def may_correct(talk: Talk, text: str) -> bool:
    """Whether the words look like another building or room, and a house stands that they could change."""
    holds = any(
        slot.type is SlotType.ROOM and talk.frame.slots.get(name)
        for name, slot in talk.compiled.script.slots.items()
    )
    return holds and bool(_BARE_BUILDING.match(text.strip()) or _NUMBER.search(text))


async def corrected(talk: Talk, text: str) -> list[str]:
    """The room slots that now hold another house. Call it for messages that correct something."""
    if bare := _BARE_BUILDING.match(text.strip()):
        return await _other_building(talk, bare[1].upper(), bare[2] or "")
    said = _NUMBER.findall(text) if _FIGURES.search(text) else []
    if not said:
        return []
    unit, room = said[-1]
    changed = []
    for name, slot in talk.compiled.script.slots.items():
        held = talk.frame.slots.get(name)
        if slot.type is not SlotType.ROOM or not isinstance(held, str) or "-" not in held:
            continue
        found = await filling.rooms(talk, slot, _beside(held, unit, room))
        if len(found) == 1 and found[0][0] != held:
            talk.put(name, *found[0])
            changed.append(name)
    return changed


async def _other_building(talk: Talk, building: str, unit: str) -> list[str]:
    """The place, when it stands in another building than was meant; else the house."""
    for name, slot in talk.compiled.script.slots.items():
        held = talk.frame.slots.get(name)
        asked = talk.compiled.script.collector(name)
        if not isinstance(held, str) or asked is None or not talk.holds(asked.when):
            continue
        if slot.type is SlotType.ROOM and "-" in held:
            return await _moved(talk, name, _in_building(held, building, unit))
        if slot.fill == "place" and slot.type is SlotType.TEXT:
            place = f"{building}栋{_BUILDING.sub('', held, count=1)}"
            talk.put(name, place, place)
            return [name] if place != held else []
    return []


async def _moved(talk: Talk, name: str, label: str) -> list[str]:
    """The one house of this label; when there is none, that is said."""
    found = await filling.rooms(talk, talk.compiled.script.slots[name], label)
    if len(found) == 1 and found[0][0] == label:
        changed = [name] if talk.frame.slots.get(name) != label else []
        talk.put(name, *found[0])
        return changed
    near = [shown for _, shown in found]
    talk.note(
        "slot.room_near" if near else "slot.room_unknown", {"said": texts.house(label), "near": list(near)}
    )
    return []


def _in_building(label: str, building: str, unit: str) -> str:
    _, *middle, room = label.split("-")
    return "-".join([building, *([unit] if unit and middle else middle), room])


def _beside(label: str, unit: str, room: str) -> str:
    building, *middle, _ = label.split("-")
    return "-".join([building, *([unit] if unit and middle else middle), room])
