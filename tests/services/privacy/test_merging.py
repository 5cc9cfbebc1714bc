"""Two persons that are one: chosen who stays, seen before, all of it moved and back again; never with oneself."""

import asyncio
from datetime import timedelta

import pytest

from models.community import Relation
from models.complaints import Complaint
from models.events import Event, SubjectKind
from models.outbox import Outbox
from models.people import Binding, BindingStatus, Person, Role, Technician
from models.tasks import StaffTask, TaskKind
from models.tickets import Ticket, TicketFollower
from services import actors, clock, events, outbox, staff_tasks, work
from services.actors import OPERATOR, Actor
from services.errors import Invalid, NotAllowed, NotFound
from services.estate import house_file
from services.privacy import merging
from services.repairs import holding
from tests.world import offices, places
from tests.world.offices import Town
from tests.world.units import others_wait, within

pytestmark = pytest.mark.usefixtures("monday")


@pytest.fixture
async def town(database: str) -> Town:
    return await offices.build()


@pytest.fixture
async def clerk(town: Town) -> Actor:
    return await actors.staff((await town.staff()).id)


async def _again(town: Town, *, house: int = 0) -> Person:
    """The same woman with a new phone."""
    return await places.resident(town.place.houses[house], "王芳", Relation.OWNER)


async def _verbs(person_id: int) -> list[str]:
    return [one.verb for one in await events.of(SubjectKind.PERSON, person_id)]


async def test_somebody_is_told_of_a_repair_while_they_are_merged(town: Town, clerk: Actor) -> None:
    """Whoever works on the repair does not wait for whoever waits for the repair."""
    old, new = town.place.resident, await _again(town)
    ticket_id, held = await offices.ticket(town, 0), asyncio.Event()

    async def merge() -> None:
        await held.wait()
        await within(merging.merge(new.id, old.id, actor=clerk))

    merged = asyncio.create_task(merge())
    async with work.unit():
        ticket = await holding.lock(ticket_id, actor=OPERATOR)
        held.set()
        await others_wait(1)
        await outbox.tell(ticket.reporter_id, "repair.accepted", {"number": ticket.number}, key="told")
    await merged
    assert (await Ticket.get(id=ticket_id)).reporter_id == new.id
    assert await Outbox.filter(key="told", person_id=old.id).exists()


async def test_what_belongs_to_the_one_goes_to_the_other_and_back(town: Town, clerk: Actor) -> None:
    old, new = town.place.resident, await _again(town)
    ticket, shared = await offices.ticket(town, 0), await offices.second_ticket(town, 0)
    await offices.complaint(town, 0)
    for someone in (old, new):
        await TicketFollower.create(ticket_id=shared, person=someone)
    await TicketFollower.create(ticket_id=ticket, person=old)
    plan = await merging.compare(new.id, old.id, actor=clerk)
    assert {kind: count for kind, count in plan.moves.items() if count} == {
        "tickets": 3, "followed": 1, "complaints": 1,
    }  # fmt: skip
    assert plan.home == "ends"
    assert await Ticket.filter(reporter_id=old.id).count() == 3, "comparing changes nothing"
    merge_id = await within(merging.merge(new.id, old.id, actor=clerk))
    assert await Ticket.filter(reporter_id=new.id).count() == 3
    assert await TicketFollower.filter(person=old).values_list("ticket_id", flat=True) == [shared]
    assert (await Binding.get(person=old)).status is BindingStatus.ENDED
    assert (await Binding.get(person=new)).status is BindingStatus.ACTIVE
    assert (await _verbs(new.id))[-1] == "merged" and (await _verbs(old.id))[-1] == "merged_into"
    [shown] = await merging.of(old.id, actor=clerk)
    assert (shown.other_id, shown.survives) == (new.id, False)
    await within(merging.undo(merge_id, actor=clerk))
    assert await Ticket.filter(reporter_id=old.id).count() == 3
    assert await TicketFollower.filter(person=old).count() == 2
    assert (await Binding.get(person=old)).status is BindingStatus.ACTIVE
    assert await merging.of(old.id, actor=clerk) == []
    assert (await _verbs(new.id))[-1] == (await _verbs(old.id))[-1] == "unmerged"
    counts = await Event.filter(subject_kind=SubjectKind.PERSON, subject_id=old.id).order_by("id")
    assert [one.body.get("moved", one.body.get("back")) for one in counts[-2:]] == [6, 6]
    with pytest.raises(NotAllowed, match="too_late"):
        await within(merging.undo(merge_id, actor=clerk))


