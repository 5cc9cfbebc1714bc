"""Part of a moment, as it stands in a sentence."""

from datetime import date, datetime, time, timedelta
from typing import NamedTuple


class Piece(NamedTuple):
    """Part of a moment at `start`..`end` of the text: days from `day` on, or minutes of a day, or a moment.

    No `days` at all are open: “28号以后”.
    `clock` says that minutes come from a clock and not from a half of the day; `till` is None for an open end.
    """

    start: int
    end: int
    day: date | None = None
    days: int = 1
    since: int | None = None
    till: int | None = None
    clock: bool = False
    fixed: bool = False  # the half of the day was said, so the clock needs no guess
    at: datetime | None = None
    onward: bool = False  # “七点以后”: from then on
    within: int | None = None  # of such a one, where the half of the day that was said ends
    # A day that was said and cannot be kept: a "date" that is none or is just over, one "past", or a "vague" one.
    lost: str = ""


def moment(day: date, minute: int, now: datetime) -> datetime:
    """`minute` of `day` on the clock of `now`; minute 1440 is 00:00 of the next day."""
    return datetime.combine(day, time(), tzinfo=now.tzinfo) + timedelta(minutes=minute)
