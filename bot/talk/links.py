"""What an option's id may carry. A phone can send any id at all: only what we could have offered counts."""

import re
from collections.abc import Mapping

from bot.scripts.format import Script, Slot, SlotType

_KEY = re.compile(r"[\w.\-]{1,32}")
_NUMBER = re.compile(r"[0-9]{1,7}")
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]")
_LONGEST = 500
_UNTAPPED = (SlotType.PHOTOS, SlotType.TIME, SlotType.ROOM)  # said or sent, never carried by an option


def carried(script: Script, values: Mapping[str, str]) -> dict[str, str] | None:
    """The values for slots of the script; other names are dropped. None when one of them cannot be its slot's."""
    kept = {name: value for name, value in values.items() if value and name in script.slots}
    return kept if all(_fits(script.slots[name], value) for name, value in kept.items()) else None


def _fits(slot: Slot, value: str) -> bool:
    if slot.type in _UNTAPPED or _CONTROL.search(value):
        return False
    if slot.type is SlotType.RATING:
        return value in ("1", "2", "3", "4", "5")
    if slot.type is SlotType.NUMBER:
        return bool(_NUMBER.fullmatch(value)) and slot.min <= int(value) <= (slot.max or int(value))
    if slot.type is SlotType.CHOICE:
        return _chosen(slot, value)
    return len(value) <= (slot.max or _LONGEST)


def _chosen(slot: Slot, value: str) -> bool:
    """One of the fixed options; what a source lists is for its action to find, or not."""
    if any(value == (one.value or one.text) for one in slot.options):
        return True
    return bool(slot.source or slot.other) and _KEY.fullmatch(value) is not None
