"""Open tasks of staff as a page lists them: whom they are about with a masked phone, and where they are done."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from models.conversations import Conversation
from models.tasks import StaffTask, TaskKind
from services import spelling, staff_tasks
from services.actors import Actor
from services.desk import tasks
from services.desk.tasks import Contact
from services.scope import Field
from services.staff_tasks import Word


@dataclass(frozen=True, slots=True)
class TaskLine:
    """`reason` and `values` are the phrase `task.<reason>`. The phone is masked, "" where nobody has one.

    `conversation_id` and `ticket_id` say where it is done, `may` whether whoever reads it does it; `tries` how often
    nobody answered, `tried_at` when last.
    """

    id: int
    kind: TaskKind
    reason: str
    values: Mapping[str, Word]
    community: str
    house: str
    name: str
    phone: str
    person_id: int | None
    conversation_id: int | None
    ticket_id: int | None
    number: str
    taken_by: str
    mine: bool
    may: bool
    tries: int
    tried_at: datetime | None
    at: datetime


async def listed(
    *, actor: Actor, kinds: Sequence[TaskKind] = (), besides: Sequence[TaskKind] = (), limit: int = 50
) -> list[TaskLine]:
    """Those of their fields, oldest first: of `kinds`, or of all kinds `besides` some."""
    found = tasks.open_ones(actor)
    found = found.filter(kind__in=list(kinds)) if kinds else found.exclude(kind__in=list(besides))
    rows = await found.order_by("id").limit(limit).select_related("ticket__house", "community", "taken_by")
    people = [row.person_id for row in rows if row.person_id is not None]
    contacts = await tasks.contacts_of(people) if people else {}
    talks = await _talks(people, actor)
    return [_line(row, contacts, talks, actor, may=await staff_tasks.may(row, actor=actor)) for row in rows]


async def count(*, actor: Actor, kinds: Sequence[TaskKind] = (), besides: Sequence[TaskKind] = ()) -> int:
    found = tasks.open_ones(actor)
    found = found.filter(kind__in=list(kinds)) if kinds else found.exclude(kind__in=list(besides))
    return int(await found.count())


async def untaken(*, actor: Actor, besides: Sequence[TaskKind] = ()) -> int:
    """Alerts too."""
    found = tasks.open_ones(actor).exclude(kind__in=list(besides))
    return int(await found.filter(taken_by_id__isnull=True).count())


async def _talks(people: Sequence[int], actor: Actor) -> dict[int, int]:
    """The talks of these people, for whoever may see talks."""
    if not people or actor.scope is None or Field.TALKS not in actor.scope.sees:
        return {}
    found = await Conversation.filter(person_id__in=list(people)).only("id", "person_id")
    return {one.person_id: one.id for one in found}


def _line(
    row: StaffTask, contacts: Mapping[int, Contact], talks: Mapping[int, int], actor: Actor, *, may: bool
) -> TaskLine:
    person = row.person_id or 0
    contact, ticket = contacts.get(person, Contact()), row.ticket
    tried = row.values.get("tried_at")
    return TaskLine(
        id=row.id,
        kind=row.kind,
        reason=row.reason,
        values=staff_tasks.told(row.values),
        community=row.community.name if row.community else "",
        house=ticket.house.label if ticket and ticket.house else contact.house,
        name=contact.name,
        phone=spelling.masked(contact.phone) if contact.phone else "",
        person_id=row.person_id,
        conversation_id=talks.get(person),
        ticket_id=row.ticket_id,
        number=ticket.number if ticket else "",
        taken_by=row.taken_by.name if row.taken_by else "",
        mine=row.taken_by_id is not None and row.taken_by_id == actor.staff_id,
        may=may,
        tries=int(row.values.get("tries") or 0),
        tried_at=datetime.fromisoformat(str(tried)) if tried else None,
        at=row.created_at,
    )
