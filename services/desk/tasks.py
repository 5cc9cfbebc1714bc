"""The list of what only people can do now, with whom to call about each."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from tortoise.expressions import Q
from tortoise.queryset import QuerySet

from models.events import SubjectKind
from models.people import Binding, BindingStatus, Person, Staff, Technician
from models.tasks import StaffTask, TaskKind
from services import events, staff_tasks
from services.actors import Actor
from services.errors import NotAllowed
from services.events import Subject
from services.staff_tasks import Word


@dataclass(frozen=True, slots=True)
class Contact:
    """Whom to call. `house` is the label of the home, "" for colleagues and for strangers."""

    name: str = ""
    phone: str = ""
    house: str = ""


@dataclass(frozen=True, slots=True)
class TaskView:
    """One line. `reason` and `values` are the phrase `task.<reason>`; `ticket` is its number, "" without one."""

    id: int
    kind: TaskKind
    reason: str
    values: Mapping[str, Word]
    ticket: str
    community: str
    contact: Contact
    taken_by: str
    created_at: datetime


async def waiting(*, actor: Actor, kind: TaskKind | None = None, limit: int = 100) -> list[TaskView]:
    """The open tasks of their fields: alerts first, the newest on top; then the others, the oldest on top.

    Phones are in full, so that staff can call at once. Who read whose is recorded.
    """
    theirs = open_ones(actor)
    alerts = [] if kind not in (None, TaskKind.ALERT) else await _rows(theirs, "-id", limit, alerts=True)
    others = [] if kind is TaskKind.ALERT else await _rows(theirs, "id", limit, alerts=False, kind=kind)
    tasks = [*alerts, *others][:limit]
    contacts = await contacts_of([task.person_id for task in tasks if task.person_id is not None])
    await _note_reading(tasks, contacts, actor)
    return [_view(task, contacts) for task in tasks]


def open_ones(actor: Actor) -> QuerySet[StaffTask]:
    """Of their communities and fields, without those that are about themselves."""
    if actor.scope is None:
        raise NotAllowed("may_not.talks")
    found = StaffTask.filter(actor.scope.rows(), done_at=None, field__in=sorted(actor.scope.sees))
    return found.filter(_not_about(actor))


async def _rows(
    theirs: QuerySet[StaffTask], order: str, limit: int, *, alerts: bool, kind: TaskKind | None = None
) -> list[StaffTask]:
    found = theirs.filter(kind=TaskKind.ALERT) if alerts else theirs.exclude(kind=TaskKind.ALERT)
    if kind is not None and not alerts:
        found = found.filter(kind=kind)
    related = found.order_by(order).limit(limit).select_related("ticket__house", "community", "taken_by")
    return await related


def _not_about(actor: Actor) -> Q:
    return Q() if actor.staff_id is None else staff_tasks.not_about(actor.staff_id)


async def contacts_of(person_ids: Sequence[int]) -> dict[int, Contact]:
    """Whom the company knows by these: residents by their binding, colleagues by the list of the staff."""
    found: dict[int, Contact] = {}
    bound = Binding.filter(person_id__in=person_ids, status__in=[BindingStatus.ACTIVE, BindingStatus.PENDING])
    for binding in await bound.select_related("house"):
        found[binding.person_id] = Contact(binding.name, binding.phone, binding.house.label)
    for crew in (Technician, Staff):
        for one in await crew.filter(person_id__in=person_ids, active=True):
            assert one.person_id is not None
            known = found.get(one.person_id, Contact())
            found[one.person_id] = Contact(one.name, one.phone or known.phone, known.house)
    await _add_strangers(found, [one for one in person_ids if one not in found])
    return found


async def _add_strangers(found: dict[int, Contact], person_ids: Sequence[int]) -> None:
    for person in await Person.filter(id__in=person_ids):
        found[person.id] = Contact(person.name, person.phone)


async def _note_reading(tasks: Sequence[StaffTask], contacts: Mapping[int, Contact], actor: Actor) -> None:
    read = {
        task.person_id: Subject(SubjectKind.PERSON, task.person_id, task.community_id)
        for task in tasks
        if task.person_id is not None and contacts[task.person_id].phone
    }
    await events.record_many(list(read.values()), "phone_read", actor=actor, note="tasks")


def _view(task: StaffTask, contacts: Mapping[int, Contact]) -> TaskView:
    contact = contacts.get(task.person_id or 0, Contact())
    ticket = task.ticket
    return TaskView(
        id=task.id,
        kind=task.kind,
        reason=task.reason,
        values=staff_tasks.told(task.values),
        ticket=ticket.number if ticket else "",
        community=task.community.name if task.community else "",
        contact=Contact(
            contact.name,
            contact.phone,
            ticket.house.label if ticket and ticket.house else contact.house,
        ),
        taken_by=task.taken_by.name if task.taken_by else "",
        created_at=task.created_at,
    )
