"""Silence is watched: reminder, reassignment, escalation, on working time."""

from datetime import date, datetime, timedelta

import pytest

from models.calendar import Holiday
from models.people import Technician
from models.tasks import StaffTask, TaskKind
from models.tickets import Category
from services import actors, cache, clock
from services.repairs import jobs
from tests.world import estate
from tests.world.estate import Estate, told
from tests.world.units import within

pytestmark = pytest.mark.usefixtures("monday")

MINUTE = timedelta(minutes=1)


def _at(text: str) -> datetime:
    return datetime.fromisoformat(f"{text}+08:00")


async def test_a_silent_technician_is_reminded_and_then_replaced(place: Estate, plumber: Technician) -> None:
    made = await estate.given_to(place, plumber)  # water: 30 minutes to accept
    other = await estate.technician(place, "乙", "water")
    await estate.run_timers(14 * MINUTE)
    assert await told(plumber.person_id or 0) == ["job.assigned"]
    await estate.run_timers(15 * MINUTE)
    assert await told(plumber.person_id or 0) == ["job.assigned", "job.reminder"]
    await estate.run_timers(30 * MINUTE)
    ticket = await estate.ticket(made)
    assert (ticket.technician_id, ticket.reassigned_count) == (other.id, 1)
    assert await told(plumber.person_id or 0) == ["job.reassigned"]
    assert (await told(place.resident.id))[-1] == "repair.dispatched"


async def test_silence_without_anybody_else_goes_to_the_supervisor_once(
    place: Estate, plumber: Technician
) -> None:
    made = await estate.given_to(place, plumber)
    for minutes in (15, 30, 45, 300):
        await estate.run_timers(minutes * MINUTE)
    assert await told(place.supervisor.id) == ["job.escalated"]
    task = await StaffTask.get(ticket_id=made.id)
    assert (task.kind, task.reason) == (TaskKind.ESCALATION, "silence")
    assert (await estate.ticket(made)).technician_id == plumber.id


async def test_after_two_silent_technicians_the_supervisor_decides(
    place: Estate, plumber: Technician
) -> None:
    made = await estate.given_to(place, plumber)
    for name in ("乙", "丙", "丁"):
        await estate.technician(place, name, "water")
    for minutes in range(0, 200, 5):
        await estate.run_timers(minutes * MINUTE)
    assert (await estate.ticket(made)).reassigned_count == 2
    assert await told(place.supervisor.id) == ["job.escalated"]


async def test_accepting_in_time_stops_the_clock_of_silence(place: Estate, plumber: Technician) -> None:
    made = await estate.given_to(place, plumber)
    await estate.run_timers(15 * MINUTE)
    await within(
        jobs.confirm(made.id, actor=actors.technician(plumber.id), eta=clock.now() + timedelta(hours=3))
    )
    await estate.run_timers(60 * MINUTE)
    assert (await estate.ticket(made)).technician_id == plumber.id


async def test_a_late_arrival_is_reminded_of_and_escalated(place: Estate, plumber: Technician) -> None:
    made = await estate.given_to(place, plumber)
    await within(
        jobs.confirm(made.id, actor=actors.technician(plumber.id), eta=clock.now() + timedelta(hours=2))
    )
    await estate.run_timers(90 * MINUTE)
    assert (await told(plumber.person_id or 0))[-1] == "job.reminder"
    await estate.run_timers(149 * MINUTE)
    assert await told(place.supervisor.id) == []
    await estate.run_timers(150 * MINUTE)
    assert (await StaffTask.get(kind=TaskKind.ESCALATION)).reason == "late"


async def test_work_on_hold_is_asked_about_on_its_day(place: Estate, plumber: Technician) -> None:
    made = await estate.arrived(place, plumber)
    until = clock.now() + timedelta(days=2)
    await within(jobs.hold(made.id, actor=actors.technician(plumber.id), reason="缺料", until=until))
    await estate.run_timers(timedelta(days=1))
    assert "job.reminder" not in await told(plumber.person_id or 0)
    await estate.run_timers(timedelta(days=2))
    assert (await told(plumber.person_id or 0))[-1] == "job.reminder"
    await estate.run_timers(timedelta(days=4))
    assert (await StaffTask.get(kind=TaskKind.ESCALATION)).reason == "held_too_long"


async def test_unfinished_work_is_escalated(place: Estate, plumber: Technician) -> None:
    await estate.arrived(place, plumber)
    await estate.run_timers(timedelta(days=3))
    assert (await told(plumber.person_id or 0))[-1] == "job.reminder"
    await estate.run_timers(timedelta(days=4))
    assert (await StaffTask.get(kind=TaskKind.ESCALATION)).reason == "unfinished"


async def test_the_clock_stands_still_over_the_holidays_and_runs_on_a_working_saturday(
    place: Estate, plumber: Technician
) -> None:
    for day in range(1, 8):
        await Holiday.create(day=date(2026, 10, day), working=False, name="国庆节")
    await Holiday.create(day=date(2026, 10, 10), working=True, name="国庆节")
    cache.forget()
    with clock.fixed(_at("2026-09-30T17:50")):
        over_the_week = await estate.given_to(place, plumber)
        assert await estate.due(over_the_week) == _at("2026-10-08T08:35")
    with clock.fixed(_at("2026-10-09T17:50")):
        over_the_night = await estate.given_to(place, plumber)
        assert await estate.due(over_the_night) == _at("2026-10-10T08:35")
    with clock.fixed(_at("2026-10-10T17:50")):
        over_sunday = await estate.given_to(place, plumber)
        assert await estate.due(over_sunday) == _at("2026-10-12T08:35")


async def test_lifts_are_watched_round_the_clock(place: Estate) -> None:
    await Category.filter(code="elevator").update(accept_minutes=10)
    cache.forget()
    mechanic = await estate.technician(place, "电梯工", "elevator")
    with clock.fixed(_at("2026-10-01T03:00")):
        made = await estate.reported(place, "elevator")
        await estate.run_timers()
        assert (await estate.ticket(made)).technician_id == mechanic.id
        assert await estate.due(made) == _at("2026-10-01T03:05")
