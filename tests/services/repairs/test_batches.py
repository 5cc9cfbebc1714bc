"""Several tickets at once, and taking all of it back before anybody was told."""

import itertools
from datetime import timedelta

import pytest

from models.community import ManagementOffice
from models.outbox import Outbox, OutboxStatus
from models.people import Role, Staff, Technician
from models.tasks import StaffTask, TaskKind
from models.tickets import DispatchMode, Ticket
from services import actors, clock, staff_tasks
from services.actors import Actor
from services.errors import Invalid, NotAllowed, NotFound
from services.repairs import batches, handling, jobs
from services.repairs.batches import Done, Together
from services.repairs.insertion import Submitted
from tests.world import estate
from tests.world.estate import Estate, told
from tests.world.units import within

pytestmark = pytest.mark.usefixtures("monday")


@pytest.fixture
async def place(database: str) -> Estate:
    found = await estate.build()
    await estate.mode("water", DispatchMode.MANUAL)
    return found


@pytest.fixture
async def plumber(place: Estate) -> Technician:
    return await estate.technician(place, "水工")


@pytest.fixture
async def clerk(place: Estate) -> Actor:
    made = await Staff.create(login="clerk", name="客服", role=Role.SERVICE, office=place.office)
    return await actors.staff(made.id)


async def _two(place: Estate) -> list[Submitted]:
    return [await estate.reported(place) for _ in range(2)]


async def _states(made: list[Submitted]) -> list[str]:
    return [(await Ticket.get(id=one.id)).status for one in made]


async def _do(made: list[Submitted], verb: Together, clerk: Actor, **more: int | bool) -> Done:
    return await within(batches.do([one.id for one in made], verb, actor=clerk, **more))


async def _row(made: Submitted) -> dict[str, object]:
    """What an undo has to bring back."""
    row = await Ticket.get(id=made.id)
    return {name: getattr(row, name) for name in Ticket._meta.db_fields}


async def test_what_is_taken_back_is_as_it_was_and_nobody_heard_of_it(
    place: Estate, plumber: Technician, clerk: Actor
) -> None:
    made = await _two(place)
    await estate.run_timers()  # manual: each is a task of staff
    before = [await _row(one) for one in made]
    done = await _do(made, Together.DISPATCH, clerk, technician_id=plumber.id)
    assert (done.count, done.refused) == (2, ())
    assert await _states(made) == ["dispatched", "dispatched"]
    assert not await StaffTask.filter(kind=TaskKind.DISPATCH, done_at=None).exists()
    due = await Outbox.filter(status=OutboxStatus.PENDING, not_before__lte=clock.now() + batches.UNDO)
    assert due == []
    assert await within(batches.undo(done.batch_id or 0, actor=clerk)) == 2
    assert [await _row(one) for one in made] == before
    assert await told(place.resident.id) == await told(plumber.person_id or 0) == []
    assert await StaffTask.filter(kind=TaskKind.DISPATCH, done_at=None).count() == 2
    with pytest.raises(NotAllowed, match="undo_too_late"):
        await within(batches.undo(done.batch_id or 0, actor=clerk))


async def test_what_is_not_taken_back_is_told(place: Estate, plumber: Technician, clerk: Actor) -> None:
    made = await _two(place)
    done = await _do(made, Together.DISPATCH, clerk, technician_id=plumber.id)
    assert (await told(plumber.person_id or 0)).count("job.assigned") == 2
    with clock.fixed(clock.now() + timedelta(minutes=1)), pytest.raises(NotAllowed, match="undo_too_late"):
        await within(batches.undo(done.batch_id or 0, actor=clerk))
    assert await _states(made) == ["dispatched", "dispatched"]


async def test_whatever_does_not_allow_it_is_named_and_left_alone(
    place: Estate, plumber: Technician, clerk: Actor
) -> None:
    first, second = await _two(place)
    await within(handling.decline(first.id, actor=clerk, reason="重复"))
    done = await _do([first, second], Together.ACCEPT, clerk)
    assert (done.count, [one.number for one in done.refused]) == (1, [first.number])
    assert await _states([first, second]) == ["declined", "accepted"]


async def test_what_a_colleague_gave_somebody_meanwhile_stays_theirs(
    place: Estate, plumber: Technician, clerk: Actor
) -> None:
    other = await estate.technician(place, "另一个")
    made = await _two(place)
    await _do(made[:1], Together.DISPATCH, clerk, technician_id=other.id)
    done = await _do(made, Together.DISPATCH, clerk, technician_id=plumber.id)
    assert [one.number for one in done.refused] == [made[0].number]
    assert (await Ticket.get(id=made[0].id)).technician_id == other.id
    again = await _do(made[:1], Together.DISPATCH, clerk, technician_id=plumber.id, reassign=True)
    assert again.count == 1


