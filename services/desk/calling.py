"""Calling somebody about a task of the list: the number, read by name only, and what came of the call."""

from enum import StrEnum

from models.events import SubjectKind
from models.tasks import StaffTask, TaskKind
from services import clock, events, staff_tasks, work
from services.actors import Actor
from services.desk import tasks
from services.errors import NotFound
from services.events import Subject
from services.scope import Field


class Outcome(StrEnum):
    """打通了, 没接, 号码不对."""

    REACHED = "reached"
    NO_ANSWER = "no_answer"
    WRONG_NUMBER = "wrong_number"


async def phone(task_id: int, *, actor: Actor) -> str:
    """The whole number of whom a task is about. Raises NotFound where there is none. Who read it is recorded."""
    task = await tasks.open_ones(actor).filter(id=task_id).first()
    if task is None or task.person_id is None:
        raise NotFound("task.not_found")
    actor.doing(Field(task.field))
    found = (await tasks.contacts_of([task.person_id]))[task.person_id].phone
    if not found:
        raise NotFound("human.no_phone")
    whose = Subject(SubjectKind.PERSON, task.person_id, task.community_id)
    await events.record(whose, "phone_read", actor=actor, note="task", body={"task": task.id})
    return found


async def called(task_id: int, outcome: Outcome, *, actor: Actor, note: str = "") -> None:
    """What came of a call. Nobody who answered leaves the task open; a wrong number becomes a matter of residents.

    Raises NotFound as `phone` does.
    """
    task = await work.lock(tasks.open_ones(actor).filter(id=task_id))
    if task is None:
        raise NotFound("task.not_found")
    actor.doing(Field(task.field))
    subject = Subject(SubjectKind.TASK, task.id, task.community_id)
    await events.record(subject, "called", actor=actor, after=outcome, note=note)
    if outcome is Outcome.NO_ANSWER:
        tries = int(task.values.get("tries") or 0) + 1
        await staff_tasks.renew(task.id, {"tries": tries, "tried_at": clock.now().isoformat()})
        return
    if outcome is Outcome.WRONG_NUMBER:
        await _correct(task, actor)
    await staff_tasks.done(task.id, actor=actor)


async def _correct(task: StaffTask, actor: Actor) -> None:
    await staff_tasks.add(
        TaskKind.REVIEW,
        "wrong_phone",
        key=f"wrong_phone:{task.id}",
        community_id=task.community_id,
        person_id=task.person_id,
        actor=actor,
    )
