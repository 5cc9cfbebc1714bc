"""Pieces that stand together: a day and its hours, a half of the day and its clock, days on end."""

import re
from datetime import datetime, timedelta
from typing import NamedTuple

from bot.understanding.entities.clocks import by_night
from bot.understanding.entities.moments import pieces
from bot.understanding.entities.piece import Piece

_NEAR = re.compile(
    r"[\s,，的、就是在那约了吧呢啊呀()]{0,3}(?:最[晚迟早好]|大概|差不多)?"
    r"|(?:过?[去来到]|上门|过[去来])[\s,，吧]{0,2}"
    r"|(?:哪个?时候|什么时候|啥时候|几点)?(?:都)?(?:可以|行|成|吧|中)?[,，\s]?|[,、\s]?(?:但|到)[,\s]?"
)
_RANGE = re.compile(r"\s*(?:[-~—–]|到|至)\s*")
_LISTED = re.compile(r"[、和或跟]?者?")
WHOLE_DAY = 1440  # minutes


class Phrase(NamedTuple):
    """Pieces that stand together: a day, minutes of it, or an exact moment."""

    start: int
    end: int
    day: Piece | None = None
    hours: Piece | None = None
    at: Piece | None = None

    @property
    def weight(self) -> int:
        clock = self.hours is not None and self.hours.clock
        return 4 * bool(self.at) + 2 * bool(self.day) + bool(self.hours) + 2 * clock


def phrases_of(text: str, now: datetime) -> list[Phrase]:
    phrases: list[Phrase] = []
    for piece in pieces(text, now):
        last = phrases[-1] if phrases else None
        between = text[last.end : piece.start] if last else ""
        joined = _join(last, piece) if last and _NEAR.fullmatch(between) else None
        if last and not joined and _RANGE.fullmatch(between):
            joined = _days_through(last, piece)
        if last and not joined and _LISTED.fullmatch(between):
            joined = _two_days(last, piece)
        if joined:
            phrases[-1] = joined
        else:
            phrases.append(_phrase(piece))
    return phrases


def _phrase(piece: Piece) -> Phrase:
    start, end = piece.start, piece.end
    if piece.at:
        return Phrase(start, end, at=piece)
    if piece.day is None and not piece.lost:
        return Phrase(start, end, hours=piece)
    hours = piece._replace(day=None) if piece.since is not None else None
    return Phrase(start, end, day=piece, hours=hours)


def _join(last: Phrase, piece: Piece) -> Phrase | None:
    """A day and its hours in either order, or a half of the day and its clock."""
    other = _phrase(piece)
    if last.at or other.at or (last.day and other.day):
        return None
    hours = merged_hours(last.hours, other.hours)
    if last.hours and other.hours and hours is None:
        return None
    return Phrase(last.start, other.end, day=last.day or other.day, hours=hours)


def _days_through(last: Phrase, piece: Piece) -> Phrase | None:
    """“周三到周五” and “25号至27号” are all the days between."""
    first, final = last.day and last.day.day, piece.day
    if not last.day or not first or not final or last.hours or piece.since is not None:
        return None
    if final < first:
        final += timedelta(weeks=1)  # on a Thursday 周三到周五 begins next week
    if final <= first:
        return None
    day = last.day._replace(days=(final - first).days + 1)
    return Phrase(last.start, piece.end, day=day)


def _two_days(last: Phrase, piece: Piece) -> Phrase | None:
    """“28号、29号” are two days on end; others that are listed stay apart."""
    through = _days_through(last, piece)
    return through if through and through.day and through.day.days == 2 else None


def merged_hours(first: Piece | None, second: Piece | None) -> Piece | None:
    """“下午” and “两点半” are 14:30, “九点以后” and “十一点前” a window; other clocks or halves are two offers."""
    if first is None or second is None:
        return first or second
    if first.clock and first.till is None and second.clock and second.since == 0 and second.till:
        return first._replace(till=second.till) if second.till > (first.since or 0) else None
    if first.clock == second.clock:
        return None
    clock, half = (first, second) if first.clock else (second, first)
    if clock.fixed or clock.since is None or half.since is None:
        return None
    inside = _into_half(clock, half.since)
    return inside._replace(within=half.till) if inside.onward else inside


def _into_half(clock: Piece, half: int) -> Piece:
    since, till = clock.since or 0, clock.till
    if half >= 1080:
        return _into_night(clock)
    late = half >= 720 or half == 690
    early = half < 690
    if late and since < 720 and not (half == 690 and since >= 600):
        since, till = since + 720, None if till is None else till + (720 if till < 720 else 0)
    elif early and since >= 780:
        since, till = since - 720, None if till is None else till - 720
    return clock._replace(since=since, till=till, fixed=True)


def _into_night(clock: Piece) -> Piece:
    """“今晚” and “12点” are midnight, “明晚” and “一点” an hour after it."""
    since = _by_night(clock.since or 0)
    till = None if clock.till is None else _by_night(clock.till)
    return clock._replace(
        since=since, till=till if till is None or till > since else till + WHOLE_DAY, fixed=True
    )


def _by_night(minute: int) -> int:
    hour, rest = divmod(minute, 60)
    return 60 * by_night(hour - 12 if hour > 12 else hour) + rest
