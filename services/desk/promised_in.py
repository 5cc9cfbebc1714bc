"""Where something may be promised: a talk, a repair, a complaint, a service request, and whose work that is."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass

from models.complaints import Complaint
from models.events import SubjectKind
from models.requests import ServiceRequest
from models.tickets import Ticket
from services import accused
from services.actors import Actor
from services.desk import holding
from services.errors import NotFound
from services.estate import homes
from services.scope import Field


@dataclass(frozen=True, slots=True)
class Matter:
    """`entry` is the message of a talk at which it was promised, "" for none."""

    kind: SubjectKind
    id: int
    entry: str = ""


@dataclass(frozen=True, slots=True)
class Place:
    """`hidden_from` is the member of staff whom the matter complains about."""

    field: Field
    community_id: int | None
    person_id: int | None
    number: str = ""
    hidden_from: int | None = None


async def find(matter: Matter, *, actor: Actor) -> Place:
    """Raises NotFound for a matter that is not theirs to see, MayNot for work that is not theirs to do."""
    finder = _FINDERS.get(matter.kind)
    if finder is None:
        raise NotFound("promise.no_matter")
    return await finder(matter.id, actor)


async def _talk(number: int, actor: Actor) -> Place:
    actor.doing(Field.TALKS)
    talk = await holding.seen(number, actor)
    return Place(Field.TALKS, await homes.community_of(talk.person_id), talk.person_id)


async def _ticket(number: int, actor: Actor) -> Place:
    row = await Ticket.filter(actor.doing(Field.REPAIRS).rows(), id=number).first()
    if row is None:
        raise NotFound("promise.no_matter")
    return Place(Field.REPAIRS, row.community_id, row.reporter_id, row.number)


async def _complaint(number: int, actor: Actor) -> Place:
    """Whose name is hidden is not found by what was promised to them either."""
    own = actor.doing(Field.COMPLAINTS).rows()
    row = await Complaint.filter(own, await accused.not_about(actor), id=number).first()
    if row is None:
        raise NotFound("promise.no_matter")
    person_id = None if row.anonymous else row.person_id
    hidden_from = row.about_staff_id or await accused.as_staff(row.about_technician_id)
    return Place(Field.COMPLAINTS, row.community_id, person_id, row.number, hidden_from)


async def _request(number: int, actor: Actor) -> Place:
    row = await ServiceRequest.filter(actor.doing(Field.REQUESTS).rows(), id=number).first()
    if row is None:
        raise NotFound("promise.no_matter")
    return Place(Field.REQUESTS, row.community_id, row.person_id, row.number)


FIELDS: Mapping[str, Field] = {
    SubjectKind.CONVERSATION: Field.TALKS,
    SubjectKind.TICKET: Field.REPAIRS,
    SubjectKind.COMPLAINT: Field.COMPLAINTS,
    SubjectKind.REQUEST: Field.REQUESTS,
}
_FINDERS: Mapping[str, Callable[[int, Actor], Awaitable[Place]]] = {
    SubjectKind.CONVERSATION: _talk,
    SubjectKind.TICKET: _ticket,
    SubjectKind.COMPLAINT: _complaint,
    SubjectKind.REQUEST: _request,
}