async def test_urgent_and_closed_are_taken_back_too(place: Estate, plumber: Technician, clerk: Actor) -> None:
    made = await estate.reported(place)
    done = await _do([made], Together.URGENT, clerk)
    assert (await Ticket.get(id=made.id)).urgent
    await within(batches.undo(done.batch_id or 0, actor=clerk))
    assert not (await Ticket.get(id=made.id)).urgent
    await _finish(made, plumber, clerk)
    before = await told(place.resident.id)
    assert before[-1] == "repair.finished"
    done = await _do([made], Together.CLOSE, clerk)
    assert await _states([made]) == ["closed"]
    assert "repair.finished" not in await told(place.resident.id)
    await within(batches.undo(done.batch_id or 0, actor=clerk))
    assert await _states([made]) == ["awaiting_resident"]
    assert await told(place.resident.id) == before  # they are still to be asked for stars
    assert await estate.due(made) is not None  # it closes by itself again


async def _finish(made: Submitted, plumber: Technician, clerk: Actor) -> None:
    await _do([made], Together.DISPATCH, clerk, technician_id=plumber.id)
    actor = actors.technician(plumber.id)
    await within(jobs.confirm(made.id, actor=actor, eta=clock.now() + timedelta(hours=1)))
    await within(jobs.arrive(made.id, actor=actor))
    await within(jobs.finish(made.id, actor=actor))


@pytest.mark.parametrize("verb", [Together.DISPATCH, Together.CLOSE])
async def test_a_task_that_settled_itself_is_open_again_while_time_goes_on(
    place: Estate, plumber: Technician, clerk: Actor, verb: Together, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = await estate.reported(place)
    if verb is Together.CLOSE:
        await _finish(made, plumber, clerk)
    kind = TaskKind.ESCALATION if verb is Together.CLOSE else TaskKind.DISPATCH
    await within(staff_tasks.add(kind, "late", key="one", ticket_id=made.id, community_id=place.community.id))
    begun, steps = clock.now(), itertools.count()
    monkeypatch.setattr(clock, "now", lambda: begun + timedelta(milliseconds=next(steps)))
    technician = plumber.id if verb is Together.DISPATCH else None
    done = await within(batches.do([made.id], verb, actor=clerk, technician_id=technician))
    assert (await StaffTask.get(key="one")).done_at is not None
    await within(batches.undo(done.batch_id or 0, actor=clerk))
    assert (await StaffTask.get(key="one")).done_at is None


async def test_nothing_is_taken_back_once_one_of_them_moved_on(
    place: Estate, plumber: Technician, clerk: Actor
) -> None:
    made = await _two(place)
    done = await _do(made, Together.DISPATCH, clerk, technician_id=plumber.id)
    eta = clock.now() + timedelta(hours=1)
    await within(jobs.confirm(made[1].id, actor=actors.technician(plumber.id), eta=eta))
    with pytest.raises(NotAllowed, match="undo_changed"):
        await within(batches.undo(done.batch_id or 0, actor=clerk))
    assert await _states(made) == ["dispatched", "confirmed"]


async def test_only_who_did_it_takes_it_back_and_nobody_reaches_further(
    place: Estate, plumber: Technician, clerk: Actor
) -> None:
    made = await _two(place)
    done = await _do(made, Together.ACCEPT, clerk)
    colleague = await Staff.create(login="other", name="小唐", role=Role.SERVICE, office=place.office)
    with pytest.raises(NotFound):
        await within(batches.undo(done.batch_id or 0, actor=await actors.staff(colleague.id)))
    with pytest.raises(Invalid):
        await _do([], Together.ACCEPT, clerk)
    west = await ManagementOffice.create(name="西区")
    far = await Staff.create(login="far", name="远", role=Role.SERVICE, office=west)
    assert (await _do(made, Together.URGENT, await actors.staff(far.id))).count == 0


async def test_a_task_that_somebody_did_before_stays_done(place: Estate, clerk: Actor) -> None:
    made = await estate.reported(place)
    await estate.run_timers()
    task = await StaffTask.get(ticket_id=made.id)
    await within(staff_tasks.done(task.id, actor=clerk))
    with clock.fixed(clock.now() + timedelta(minutes=5)):
        done = await _do([made], Together.URGENT, clerk)
        await within(batches.undo(done.batch_id or 0, actor=clerk))
    assert (await StaffTask.get(id=task.id)).done_at is not None
