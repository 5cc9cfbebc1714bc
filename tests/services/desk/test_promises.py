"""What staff promise: it rings when it is due, colleagues of the field see to it, and every end is recorded."""

from datetime import timedelta

import pytest

from models.complaints import Complaint
from models.events import SubjectKind
from models.outbox import Outbox
from models.people import Person, Role, Staff
from models.promises import Promise, PromiseStatus
from models.tasks import StaffTask, TaskKind
from services import actors, clock, events
from services.cases import complaint_course
from services.desk import last_shift, promised_in, promises, shifts, tasks
from services.desk.promised_in import Matter
from services.errors import Invalid, MayNot, NotFound
from tests.services.desk.conftest import Desk
from tests.world import estate, offices
from tests.world.estate import run_timers
from tests.world.units import within

pytestmark = pytest.mark.usefixtures("monday")

HOUR = timedelta(hours=1)


async def _made(desk: Desk, text: str = "下午给您回电话", key: str = "k1") -> int:
    matter = Matter(SubjectKind.CONVERSATION, desk.talk_id, "m1")
    return await within(promises.make(matter, text, clock.now() + HOUR, key=key, actor=desk.clerk))


async def _rings() -> list[StaffTask]:
    return await StaffTask.filter(kind=TaskKind.PROMISE, done_at=None)


async def test_a_promise_rings_when_it_is_due_and_not_before(desk: Desk) -> None:
    me = await Person.create(channel_id="o_clerk")
    await Staff.filter(id=desk.clerk.staff_id).update(person_id=me.id)
    made = await _made(desk)
    await run_timers(timedelta(minutes=59))
    assert await _rings() == []
    with clock.fixed(clock.now() + HOUR):
        await run_timers()
        [line] = await promises.mine(actor=desk.clerk)
    [task] = await _rings()
    assert (line.id, line.due, line.house, line.entry) == (made, True, "5-1-1203", "m1")
    assert (task.values["text"], task.field, task.reason) == ("下午给您回电话", "talks", "promise")
    [told] = await Outbox.filter(person_id=me.id)
    assert told.payload["phrase"] == "staff.promise_due"


async def test_promising_twice_with_one_key_promises_once(desk: Desk) -> None:
    assert await _made(desk) == await _made(desk)
    assert await Promise.all().count() == 1


async def test_a_moved_promise_rings_at_its_new_time_alone(desk: Desk) -> None:
    made = await _made(desk)
    await run_timers(HOUR)
    later = clock.now() + 5 * HOUR
    await within(promises.move(made, later, actor=desk.clerk))
    assert await _rings() == []
    await run_timers(4 * HOUR)
    assert await _rings() == []
    await run_timers(5 * HOUR)
    assert len(await _rings()) == 1


@pytest.mark.parametrize("how", ["kept", "given_up"])
async def test_what_is_ended_rings_no_more_and_says_how(desk: Desk, how: str) -> None:
    made = await _made(desk)
    await run_timers(HOUR)
    if how == "kept":
        await within(promises.keep(made, actor=desk.other))  # a colleague of the same field
    else:
        with pytest.raises(Invalid, match="reason_needed"):
            await within(promises.give_up(made, " ", actor=desk.clerk))
        await within(promises.give_up(made, "配件停产了", actor=desk.clerk))
    assert await _rings() == []
    assert (await Promise.get(id=made)).status == PromiseStatus(how)
    assert [one.verb for one in await events.of(SubjectKind.PROMISE, made)] == ["made", "due", how]
    with pytest.raises(NotFound):
        await within(promises.keep(made, actor=desk.clerk))


async def test_the_talk_tells_what_was_promised_in_it(desk: Desk) -> None:
    await _made(desk)
    assert [one.verb for one in await events.of(SubjectKind.CONVERSATION, desk.talk_id)] == ["promised"]


@pytest.mark.parametrize(
    ("text", "span", "wrong"),
    [
        ("", HOUR, "empty"),
        ("回电", -HOUR, "past"),
        ("回电", timedelta(days=400), "too_far"),
        ("字" * 201, HOUR, "long"),
    ],
)
async def test_what_is_no_promise_is_refused(desk: Desk, text: str, span: timedelta, wrong: str) -> None:
    matter = Matter(SubjectKind.CONVERSATION, desk.talk_id)
    with pytest.raises(Invalid, match=wrong):
        await within(promises.make(matter, text, clock.now() + span, key="k", actor=desk.clerk))


