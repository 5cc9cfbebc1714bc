"""Whom to call: the people of one task about a notice that did not reach them."""

import re
from dataclasses import dataclass

from models.events import SubjectKind
from models.outbox import Outbox, OutboxStatus
from models.tasks import StaffTask
from services import events
from services.actors import Actor
from services.errors import NotFound
from services.estate import homes
from services.events import Subject
from services.scope import Field

_KEY = re.compile(r"notice:(\d+):(\d+|None):unreached")
_MISSED = (OutboxStatus.FAILED, OutboxStatus.UNKNOWN)


@dataclass(frozen=True, slots=True)
class Call:
    """One person without the notice; `house` "" for somebody who bound none."""

    house: str
    name: str
    phone: str


async def of_task(task_id: int, *, actor: Actor) -> list[Call]:
    """By house. Raises NotFound for a task that is not theirs to see, and for one that is about no notice."""
    if actor.scope is None:
        raise NotFound("task.not_found")
    task = await StaffTask.filter(actor.scope.rows(), id=task_id).first()
    about = _KEY.fullmatch(task.key) if task else None
    if task is None or about is None:
        raise NotFound("task.not_found")
    actor.seeing(Field(task.field))
    missed = Outbox.filter(key__startswith=f"notice:{about[1]}:", status__in=_MISSED).select_related("person")
    rows = await missed.order_by("id")
    living = await homes.of([row.person_id for row in rows])
    calls = []
    for row in rows:
        home = living.get(row.person_id)
        if (home.community_id if home else None) == task.community_id:
            name, phone = (home.name, home.phone) if home else (row.person.name, row.person.phone)
            calls.append(Call(home.house_label if home else "", name, phone))
    subject = Subject(SubjectKind.TASK, task.id, task.community_id)
    await events.record(subject, "calls_read", actor=actor, body={"people": len(calls)})
    return sorted(calls, key=lambda one: (one.house, one.name))
