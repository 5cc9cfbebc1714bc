"""Public holidays and working weekends 调休, as the State Council announces them for one year at a time."""

from datetime import date

import chinese_calendar

from models.calendar import Holiday
from services import cache


async def seed(*, since: int) -> int:
    """Write every announced day from that year on that is not there yet; how many are there now.

    The library knows the years announced when it was released; later ones come with its next release or are
    entered by hand.
    """
    rows = [
        *(Holiday(day=day, working=False, name=str(name)) for day, name in _known(_OFF, since)),
        *(Holiday(day=day, working=True, name=str(name)) for day, name in _known(_WORKED, since)),
    ]
    await Holiday.bulk_create(rows, ignore_conflicts=True)
    cache.forget()
    return await Holiday.all().count()


_OFF: dict[date, str] = chinese_calendar.constants.holidays
_WORKED: dict[date, str] = chinese_calendar.constants.workdays


def _known(days: dict[date, str], since: int) -> list[tuple[date, str]]:
    return sorted((day, name) for day, name in days.items() if day.year >= since)
