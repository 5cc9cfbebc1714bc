"""Which days are off: what was announced, what the law fixes, and who is told when a year is missing."""

import importlib
from datetime import date, datetime, time

import pytest

from models.calendar import Holiday
from models.tasks import StaffTask, TaskKind
from services import cache, clock, holidays, worktime
from tests.services.imports.sheets import load

pytestmark = pytest.mark.usefixtures("database")


def at(text: str) -> datetime:
    return datetime.fromisoformat(f"{text}+08:00")


@pytest.mark.parametrize(
    ("year", "off"),
    [
        (2027, "01-01 02-05 02-06 02-07 02-08 04-05 05-01 05-02 06-09 09-15 10-01 10-02 10-03"),
        (2028, "01-01 01-25 01-26 01-27 01-28 04-04 05-01 05-02 05-28 10-03 10-01 10-02 10-03"),
        (2033, "01-01 01-30 01-31 02-01 02-02 04-04 05-01 05-02 06-01 09-08 10-01 10-02 10-03"),
    ],
)
def test_the_law_fixes_thirteen_days(year: int, off: str) -> None:
    assert [f"{day:%m-%d}" for day in holidays.by_law(year)] == off.split()


@pytest.mark.parametrize(
    ("start", "minutes", "end"),
    [
        ("2026-12-31T17:00", 120, "2027-01-02T09:30"),
        ("2027-02-04T17:30", 60, "2027-02-09T09:00"),
        ("2027-10-01T10:00", 30, "2027-10-04T09:00"),
        ("2028-01-24T17:30", 60, "2028-01-29T09:00"),
    ],
)
async def test_deadlines_pass_over_what_the_law_fixes_before_anything_is_announced(
    start: str, minutes: int, end: str
) -> None:
    cache.forget()
    with clock.fixed(at("2026-12-31T12:00")):
        hours = await worktime.of_repairs()
    every_day = worktime.Hours([(time(8, 30), time(18))], special=hours.special)
    assert every_day.add(at(start), minutes) == at(end)


async def test_what_was_announced_counts_before_the_law() -> None:
    await Holiday.create(day=date(2027, 1, 1), working=True, announced=True)
    await Holiday.create(day=date(2027, 1, 3), working=False, announced=True)
    special = await holidays.special(date(2026, 12, 1))
    assert special[date(2027, 1, 1)] and not special[date(2027, 1, 3)] and not special[date(2027, 5, 1)]


async def test_a_changed_announcement_replaces_the_older_one_and_leaves_what_was_entered_by_hand() -> None:
    await Holiday.create(day=date(2026, 2, 13), working=False, name="Spring Festival", announced=True)
    await Holiday.create(day=date(2026, 10, 10), working=False, name="National Day", announced=True)
    await load("holidays", "日期 | 上班 | 名称\n2026-10-09 | 是 | 总公司值班\n2026-10-01 | 是 | 值班")
    await holidays.seed(since=2026)
    assert not await Holiday.exists(day=date(2026, 2, 13))
    assert (await Holiday.get(day=date(2026, 10, 10))).working
    assert (await Holiday.get(day=date(2026, 10, 9))).working and (
        await Holiday.get(day=date(2026, 10, 1))
    ).working
    before = await Holiday.all().count()
    assert await holidays.seed(since=2026) == before


async def test_rows_of_older_versions_are_known_by_the_names_of_the_library() -> None:
    await Holiday.create(day=date(2026, 1, 1), working=False, name="New Year's Day")
    await Holiday.create(day=date(2026, 1, 2), working=False, name="元旦")
    await Holiday.create(day=date(2026, 1, 3), working=False)
    migration = importlib.import_module("models.migrations.0006_announced_holidays")
    await Holiday._meta.db.execute_query(migration.MARK)
    assert await Holiday.filter(announced=True).values_list("day", flat=True) == [date(2026, 1, 1)]


async def test_a_year_without_its_days_is_said_from_december_on() -> None:
    await holidays.seed(since=2026)
    await Holiday.create(day=date(2027, 1, 1), working=False)  # of the notice of 2026, or a first day alone
    assert await holidays.unannounced(date(2026, 11, 30)) == []
    assert await holidays.unannounced(date(2026, 12, 1)) == [2027]
    assert await holidays.unannounced(date(2027, 3, 1)) == [2027]


async def test_staff_have_a_task_until_the_days_are_there() -> None:
    await holidays.seed(since=2026)
    for _ in range(2):
        assert await holidays.remind(date(2026, 12, 1)) == [2027]
    task = await StaffTask.get(kind=TaskKind.CALENDAR)
    assert task.values == {"year": 2027} and task.done_at is None
    await load("holidays", "日期 | 上班 | 名称\n2027-02-17 | 否 | 春节")
    assert await holidays.remind(date(2026, 12, 2)) == []
    await task.refresh_from_db()
    assert task.done_at
