"""The things that one sentence names: flat, phone, moment, fault, place, urgency, money, head-count."""

from collections.abc import Set as AbstractSet
from datetime import datetime

from bot.understanding.entities.amounts import find_amount, find_party
from bot.understanding.entities.faults import Fault, find_fault
from bot.understanding.entities.phones import find_phone
from bot.understanding.entities.rooms import RoomMatch, find_room, resolve_room
from bot.understanding.entities.times import find_time
from bot.understanding.normal import normal
from bot.understanding.values import Entities

__all__ = ["Fault", "RoomMatch", "extract", "find_fault", "named", "resolve_room"]

_NOTHING: frozenset[str] = frozenset()


def extract(
    text: str, now: datetime, expect: AbstractSet[str] | None = None, *, mending: bool = False
) -> Entities:
    """Entities of `text`. `now` is aware.

    `expect` names the fields of `Entities` that were just asked for: their bare answers then count ("501",
    "上午", "3个"). `mending` says that the sentence is known to be about a repair.
    """
    shown = normal(text)
    fault = find_fault(shown, mending=mending or "category" in (expect or _NOTHING))
    return named(shown, now, fault, expect)


def named(shown: str, now: datetime, fault: Fault, expect: AbstractSet[str] | None = None) -> Entities:
    """`extract` for text in normal form whose fault is known already."""
    asked = expect or _NOTHING
    phone, rest = find_phone(shown, alone="phone" in asked)
    room, rest = find_room(rest, alone="room" in asked)
    return Entities(
        room=room,
        phone=phone,
        time=find_time(rest, now, alone="time" in asked),
        category=fault.category,
        place=fault.place,
        urgent=fault.urgent,
        amount_fen=find_amount(rest),
        party_size=find_party(rest, alone="party_size" in asked),
    )
