"""批示: written by who leads, seen at once by whose work it is, acknowledged by them alone."""

from collections.abc import Awaitable, Callable

import pytest

from models.complaints import ComplaintKind
from models.events import SubjectKind
from models.outbox import Outbox
from models.people import Role, Staff
from models.tasks import StaffTask, TaskKind
from services import actors, events, staff_tasks
from services.actors import Actor
from services.cases import complaint_course, complaint_desk, complaints, instructions
from services.cases.instructions import Line
from services.desk import stream, tasks
from services.errors import Invalid, MayNot, NotAllowed, NotFound
from tests.world import offices, places
from tests.world.offices import Town
from tests.world.units import within

pytestmark = pytest.mark.usefixtures("monday")

MATTERS: dict[SubjectKind, Callable[[Town, int], Awaitable[int]]] = {
    SubjectKind.TICKET: offices.ticket,
    SubjectKind.COMPLAINT: offices.complaint,
    SubjectKind.REQUEST: offices.request,
    SubjectKind.CONVERSATION: offices.talk,
}


@pytest.fixture
async def town(database: str) -> Town:
    return await offices.build()


@pytest.fixture
async def leader(town: Town) -> Actor:
    return await actors.staff((await town.staff(Role.LEADER)).id)


@pytest.fixture
async def clerk(town: Town) -> Actor:
    return await actors.staff((await town.staff()).id)


async def _lines(kind: SubjectKind, subject: int, actor: Actor) -> list[Line]:
    return await instructions.of(kind, subject, actor=actor)


@pytest.mark.parametrize("kind", MATTERS)
async def test_it_stands_on_the_sheet_and_on_the_list_until_it_is_acknowledged(
    town: Town, leader: Actor, clerk: Actor, kind: SubjectKind
) -> None:
    subject = await MATTERS[kind](town, clerk.id)
    made = await within(instructions.instruct(kind, subject, "今天办完", actor=leader))
    [line] = await _lines(kind, subject, clerk)
    assert (line.text, line.acknowledged_by, line.mine) == ("今天办完", "", True)
    assert not (await _lines(kind, subject, leader))[0].mine
    [task] = [one for one in await tasks.waiting(actor=clerk) if one.reason == "instruction"]
    assert task.values["text"] == "今天办完" and str(task.values["label"])
    await within(instructions.acknowledge(made, actor=clerk))
    [line] = (await instructions.listed(actor=leader, waiting=False)).rows
    assert line.acknowledged_by == "小徐" and line.acknowledged_at is not None
    assert (await instructions.listed(actor=leader, waiting=True)).rows == []
    assert not await StaffTask.filter(reason="instruction", done_at=None).exists()
    happened = await events.of(SubjectKind.INSTRUCTION, made)
    assert [(one.verb, one.actor_id) for one in happened] == [
        ("instructed", leader.id),
        ("acknowledged", clerk.id),
    ]
    with pytest.raises(NotAllowed, match="acknowledged"):
        await within(instructions.acknowledge(made, actor=clerk))


async def test_only_who_leads_writes_one_and_never_an_empty_one(
    town: Town, leader: Actor, clerk: Actor
) -> None:
    ticket = await offices.ticket(town, 0)
    boss = await actors.staff((await Staff.get(login="boss")).id)
    for one in (clerk, boss):
        with pytest.raises(MayNot):
            await within(instructions.instruct(SubjectKind.TICKET, ticket, "快", actor=one))
    with pytest.raises(Invalid):
        await within(instructions.instruct(SubjectKind.TICKET, ticket, "  ", actor=leader))
    for kind in (*MATTERS, SubjectKind.BILL):
        with pytest.raises(NotFound):
            await within(instructions.instruct(kind, 999_999, "快", actor=leader))


