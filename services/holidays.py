"""Public holidays and working weekends 调休, as the State Council announces them for one year at a time.

What is not announced yet is off where the law says so (全国年节及纪念日放假办法, as changed for 2025): New Year, four
days of Spring Festival, Qingming, two days in May, Dragon Boat, Mid-Autumn, three days in October.
"""

import functools
from collections.abc import Mapping
from datetime import date, timedelta

import chinese_calendar
from lunar_python import Lunar, Solar

from models.calendar import Holiday
from models.tasks import TaskKind
from services import cache, staff_tasks, work
from services.actors import SYSTEM

_BY_LAW = range(-1, 6)  # years from this one for which deadlines may be reckoned
_DECEMBER = 12
_TASK = "holidays:"


async def special(today: date) -> Mapping[date, bool]:
    """Of days that differ from their weekday, whether they are worked: what was announced, else the law."""
    years = [today.year + step for step in _BY_LAW]
    off = {day: False for year in years for day in by_law(year)}
    return off | {row.day: row.working for row in await Holiday.all()}


@functools.cache
def by_law(year: int) -> tuple[date, ...]:
    """The thirteen days of a year that are off whatever is announced; two may fall on one."""
    spring = _lunar(year, 1, 1)
    return (
        date(year, 1, 1),
        *(spring + timedelta(step) for step in range(-1, 3)),
        _western(Lunar.fromYmd(year, 1, 1).getJieQiTable()["清明"]),
        date(year, 5, 1),
        date(year, 5, 2),
        _lunar(year, 5, 5),
        _lunar(year, 8, 15),
        *(date(year, 10, day) for day in (1, 2, 3)),
    )


def _lunar(year: int, month: int, day: int) -> date:
    return _western(Lunar.fromYmd(year, month, day).getSolar())


def _western(found: Solar) -> date:
    return date(found.getYear(), found.getMonth(), found.getDay())


async def unannounced(today: date) -> list[int]:
    """This year, and from December on the next, unless its days are there. (A notice may name days of December
    before and of January after, so that a year counts by what comes later.)"""
    asked = [today.year, today.year + 1] if today.month == _DECEMBER else [today.year]
    return [year for year in asked if not await _announced(year)]


async def _announced(year: int) -> bool:
    return await Holiday.filter(day__gte=date(year, 2, 1), day__lt=date(year + 1, 1, 1)).exists()


async def remind(today: date) -> list[int]:
    """Keep a task for staff for as long as a year's days are missing; the years."""
    missing = await unannounced(today)
    async with work.unit():
        for year in (today.year, today.year + 1):
            if year not in missing:
                await staff_tasks.settle_key(f"{_TASK}{year}", actor=SYSTEM)
        for year in missing:
            await staff_tasks.add(
                TaskKind.CALENDAR, "holidays_missing", values={"year": year}, key=f"{_TASK}{year}"
            )
    return missing


async def seed(*, since: int) -> int:
    """Write what was announced from that year on; how many days are there now.

    The library knows the years announced when it was released; later ones come with its next release or are
    entered by hand. A changed announcement replaces what an older one said; what was entered by hand stays.
    """
    known = {
        **{day: (False, str(name)) for day, name in _OFF.items() if day.year >= since},
        **{day: (True, str(name)) for day, name in _WORKED.items() if day.year >= since},
    }
    async with work.unit():
        await Holiday.filter(announced=True, day__gte=date(since, 1, 1)).delete()
        rows = [
            Holiday(day=day, working=working, name=name, announced=True)
            for day, (working, name) in sorted(known.items())
        ]
        await Holiday.bulk_create(rows, ignore_conflicts=True)
    cache.forget()
    return await Holiday.all().count()


_OFF: dict[date, str] = chinese_calendar.constants.holidays
_WORKED: dict[date, str] = chinese_calendar.constants.workdays
