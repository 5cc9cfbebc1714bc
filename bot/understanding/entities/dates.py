"""Days of the calendar: the coming Friday, the next weekend, the 5th of the next month."""

from calendar import monthrange
from datetime import date, timedelta


def weekday(today: date, week: str | None, weekday: int) -> date:
    """这周五 is in this week, 下周五 in the next, a bare 周五 is the coming one (today included)."""
    monday = today - timedelta(days=today.weekday())
    if week in ("这", "本"):
        return monday + timedelta(days=weekday)
    if week:
        return monday + timedelta(days=weekday, weeks=len(week))
    return today + timedelta(days=(weekday - today.weekday()) % 7)


def saturday(today: date, week: str | None) -> date:
    """On a Sunday a bare 周末 is the next one; 这周末 is always this week's."""
    saturday = today - timedelta(days=today.weekday()) + timedelta(days=5)
    if week in ("下", "下下"):
        return saturday + timedelta(weeks=len(week))
    return saturday + timedelta(weeks=1) if week is None and today.weekday() == 6 else saturday


def day_of_month(today: date, day: int, month_word: str | None) -> date | None:
    """The next month that has this day and is not over."""
    year, month = today.year, today.month
    if month_word and month_word.startswith("下"):
        year, month = (year + 1, 1) if month == 12 else (year, month + 1)
    for _ in range(3):
        if 1 <= day <= monthrange(year, month)[1] and date(year, month, day) >= today:
            return date(year, month, day)
        year, month = (year + 1, 1) if month == 12 else (year, month + 1)
    return None


def month_end(today: date, following: bool) -> date:
    first = today.replace(day=1)
    if following:
        first = (first + timedelta(days=32)).replace(day=1)
    return first.replace(day=monthrange(first.year, first.month)[1])
