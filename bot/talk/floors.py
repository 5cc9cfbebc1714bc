"""Which building, unit and floor a public place is at, told once a report of it is handed in: 是11楼 2栋1单元."""

import re

from bot.talk.talk import Talk
from bot.understanding.normal import normal

_PARTS = (
    re.compile(r"(?:[a-z]|\d{1,3})(?:栋|号楼|幢|座)"),
    re.compile(r"\d{1,2}单元"),
    re.compile(r"(?:地下|负)?\d{1,2}[楼层](?!上|下)"),
)
_WHERE = re.compile(
    r"^(?P<building>[A-Za-z\d]{1,3}栋)?(?P<unit>\d{1,2}单元)?(?P<floor>\d{1,2}[楼层])?(?P<rest>.*)$"
)
_LONGEST = 24  # characters: whoever says more tells something else


def moved(talk: Talk) -> str:
    """The place that stands, at the floor that is told now; "" where none is, or where somebody lives."""
    name = next((name for name, slot in talk.compiled.named if slot.fill == "place"), "")
    held = talk.words(name) if name else ""
    shown = normal(talk.turn.heard.text)
    if talk.frame.slots.get("area") != "public" or not held or len(shown) > _LONGEST:
        return ""
    told = [found[0] if (found := part.search(shown)) else "" for part in _PARTS]
    stands = _WHERE.match(held)
    if not (told[1] or told[2]) or stands is None or re.search(r"\d{3,4}(?:室|号)?$|不是", shown):
        return ""
    kept = (stands["building"], stands["unit"], stands["floor"])
    there = "".join(new or old or "" for new, old in zip(told, kept, strict=True)) + stands["rest"]
    return there.upper() if there != held else ""
