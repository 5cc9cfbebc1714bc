"""“不是501，是502”: a room said without its building is the same building's, when that house exists."""

import re

from bot import filling
from bot.script import SlotType
from bot.talk import Talk

# The number that counts stands last; one that is refused ("不是501") or longer (a phone) is none.
_NUMBER = re.compile(r"(?<!不是)(?<![\d\-])(?:(\d{1,2})单元)?(\d{3,4})(?:室|房|号)?(?![\d\-年月块元])")


async def corrected(talk: Talk, text: str) -> list[str]:
    """The room slots that now hold another house. Call it for messages that correct something."""
    said = _NUMBER.findall(text)
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


def _beside(label: str, unit: str, room: str) -> str:
    building, *middle, _ = label.split("-")
    return "-".join([building, *([unit] if unit and middle else middle), room])