async def test_whose_work_it_is_not_and_another_office_know_nothing_of_it(
    town: Town, leader: Actor, clerk: Actor
) -> None:
    complaint = await offices.complaint(town, 0)
    made = await within(instructions.instruct(SubjectKind.COMPLAINT, complaint, "快", actor=leader))
    boss = await actors.staff((await Staff.get(login="boss")).id)
    far = await actors.staff((await town.staff(far=True)).id)
    for one in (boss, far):
        assert await _lines(SubjectKind.COMPLAINT, complaint, one) == []
        assert await instructions.waiting(actor=one) == 0
        with pytest.raises(NotFound):
            await within(instructions.acknowledge(made, actor=one))
    with pytest.raises(NotFound):  # a leader leaves it to whose work it is
        await within(instructions.acknowledge(made, actor=leader))
    assert await instructions.waiting(actor=clerk) == 1


async def test_who_has_the_matter_hears_of_it_else_who_serves_there(
    town: Town, leader: Actor, clerk: Actor
) -> None:
    await Staff.filter(id=clerk.id).update(person_id=(await places.person("小徐")).id)
    other = await town.staff()
    await Staff.filter(id=other.id).update(person_id=(await places.person("小唐")).id)

    async def heard() -> list[int]:
        rows = await Outbox.filter(payload__contains={"phrase": "staff.instruction"}).order_by("id")
        return [row.person_id for row in rows]

    complaint = await offices.complaint(town, 0)
    await within(instructions.instruct(SubjectKind.COMPLAINT, complaint, "快", actor=leader))
    both = await heard()
    assert len(both) == 2
    await within(complaint_desk.accept(complaint, actor=clerk))
    await within(instructions.instruct(SubjectKind.COMPLAINT, complaint, "再快", actor=leader))
    assert (await heard())[2:] == [(await Staff.get(id=clerk.id)).person_id]


async def test_whom_a_complaint_is_about_knows_nothing_of_what_is_said_about_it(
    town: Town, leader: Actor
) -> None:
    xu = await town.staff()
    await Staff.filter(id=xu.id).update(name="小江", person_id=(await places.person("小江")).id)
    tang = await town.staff()
    await Staff.filter(id=tang.id).update(name="小唐")
    me = actors.person(town.place.resident.id)
    made = await within(complaints.submit(ComplaintKind.COMPLAINT, "员工态度", "投诉小江说话难听", actor=me))
    said = await within(instructions.instruct(SubjectKind.COMPLAINT, made.id, "查清楚", actor=leader))
    actor = await actors.staff(xu.id)
    assert await _lines(SubjectKind.COMPLAINT, made.id, actor) == []
    assert await instructions.waiting(actor=actor) == 0
    assert [one for one in await tasks.waiting(actor=actor) if one.reason == "instruction"] == []
    assert not await Outbox.filter(payload__contains={"phrase": "staff.instruction"}).exists()
    with pytest.raises(NotFound):
        await within(instructions.acknowledge(said, actor=actor))
    colleague = await actors.staff(tang.id)
    await within(complaint_course.note(made.id, "在查", actor=colleague))
    await within(instructions.acknowledge(said, actor=colleague))


async def test_in_a_talk_it_stands_between_the_messages(town: Town, leader: Actor, clerk: Actor) -> None:
    talk = await offices.talk(town, 0)
    made = await within(instructions.instruct(SubjectKind.CONVERSATION, talk, "请优先", actor=leader))
    await within(instructions.acknowledge(made, actor=clerk))
    shown = [(one.kind, one.name) for one in (await stream.page(talk, actor=clerk)).entries]
    assert shown[-2:] == [("instructed", "小徐"), ("acknowledged", "小徐")]


async def test_whoever_is_done_with_its_task_has_seen_it(town: Town, leader: Actor, clerk: Actor) -> None:
    ticket = await offices.ticket(town, 0)
    await within(instructions.instruct(SubjectKind.TICKET, ticket, "快", actor=leader))
    task = await StaffTask.get(reason="instruction")
    await within(staff_tasks.done(task.id, actor=clerk))
    await within(instructions.done_by_task(task.id, actor=clerk))
    assert [one.acknowledged_by for one in await _lines(SubjectKind.TICKET, ticket, leader)] == ["小徐"]
    other = await offices.task(TaskKind.PHONE)(town, 0)
    await within(instructions.done_by_task(other, actor=clerk))