async def test_the_next_shift_reads_what_was_left_and_promised(desk: Desk) -> None:
    await desk.taken()
    await desk.hears("什么时候来")
    made = await _made(desk)
    await within(shifts.leave(actor=desk.clerk))
    [sheet] = await last_shift.sheets(actor=desk.other)
    assert ([one.id for one in sheet.talks], [one.id for one in sheet.promises]) == ([desk.talk_id], [made])
    assert await last_shift.sheets(actor=desk.clerk) == []  # one's own is no news
    with clock.fixed(clock.now() + timedelta(hours=21)):
        assert await last_shift.sheets(actor=desk.other) == []


async def test_whose_shift_ended_by_itself_leaves_a_sheet_too(desk: Desk) -> None:
    await desk.taken()
    made = await _made(desk)
    await Staff.filter(id=desk.clerk.staff_id).update(duty_until=clock.now())
    await within(shifts.end_due(desk.clerk.staff_id or 0, actor=desk.other))
    [sheet] = await last_shift.sheets(actor=desk.other)
    assert (sheet.expired, [one.id for one in sheet.promises]) == (True, [made])


async def test_a_promise_stays_within_office_field_and_away_from_the_accused(database: str) -> None:
    town = await offices.build()
    clerk, accused = [await town.staff(), await town.staff()]
    complaint = await offices.complaint(town, clerk.id)
    await Complaint.filter(id=complaint).update(about_staff_id=accused.id)
    matter, me = Matter(SubjectKind.COMPLAINT, complaint), await actors.staff(clerk.id)
    made = await within(promises.make(matter, "周五前答复", clock.now() + HOUR, key="k", actor=me))
    await run_timers(HOUR)
    [task] = await _rings()
    assert task.field == "complaints"
    for who in (accused, await town.staff(far=True), await Staff.get(login="boss")):
        other = await actors.staff(who.id)
        assert await promises.by_id([made], actor=other) == []
        with pytest.raises(NotFound):
            await within(promises.keep(made, actor=other))
    with pytest.raises(NotFound):
        await within(
            promises.make(matter, "回话", clock.now() + HOUR, key="x", actor=await actors.staff(accused.id))
        )
    leader = await actors.staff((await town.staff(Role.LEADER)).id)
    assert [one.id for one in await promises.by_id([made], actor=leader)] == [made]
    await within(complaint_course.point_out(complaint, staff_id=clerk.id, actor=me))
    assert [await promises.mine(actor=me), await tasks.waiting(actor=me)] == [[], []]
    with pytest.raises(MayNot):
        await within(promises.keep(made, actor=leader))


async def test_whoever_leads_promises_in_a_complaint_that_no_clerk_may_have(database: str) -> None:
    town = await offices.build()
    clerk, boss = await town.staff(), await town.staff(Role.LEADER)
    complaint, leader = await offices.complaint(town, clerk.id), await actors.staff(boss.id)
    matter = Matter(SubjectKind.COMPLAINT, complaint)
    assert not await promised_in.may(matter, actor=leader)
    with pytest.raises(MayNot):
        await within(promises.make(matter, "当面道歉", clock.now() + HOUR, key="k", actor=leader))
    await Complaint.filter(id=complaint).update(about_staff_id=clerk.id)
    assert await promised_in.may(matter, actor=leader)
    made = await within(promises.make(matter, "当面道歉", clock.now() + HOUR, key="k", actor=leader))
    await run_timers(HOUR)
    assert [one.kind for one in await tasks.waiting(actor=leader)] == [TaskKind.PROMISE]
    await within(promises.keep(made, actor=leader))
    assert await tasks.waiting(actor=leader) == []


async def test_chips_lie_ahead_whenever_they_are_offered(database: str) -> None:
    assert [one.name for one in await promises.chips()] == ["closing", "morning"]
    for hours in range(24):
        with clock.fixed(estate.MONDAY_10 + timedelta(hours=hours, minutes=45)):
            found = await promises.chips()
            assert all(one.at > clock.now() for one in found)
            assert found[-1].name == "morning"
