"""Who hears of a danger, and who next while nobody takes it: those on duty, then who leads, then the whole company.

Each round is an event of the alert, and `step` among its values says how far it has gone: from the first that goes
beyond those on duty, the desks show whom to call.
"""

from collections.abc import Sequence
from datetime import timedelta
from enum import IntEnum

from tortoise.expressions import Q

from models.community import Community
from models.events import SubjectKind
from models.people import Person, Staff, Technician
from models.tasks import StaffTask
from models.values import Json
from services import clock, duty, events, outbox, staff_tasks, timers, work
from services.actors import SYSTEM
from services.estate import homes
from services.events import Subject

KIND = "hazard_unseen"


class Step(IntEnum):
    """How far an alert has gone; what a desk shows goes by it."""

    DUTY = 0
    LEADING = 1  # nobody took it, or nobody is there to take it
    EVERYBODY = 2


_AFTER = {Step.LEADING: timedelta(minutes=1), Step.EVERYBODY: timedelta(minutes=3)}


async def begin(task: StaffTask) -> None:
    """Those on duty hear it at once; where there is nobody, those who lead."""
    if people := await _on_duty(task.community_id):
        await _tell(task, Step.DUTY, people)
    else:
        await _tell(task, Step.LEADING, await duty.in_charge(task.community_id))
    await _wait(task)


async def unseen(task_id: int, _: Json) -> None:
    """Nobody has taken the alert up: more people hear it, those who heard it once more."""
    task = await work.lock(StaffTask.filter(id=task_id, done_at=None, taken_by_id=None))
    if task is None or task.values.get("taken"):
        return
    step = _step(task)
    if clock.now() - task.created_at >= _AFTER[Step.EVERYBODY]:
        everybody = _people(await Staff.filter(active=True).order_by("id"))
        await _tell(task, Step.EVERYBODY, everybody)
    elif step is Step.DUTY:
        leading = await duty.in_charge(task.community_id)
        await _tell(task, Step.LEADING, [*await _on_duty(task.community_id), *leading])
    await _wait(task)


async def tell_duty(
    task: StaffTask, phrase: str, values: dict[str, outbox.Value], *, key: str, besides: int = 0
) -> None:
    """Something about the alert, to all who heard it because it is their duty."""
    told = await _on_duty(task.community_id)
    if _step(task) is not Step.DUTY:
        told += await duty.in_charge(task.community_id)
    for one in dict.fromkeys(told):
        if one != besides:
            await outbox.tell(one, phrase, values, key=f"{key}:{one}")


def _step(task: StaffTask) -> Step:
    return Step(int(task.values.get("step") or 0))


async def _wait(task: StaffTask) -> None:
    """For the next step; the last one has none."""
    due = [after for step, after in _AFTER.items() if step > _step(task)]
    if due:
        await timers.set_timer(KIND, task.id, task.created_at + min(due))


async def _tell(task: StaffTask, step: Step, people: Sequence[int]) -> None:
    assert task.person_id is not None
    values = await _values(task, task.person_id)
    told = list(dict.fromkeys(people))
    for one in told:
        key = f"hazard:{task.id}:{step + 1}:{one}"
        await outbox.tell(one, "hazard.alert", {**values, "again": int(step)}, key=key)
    if step is not Step.DUTY:
        await staff_tasks.renew(task.id, {"step": int(step)})
        task.values = {**task.values, "step": int(step)}
    subject = Subject(SubjectKind.TASK, task.id, task.community_id)
    verb = f"alerted_{step.name.lower()}"
    await events.record(subject, verb, actor=SYSTEM, body={"people": told, "count": len(told)})


async def _values(task: StaffTask, person_id: int) -> dict[str, outbox.Value]:
    person = await Person.get(id=person_id)
    home = await homes.find(person.id)
    return {
        "kind": str(task.values.get("kind", "")),
        "text": str(task.values.get("text", "")),
        "name": home.name if home else person.name,
        "phone": home.phone if home else person.phone,
        "community": home.community_name if home else "",
        "house": home.house_label if home else "",
        "task": task.id,
    }


async def _on_duty(community_id: int | None) -> list[int]:
    """Persons of the staff on duty; the technicians there when no member of staff can be reached."""
    staff = Staff.filter(active=True, on_duty=True)
    if community_id is not None:
        office_id = (await Community.get(id=community_id)).office_id
        staff = staff.filter(Q(office_id=office_id) | Q(office_id__isnull=True))
    technicians = Technician.filter(active=True, on_duty=True)
    if community_id is not None:
        technicians = technicians.filter(communities__contains=[community_id])
    return _people(await staff.order_by("id")) or _people(await technicians.order_by("id"))


def _people(workers: Sequence[Staff | Technician]) -> list[int]:
    return [one.person_id for one in workers if one.person_id is not None]
