"""The things that one sentence names: flat, phone, moment, fault, place, urgency, money, head-count."""

from datetime import datetime

from bot.understanding.entities.amounts import find_amount, find_party
from bot.understanding.entities.bare import Bare, Expected, read_as
from bot.understanding.entities.faults import Fault, find_fault, is_broken
from bot.understanding.entities.phones import find_phone
from bot.understanding.entities.rooms import find_room
from bot.understanding.entities.times import time_of
from bot.understanding.normal import normal
from bot.understanding.values import Entities

__all__ = ["Bare", "Expected", "Fault", "extract", "find_fault", "is_broken", "named", "read_as"]


def extract(text: str, now: datetime, *, mending: bool = False) -> Entities:
    """Entities of `text`. `now` is aware; `mending` says that the sentence is known to be about a repair.

    What is only an answer to a question just asked ("501", "上午", "3个") is for `read_as`.
    """
    shown = normal(text)
    return named(shown, now, find_fault(shown, mending=mending))


def named(shown: str, now: datetime, fault: Fault) -> Entities:
    """`extract` for text in normal form whose fault is known already."""
    phone, rest = find_phone(shown)
    room, rest = find_room(rest)
    return Entities(
        room=room,
        phone=phone,
        time=time_of(rest, now.replace(second=0, microsecond=0)),
        category=fault.category,
        place=fault.place,
        urgent=fault.urgent,
        amount_fen=find_amount(rest),
        party_size=find_party(rest),
    )