async def test_complaints_about_who_compares_and_nameless_ones_are_moved_but_not_counted(
    town: Town, clerk: Actor
) -> None:
    old, new = town.place.resident, await _again(town)
    about, nameless = await offices.complaint(town, 0), await offices.complaint(town, 0)
    await Complaint.filter(id=about).update(about_staff_id=clerk.staff_id)
    await Complaint.filter(id=nameless).update(anonymous=True)
    hidden = staff_tasks.hiding({clerk.staff_id or 0})
    task = staff_tasks.add(TaskKind.LEFT_MESSAGE, "left_message", key="k", person_id=old.id, values=hidden)
    await within(task)
    plan = await merging.compare(new.id, old.id, actor=clerk)
    assert (plan.moves["complaints"], plan.moves["tasks"]) == (0, 0)
    await within(merging.merge(new.id, old.id, actor=clerk))
    assert await Complaint.filter(person_id=new.id).count() == 2
    assert await StaffTask.filter(person_id=new.id).count() == 1


async def test_who_stays_without_a_house_gets_that_of_the_other(town: Town, clerk: Actor) -> None:
    old, new = town.place.resident, await places.person("王芳")
    assert (await merging.compare(new.id, old.id, actor=clerk)).home == "moves"
    merge_id = await within(merging.merge(new.id, old.id, actor=clerk))
    assert (await Binding.get()).person_id == new.id
    far = await actors.staff((await town.staff(far=True)).id)
    for person_id in (old.id, new.id):  # still of the office that it was of
        with pytest.raises(NotFound):
            await house_file.of_person(person_id, actor=far)
    await within(merging.undo(merge_id, actor=clerk))
    assert (await Binding.get()).person_id == old.id


async def test_after_a_day_it_stays(town: Town, clerk: Actor) -> None:
    merge_id = await within(merging.merge((await _again(town)).id, town.place.resident.id, actor=clerk))
    with clock.fixed(clock.now() + merging.UNDO + timedelta(minutes=1)):
        [shown] = await merging.of(town.place.resident.id, actor=clerk)
        assert shown.undo_until is None
        with pytest.raises(NotAllowed, match="too_late"):
            await within(merging.undo(merge_id, actor=clerk))


async def test_nobody_is_merged_with_themselves_twice_or_out_of_the_staff(town: Town, clerk: Actor) -> None:
    mine, other = town.place.resident.id, (await _again(town)).id
    with pytest.raises(Invalid, match="same"):
        await within(merging.merge(mine, mine, actor=clerk))
    await Technician.create(
        name="水工", phone="1", office=town.place.office, person_id=other, invite="t:x", communities=[]
    )
    with pytest.raises(NotAllowed, match="staff"):
        await within(merging.merge(mine, other, actor=clerk))
    await Technician.all().update(active=False)
    await within(merging.merge(mine, other, actor=clerk))
    for pair in ((mine, other), (other, mine)):
        with pytest.raises(NotAllowed, match="already"):
            await within(merging.merge(*pair, actor=clerk))


async def test_only_within_the_own_office_and_by_whose_work_it_is(town: Town, clerk: Actor) -> None:
    mine, other = town.place.resident.id, (await _again(town)).id
    for who in (await town.staff(far=True), await town.staff(Role.LEADER)):
        with pytest.raises((NotFound, NotAllowed)):
            await within(merging.merge(mine, other, actor=await actors.staff(who.id)))
    assert await Person.all().count() >= 2 and await _verbs(mine) == []


async def test_who_may_be_the_same_is_offered(town: Town, clerk: Actor) -> None:
    same_house, same_phone = await _again(town), await _again(town, house=1)
    await Binding.filter(person=same_phone).update(phone="13800000001", name="王小芳")
    await places.resident(town.place.houses[2], "李强")
    found = {one.id for one in await merging.alike(town.place.resident.id, actor=clerk)}
    assert found == {same_house.id, same_phone.id}
