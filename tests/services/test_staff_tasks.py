"""The list of what only people can do: once each, taken, done, and read with whom to call."""

import asyncio
from datetime import timedelta

import pytest

from models.events import SubjectKind
from models.people import Person, Role, Staff
from models.tasks import StaffTask, TaskKind
from services import actors, clock, events, staff_tasks
from services.actors import OPERATOR, SYSTEM
from services.desk import tasks
from services.errors import NotAllowed
from tests.world import estate, offices
from tests.world.offices import Town
from tests.world.units import within

pytestmark = pytest.mark.usefixtures("monday")


@pytest.fixture
async def town(database: str) -> Town:
    return await offices.build()


async def _verbs(task_id: int) -> list[tuple[str, str]]:
    return [(one.verb, one.actor_kind) for one in await events.of(SubjectKind.TASK, task_id)]


async def _lost(town: Town, number: int) -> int:
    return await within(
        staff_tasks.gather(
            TaskKind.PHONE,
            "undelivered",
            key=f"outbox:{number}",
            person_id=town.place.resident.id,
            values={"said": f"第{number}条", "why": "拒收"},
        )
    )


async def test_the_same_cause_is_one_task_and_one_event(town: Town) -> None:
    first = await staff_tasks.add(TaskKind.DISPATCH, "manual", key="k")
    assert await staff_tasks.add(TaskKind.DISPATCH, "manual", key="k") == first
    assert await _verbs(first) == [("added", "system")]


async def test_what_could_not_be_delivered_to_one_person_is_one_task(town: Town) -> None:
    first, second = await _lost(town, 1), await _lost(town, 2)
    assert first == second
    assert (await StaffTask.get()).values == {"said": "第2条", "why": "拒收", "count": 2}
    clerk = await actors.staff((await town.staff()).id)
    await within(staff_tasks.done(first, actor=clerk))
    assert await _lost(town, 3) != first
    assert (await StaffTask.get(done_at=None)).values["count"] == 1


async def test_two_workers_that_give_up_at_once_make_one_task(town: Town) -> None:
    await asyncio.gather(*(_lost(town, number) for number in range(4)))
    assert (await StaffTask.get()).values["count"] == 4


async def test_a_task_is_taken_and_done_by_name(town: Town) -> None:
    task = await offices.task(TaskKind.PHONE)(town, 0)
    who = await town.staff()
    clerk = await actors.staff(who.id)
    await within(staff_tasks.take(task, actor=clerk))
    [shown] = await tasks.waiting(actor=clerk)
    assert shown.taken_by == who.name
    await within(staff_tasks.done(task, actor=clerk))
    assert (await StaffTask.get()).done_by_id == who.id
    assert await _verbs(task) == [("added", "system"), ("taken", "staff"), ("done", "staff")]
    assert await tasks.waiting(actor=clerk) == []


async def test_nobody_takes_a_task_without_a_name(town: Town) -> None:
    task = await offices.task(TaskKind.PHONE)(town, 0)
    with pytest.raises(NotAllowed, match=r"may_not\.talks"):
        await within(staff_tasks.take(task, actor=OPERATOR))


async def test_a_task_whose_cause_is_gone_settles_itself(town: Town) -> None:
    task = await staff_tasks.add(TaskKind.REVIEW, "matched", key="review:7:matched")
    await staff_tasks.add(TaskKind.REVIEW, "matched", key="review:70:matched")
    await staff_tasks.settle_key("review:7:", actor=SYSTEM)
    assert [one.id for one in await StaffTask.exclude(done_at=None)] == [task]
    assert await _verbs(task) == [("added", "system"), ("settled", "system")]


async def test_alerts_stand_first_and_the_newest_on_top(town: Town) -> None:
    for minute, (kind, reason) in enumerate(
        [
            (TaskKind.PHONE, "undelivered"),
            (TaskKind.ALERT, "danger"),
            (TaskKind.DISPATCH, "manual"),
            (TaskKind.ALERT, "danger"),
        ]
    ):
        with clock.fixed(estate.MONDAY_10 + timedelta(minutes=minute)):
            await staff_tasks.add(kind, reason, key=str(minute))
    shown = [clock.local(one.created_at).minute for one in await tasks.waiting(actor=OPERATOR)]
    assert shown == [3, 1, 0, 2]


async def test_who_to_call_is_shown_in_full_and_reading_it_leaves_an_event(town: Town) -> None:
    resident = town.place.resident
    await staff_tasks.add(
        TaskKind.LEFT_MESSAGE,
        "left_message",
        key="k",
        person_id=resident.id,
        community_id=town.place.community.id,
    )
    clerk = await actors.staff((await town.staff()).id)
    [shown] = await tasks.waiting(actor=clerk)
    assert (shown.contact.name, shown.contact.phone) == ("王芳", "13800000001")
    assert (shown.contact.house, shown.community) == ("1-101", "青禾一期")
    [read] = await events.of(SubjectKind.PERSON, resident.id)
    assert (read.verb, read.actor_id, read.note) == ("phone_read", clerk.id, "tasks")


async def test_a_colleague_who_was_not_reached_is_shown_by_name(town: Town) -> None:
    colleague = await Person.create(channel_id="o_colleague")
    await Staff.create(login="c", name="小唐", phone="13900000009", role=Role.SERVICE, person=colleague)
    await staff_tasks.add(TaskKind.PHONE, "undelivered", key="k", person_id=colleague.id)
    [shown] = await tasks.waiting(actor=OPERATOR)
    assert (shown.contact.name, shown.contact.phone) == ("小唐", "13900000009")


async def test_whom_a_task_is_about_never_sees_it(town: Town) -> None:
    about, other = await town.staff(), await town.staff()
    await staff_tasks.add(
        TaskKind.LEFT_MESSAGE, "left_message", key="k", values={staff_tasks.HIDDEN_FROM: about.id}
    )
    assert await tasks.waiting(actor=await actors.staff(about.id)) == []
    assert len(await tasks.waiting(actor=await actors.staff(other.id))) == 1
    assert len(await tasks.waiting(actor=OPERATOR)) == 1
