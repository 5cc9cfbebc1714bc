"""The three clocks of a ticket: each its own deadline and state, pauses left out, office hours with breaks."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from models.people import Role, Staff
from models.policies import PolicyValue
from models.tickets import Category
from services import actors, cache, clock
from services.actors import Actor
from services.repairs import clocks, corrections, dispatch, handling, jobs, reporting
from services.repairs.clocks import Clock, ClockKind
from services.repairs.insertion import Submitted
from services.running_clocks import ClockState
from tests.world import estate
from tests.world.estate import MONDAY_10, Estate
from tests.world.units import within

pytestmark = pytest.mark.usefixtures("monday")

HOUR = timedelta(hours=1)


@pytest.fixture
async def place(database: str) -> Estate:
    """Office hours from half past eight to twelve and from half past one to six."""
    found = await estate.build()
    hours = [["08:30", "12:00"], ["13:30", "18:00"]]
    await PolicyValue.create(key="working_hours", value=hours)
    await Category.filter(code="water").update(accept_minutes=60, arrive_minutes=240, finish_minutes=150)
    cache.forget()
    return found


@pytest.fixture
async def clerk(place: Estate) -> Actor:
    return await actors.staff((await Staff.create(login="clerk", name="客服", role=Role.SERVICE)).id)


async def _read(made: Submitted) -> dict[ClockKind, Clock]:
    return {one.kind: one for one in clocks.of(clocks.times(await estate.ticket(made)))}


def _at(hours: float) -> datetime:
    return MONDAY_10 + timedelta(hours=hours)


async def test_a_new_report_has_to_be_answered_and_come_to_by_working_hours(place: Estate) -> None:
    found = await _read(await estate.reported(place))
    assert set(found) == {ClockKind.RESPOND, ClockKind.ARRIVE}
    assert found[ClockKind.RESPOND].by == _at(1)
    assert found[ClockKind.ARRIVE].by == _at(5.5)  # four hours of work, with the break of noon between them


SATURDAY_10 = MONDAY_10 + timedelta(days=5)


async def test_nobody_is_to_be_answered_after_somebody_has_to_be_there(place: Estate, clerk: Actor) -> None:
    """The office is shut on the day of the visit: whoever comes has to be found before it."""
    plumber = await estate.technician(place, "水工", "water")
    evening, monday, visit = _at(4 * 24 + 9), _at(7 * 24 - 1.5), SATURDAY_10 + HOUR
    with clock.fixed(evening):
        made = await estate.reported(place)
        assert (await _read(made))[ClockKind.RESPOND].by == monday + HOUR
        await within(corrections.reschedule(made.id, SATURDAY_10, visit, actor=clerk))
        told = await within(corrections.as_reported(made.id, actor=clerk))
        second = await within(reporting.submit(told, actor=clerk))
        await within(corrections.correct(made.id, replace(told, category_code="electric"), actor=clerk))
        for one in (made, second):
            found = await _read(one)
            assert found[ClockKind.RESPOND].by == found[ClockKind.ARRIVE].by == visit
        await within(dispatch.assign(second.id, technician_id=plumber.id, actor=clerk))
        reminded = await estate.due(second)
        assert reminded is not None
        assert evening < reminded < visit
        await within(corrections.reschedule(made.id, monday + 48 * HOUR, actor=clerk))
        assert (await _read(made))[ClockKind.RESPOND].by == monday + HOUR / 2  # there is time again


async def test_each_clock_has_its_own_state(place: Estate) -> None:
    made = await estate.reported(place)
    with clock.fixed(_at(0.8)):
        found = await _read(made)
        assert [found[kind].state for kind in (ClockKind.RESPOND, ClockKind.ARRIVE)] == ["soon", "ok"]
    with clock.fixed(_at(2)):
        found = await _read(made)
        assert (found[ClockKind.RESPOND].state, found[ClockKind.RESPOND].span) == ("late", HOUR)
        assert found[ClockKind.ARRIVE].state == "ok"
        assert clocks.worst(list(found.values())) == found[ClockKind.RESPOND]


async def test_the_first_answer_stays_the_first_when_another_comes_later(place: Estate) -> None:
    first, second = await estate.technician(place, "水工"), await estate.technician(place, "另一个")
    made = await estate.given_to(place, first)
    with clock.fixed(_at(0.5)):
        await within(jobs.confirm(made.id, actor=actors.technician(first.id), eta=_at(2)))
        await within(jobs.refuse(made.id, actor=actors.technician(first.id), reason="车坏了"))
        await estate.run_timers()
    with clock.fixed(_at(3)):
        await within(jobs.confirm(made.id, actor=actors.technician(second.id), eta=_at(4)))
        found = await _read(made)
    assert (found[ClockKind.RESPOND].state, found[ClockKind.RESPOND].span) == ("done", HOUR / 2)
    assert not found[ClockKind.RESPOND].late
    assert found[ClockKind.ARRIVE].by == _at(4)


async def test_a_pause_stops_the_work_and_leaves_as_much_time_as_there_was(
    place: Estate, clerk: Actor
) -> None:
    plumber = await estate.technician(place, "水工")
    made = await estate.arrived(place, plumber)
    assert (await _read(made))[ClockKind.FINISH].by == _at(
        4
    )  # two hours and a half of work, the break between them
    with clock.fixed(_at(1)):
        await within(handling.hold(made.id, actor=clerk, reason="等配件"))
    with clock.fixed(_at(72)):
        paused = (await _read(made))[ClockKind.FINISH]
        assert (paused.state, paused.span) == (ClockState.PAUSED, _at(4) - _at(1))
        await within(handling.resume(made.id, actor=clerk))
        assert (await _read(made))[ClockKind.FINISH].by == _at(73.5)  # as much work as was left
        await within(jobs.finish(made.id, actor=actors.technician(plumber.id)))
        done = (await _read(made))[ClockKind.FINISH]
    assert (done.state, done.late) == (ClockState.DONE, False)


async def test_a_pause_is_late_once_the_day_to_go_on_has_come(place: Estate, clerk: Actor) -> None:
    made = await estate.arrived(place, await estate.technician(place, "水工"))
    await within(handling.hold(made.id, actor=clerk, reason="等配件", until=_at(24)))
    with clock.fixed(_at(26)):
        late = (await _read(made))[ClockKind.FINISH]
    assert (late.state, late.span) == (ClockState.LATE, 2 * HOUR)


async def test_another_appointment_is_another_time_to_come(place: Estate, clerk: Actor) -> None:
    made = await estate.reported(place)
    await within(corrections.reschedule(made.id, _at(26), _at(28), actor=clerk))
    assert (await _read(made))[ClockKind.ARRIVE].by == _at(28)


async def test_whoever_takes_over_begins_the_work_anew(place: Estate, clerk: Actor) -> None:
    first, second = await estate.technician(place, "水工"), await estate.technician(place, "另一个")
    made = await estate.arrived(place, first)
    await within(dispatch.assign(made.id, technician_id=second.id, actor=clerk))
    assert ClockKind.FINISH not in await _read(made)
    with clock.fixed(_at(4)):
        await within(jobs.arrive(made.id, actor=actors.technician(second.id)))
        assert (await _read(made))[ClockKind.FINISH].by == _at(6.5)


async def test_what_ended_has_no_clock_that_runs(place: Estate, clerk: Actor) -> None:
    made = await estate.reported(place)
    await within(handling.decline(made.id, actor=clerk, reason="不归物业"))
    assert await _read(made) == {}
