"""Calling about a task: the number is read by name only, and what came of the call is kept."""

import pytest

from models.events import Event, SubjectKind
from models.people import Binding
from models.tasks import StaffTask, TaskKind
from services import actors, events, staff_tasks
from services.desk import calling, task_lines
from services.desk.calling import Outcome
from services.errors import NotFound
from tests.services.desk.conftest import Desk
from tests.world import offices
from tests.world.units import within

pytestmark = pytest.mark.usefixtures("monday")


async def _task(desk: Desk) -> int:
    return await staff_tasks.add(
        TaskKind.PHONE, "undelivered", key="p", values={"said": "师傅到了"}, person_id=desk.resident.id
    )


async def _line(desk: Desk) -> task_lines.TaskLine:
    [line] = await task_lines.listed(actor=desk.clerk, kinds=[TaskKind.PHONE])
    return line


async def test_a_list_shows_masked_phones_and_records_no_reading(desk: Desk) -> None:
    await _task(desk)
    line = await _line(desk)
    assert (line.name, line.house, line.phone) == ("刘建国", "5-1-1203", "138****1234")
    assert line.conversation_id == desk.talk_id
    assert not await Event.filter(verb="phone_read").exists()


async def test_whoever_reads_the_number_is_recorded(desk: Desk) -> None:
    made = await _task(desk)
    assert await within(calling.phone(made, actor=desk.clerk)) == "13800001234"
    [event] = await events.of(SubjectKind.PERSON, desk.resident.id, verbs=["phone_read"])
    assert (event.actor_id, event.body["task"]) == (desk.clerk.staff_id, made)


async def test_where_there_is_no_number_it_says_so(desk: Desk) -> None:
    made = await _task(desk)
    await Binding.all().update(phone="")
    with pytest.raises(NotFound, match="no_phone"):
        await within(calling.phone(made, actor=desk.clerk))


async def test_nobody_who_answers_leaves_it_open_with_how_often(desk: Desk) -> None:
    made = await _task(desk)
    for _ in range(2):
        await within(calling.called(made, Outcome.NO_ANSWER, actor=desk.clerk))
    line = await _line(desk)
    assert line.tries == 2
    assert line.tried_at is not None
    assert line.values["said"] == "师傅到了"


async def test_who_was_reached_is_done_with(desk: Desk) -> None:
    made = await _task(desk)
    await within(calling.called(made, Outcome.REACHED, actor=desk.clerk, note="在家等"))
    assert await task_lines.count(actor=desk.clerk) == 0
    found = await events.of(SubjectKind.TASK, made, verbs=["called", "done"])
    assert [(one.verb, one.after, one.note) for one in found] == [
        ("called", "reached", "在家等"),
        ("done", "", ""),
    ]


async def test_a_wrong_number_is_put_to_who_looks_after_residents(desk: Desk) -> None:
    made = await _task(desk)
    await within(calling.called(made, Outcome.WRONG_NUMBER, actor=desk.clerk))
    [left] = await StaffTask.filter(done_at=None)
    assert (left.kind, left.reason, left.person_id) == (TaskKind.REVIEW, "wrong_phone", desk.resident.id)


async def test_tasks_of_another_office_are_not_there(database: str) -> None:
    town = await offices.build()
    made = await offices.task(TaskKind.PHONE)(town, 0)
    far = await actors.staff((await town.staff(far=True)).id)
    for done in (calling.phone(made, actor=far), calling.called(made, Outcome.REACHED, actor=far)):
        with pytest.raises(NotFound):
            await within(done)
