"""Staff decide on repairs from the command line."""

import argparse
from collections.abc import Sequence
from datetime import timedelta

import pytest

from commands import StartError, repair
from models.events import SubjectKind
from models.people import Role, Staff, Technician
from services import actors, clock, events
from services.errors import Invalid, NotAllowed
from services.repairs import jobs
from services.repairs.insertion import Submitted
from tests.world import estate
from tests.world.estate import Estate, told
from tests.world.units import within

pytestmark = pytest.mark.usefixtures("monday")


@pytest.fixture
async def place(database: str) -> Estate:
    built = await estate.build()
    await Staff.create(login="xu", name="客服小徐", role=Role.SERVICE, office=built.office)
    return built


@pytest.fixture
async def plumber(place: Estate) -> Technician:
    return await estate.technician(place, "水工", "water")


def _parsed(words: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser()
    repair.register(parser.add_subparsers())
    return parser.parse_args(["repair", *words])


async def _decides(made: Submitted, *words: str) -> str:
    """What the ticket is after the command."""
    await within(repair.decide(_parsed([made.number.lower(), *words, "--by", "xu"])))
    return (await estate.ticket(made)).status


async def test_a_report_is_taken_on_or_declined(place: Estate) -> None:
    made = await estate.reported(place)
    assert await _decides(made, "--accept") == "accepted"
    with pytest.raises(Invalid, match="reason_needed"):
        await _decides(made, "--decline", " ")
    assert await _decides(made, "--decline", "不属物业范围") == "declined"
    [declined] = await events.of(SubjectKind.TICKET, made.id, verbs=("decline",))
    assert (declined.actor_id, declined.note) == ((await Staff.get(login="xu")).id, "不属物业范围")
    with pytest.raises(NotAllowed, match="not_now"):
        await _decides(made, "--cancel", "住户来电")


async def test_one_fault_reported_twice_becomes_one(place: Estate) -> None:
    first, second = await estate.reported(place), await estate.reported(place)
    assert await _decides(second, "--into", first.number) == "duplicate"
    assert await _decides(second, "--apart") == "submitted"
    with pytest.raises(StartError, match="no ticket BX99"):
        await _decides(first, "--into", "BX99")


async def test_other_times_are_told_to_both(place: Estate, plumber: Technician) -> None:
    made = await estate.given_to(place, plumber)
    assert await _decides(made, "--appointment", "2026-11-24T14:00", "2026-11-24T16:00") == "dispatched"
    start = (await estate.ticket(made)).appointment_start
    assert start is not None
    assert clock.local(start).isoformat() == "2026-11-24T14:00:00+08:00"
    promised = clock.now() + timedelta(hours=1)
    await within(jobs.confirm(made.id, actor=actors.technician(plumber.id), eta=promised))
    assert await _decides(made, "--eta", "2026-11-24T15:00") == "confirmed"
    assert (await told(place.resident.id))[-1] == "repair.confirmed"
    assert (await told(plumber.person_id or 0))[-1] == "job.rescheduled"


async def test_finished_work_is_closed_and_reopened(place: Estate, plumber: Technician) -> None:
    made = await estate.finished(place, plumber)
    assert await _decides(made, "--close") == "closed"
    assert await _decides(made, "--reopen", "住户来电说还漏") == "in_progress"
    assert (await told(plumber.person_id or 0))[-1] == "job.reopened"


async def test_what_waited_is_dispatched_again(place: Estate) -> None:
    made = await estate.reported(place)
    await estate.run_timers()
    helper = await estate.technician(place, "新来的", "water")
    assert await _decides(made, "--look") == "accepted"
    await estate.run_timers()
    assert (await estate.ticket(made)).technician_id == helper.id


@pytest.mark.parametrize("words", [("--eta", "下午"), (), ("--accept", "--close")])
def test_what_cannot_be_meant_is_refused(words: Sequence[str]) -> None:
    with pytest.raises(SystemExit):
        _parsed(["BX10016", *words])
