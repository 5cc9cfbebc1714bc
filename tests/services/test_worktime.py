"""Working hours over nights, weekends, holidays and working weekends."""

from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

import settings
from services import cache, clock, worktime
from services.policy import periods
from services.worktime import Hours, told
from settings import Company

# 国庆 2026: off from Thursday 1 October to Wednesday the 7th; Saturday the 10th is worked for it.
NATIONAL = {date(2026, 10, day): False for day in range(1, 8)} | {date(2026, 10, 10): True}
OFFICE = Hours([(time(8, 30), time(18))], (1, 2, 3, 4, 5), NATIONAL)


# Any second of the four weeks around it.
moments = st.integers(0, 28 * 86400).map(
    lambda seconds: datetime(2026, 9, 25, tzinfo=UTC) + timedelta(seconds=seconds)
)


def at(text: str) -> datetime:
    return datetime.fromisoformat(f"{text}+08:00")


@pytest.mark.parametrize(
    ("start", "minutes", "end"),
    [
        ("2026-11-23T10:00", 60, "2026-11-23T11:00"),
        ("2026-11-23T17:30", 60, "2026-11-24T09:00"),  # over the night
        ("2026-11-20T17:30", 60, "2026-11-23T09:00"),  # over the weekend
        ("2026-11-21T12:00", 30, "2026-11-23T09:00"),  # begun on a Saturday
        ("2026-11-23T06:00", 30, "2026-11-23T09:00"),  # begun before opening
        ("2026-09-30T17:30", 60, "2026-10-08T09:00"),  # over the holiday week
        ("2026-10-09T17:30", 60, "2026-10-10T09:00"),  # the Saturday is worked
        ("2026-10-10T17:30", 60, "2026-10-12T09:00"),  # the Sunday after is not
        ("2026-11-23T17:00", 60, "2026-11-23T18:00"),  # ends with the day, not on the next
        ("2026-11-23T08:30", 570 * 2 + 1, "2026-11-25T08:31"),
    ],
)
def test_minutes_count_only_while_people_work(start: str, minutes: int, end: str) -> None:
    assert OFFICE.add(at(start), minutes) == at(end)


@given(moments, st.integers(0, 2000))
def test_between_is_what_was_added(moment: datetime, minutes: int) -> None:
    assert OFFICE.between(moment, OFFICE.add(moment, minutes)) == timedelta(minutes=minutes)


def test_nothing_lies_between_a_moment_and_an_earlier_one() -> None:
    assert OFFICE.between(at("2026-11-23T11:00"), at("2026-11-23T10:00")) == timedelta()


def test_working_days_back_leave_out_what_is_not_worked() -> None:
    assert OFFICE.days_before(at("2026-11-23T10:00"), 2) == at("2026-11-19T10:00")  # over the weekend
    assert OFFICE.days_before(at("2026-10-12T10:00"), 2) == at("2026-10-09T10:00")  # the Saturday was worked


def test_the_answer_is_in_the_zone_of_the_question() -> None:
    assert OFFICE.add(at("2026-11-23T10:00").astimezone(UTC), 30).tzinfo is UTC


@pytest.mark.parametrize(
    ("moment", "is_open"),
    [
        ("2026-11-23T08:29", False),
        ("2026-11-23T08:30", True),
        ("2026-11-23T18:00", False),
        ("2026-10-01T10:00", False),
        ("2026-10-10T10:00", True),
        ("2026-10-11T10:00", False),
    ],
)
def test_open_hours(moment: str, is_open: bool) -> None:
    assert OFFICE.is_open(at(moment)) is is_open


def test_the_next_opening_after_the_last_evening_before_a_holiday() -> None:
    assert OFFICE.next_open(at("2026-09-30T18:00")) == at("2026-10-08T08:30")
    assert OFFICE.next_open(at("2026-11-23T12:00")) == at("2026-11-23T12:00")


@given(moments, st.integers(0, 3000), st.integers(0, 3000))
def test_adding_in_two_steps_is_adding_once(moment: datetime, one: int, other: int) -> None:
    assert OFFICE.add(OFFICE.add(moment, one), other) == OFFICE.add(moment, one + other)


@given(moments, st.integers(1, 3000))
def test_the_end_lies_in_working_time(moment: datetime, minutes: int) -> None:
    local = clock.local(OFFICE.add(moment, minutes))
    assert OFFICE.worked(local.date())
    [(opens, closes)] = OFFICE.periods
    assert opens < local.time() <= closes


def test_hours_are_read_as_the_settings_write_them() -> None:
    assert periods("08:30-18:00") == ((time(8, 30), time(18)),)
    assert periods("08:30-12:00, 13:30-18:00") == ((time(8, 30), time(12)), (time(13, 30), time(18)))


BROKEN = Hours(periods("08:30-12:00, 13:30-18:00"), (1, 2, 3, 4, 5))


@pytest.mark.parametrize(
    ("start", "minutes", "end"),
    [
        ("2026-11-23T11:30", 60, "2026-11-23T14:00"),  # over the noon break
        ("2026-11-23T12:30", 10, "2026-11-23T13:40"),  # begun in it
        ("2026-11-23T11:30", 30, "2026-11-23T12:00"),  # ends with the morning
        ("2026-11-20T17:30", 60, "2026-11-23T09:00"),
    ],
)
def test_a_day_of_two_periods(start: str, minutes: int, end: str) -> None:
    assert BROKEN.add(at(start), minutes) == at(end)


def test_nobody_answers_in_the_break() -> None:
    assert not BROKEN.is_open(at("2026-11-23T12:30"))
    assert BROKEN.next_open(at("2026-11-23T12:30")) == at("2026-11-23T13:30")
    assert told(BROKEN.periods) == "08:30-12:00、13:30-18:00"


@pytest.mark.usefixtures("database")
@pytest.mark.parametrize(
    ("quiet", "moment", "until"),
    [
        ("21:30-08:00", "2026-11-23T21:29", "2026-11-23T21:29"),
        ("21:30-08:00", "2026-11-23T21:30", "2026-11-24T08:00"),
        ("21:30-08:00", "2026-11-24T00:00", "2026-11-24T08:00"),
        ("21:30-08:00", "2026-11-24T07:59", "2026-11-24T08:00"),
        ("21:30-08:00", "2026-11-24T08:00", "2026-11-24T08:00"),
        ("12:00-14:00", "2026-11-23T13:00", "2026-11-23T14:00"),
        ("12:00-14:00", "2026-11-23T21:30", "2026-11-23T21:30"),
        ("", "2026-11-23T23:00", "2026-11-23T23:00"),
    ],
)
async def test_what_can_wait_waits_until_the_quiet_hours_are_over(
    quiet: str, moment: str, until: str
) -> None:
    settings.use(settings.load().model_copy(update={"company": _company(quiet)}))
    cache.forget()
    assert await worktime.after_quiet(at(moment)) == at(until)


def _company(quiet: str) -> Company:
    return settings.load().company.model_copy(update={"quiet_hours": quiet})
