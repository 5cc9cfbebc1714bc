"""A time as a slot holds it: within the hours in which people are visited, and on the day that stands already."""

import re
from dataclasses import replace
from datetime import datetime, time, timedelta

from bot.turn import Turn
from bot.understanding.entities import Expected, read_as
from bot.understanding.values import TimeWindow
from bot.values import Plain

_DAY_BEGINS, _DAY_CLOSES = time(8), (18, 22)  # nobody is visited from midnight on
_NAMES_A_DAY = re.compile(
    r"[今明昨]|后[天日]|周|星期|礼拜|号|日|月|天|初|节|现在|马上|尽快|分钟?|小时|钟头|刻"
)


def value_of(window: TimeWindow, turn: Turn) -> dict[str, Plain]:
    """The window as a slot holds it. A technician's own hours are left as they were said."""
    if not turn.person.technician_id:
        window = _by_day(window)
    return time_value(window.start.isoformat(), window.end.isoformat() if window.end else None)


def time_value(start: str, end: str | None) -> dict[str, Plain]:
    return {"start": start, "end": end}


def _by_day(window: TimeWindow) -> TimeWindow:
    """明天九点前 of a resident begins in the morning of that day, 明天三点以后 ends with its afternoon."""
    start, end = window.start, window.end
    if window.onward and end is None:
        closes = next((one for one in _DAY_CLOSES if start.hour < one), None)
        until = window.within or (start.replace(hour=closes, minute=0) if closes else None)
        return replace(window, end=until)
    morning = datetime.combine(start.date(), _DAY_BEGINS, tzinfo=start.tzinfo)
    if end is not None and start.time() == time() and start < end <= morning:
        return replace(window, start=end - timedelta(hours=1))  # 八点前
    if end is None or start.time() != time() or not morning < end < start + timedelta(days=1):
        return window
    return replace(window, start=morning)


def on_the_day(value: Plain, held: Plain, words: str, turn: Turn) -> Plain:
    """A time without a day, said of one that has a day already, is meant on that day: 后天, then 上午.

    The words are read as on the morning of that day: “九点”, said in the evening, is nine of the next morning there.
    An open end (九点以后) is that of the time that stands.
    """
    if not isinstance(value, dict) or not isinstance(held, dict) or _NAMES_A_DAY.search(words):
        return value
    start = datetime.fromisoformat(str(value["start"]))
    before = datetime.fromisoformat(str(held["start"])).astimezone(start.tzinfo)
    if before.date() <= start.date():
        return value
    dawn = datetime.combine(before.date(), time(), tzinfo=start.tzinfo)
    read = read_as(Expected.TIME, words, dawn).value
    if isinstance(read, TimeWindow) and read.start.date() == before.date():
        until = datetime.fromisoformat(str(held["end"])) if held.get("end") else None
        if read.onward and read.end is None and until and until > read.start:
            read = replace(read, end=until)
        return value_of(read, turn)
    ahead = before.date() - start.date()
    end = datetime.fromisoformat(str(value["end"])) + ahead if value.get("end") else None
    return time_value((start + ahead).isoformat(), end.isoformat() if end else None)
