"""Where something may be promised: a talk, a repair, a complaint, a service request, and whose work that is."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass

from models.complaints import Complaint
from models.events import SubjectKind
from models.requests import ServiceRequest
from models.tickets import Ticket
from services import accused, leading
from services.actors import Actor
from services.desk import holding
from services.errors import MayNot, NotFound
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
    field: Field
    community_id: int | None
    person_id: int | None
    number: str = ""


async def find(matter: Matter, *, actor: Actor) -> Place:
    """Raises NotFound for a matter that is not theirs to see, MayNot for work that is not theirs to do."""
    finder = _FINDERS.get(matter.kind)
    if finder is None:
        raise NotFound("promise.no_matter")
    return await finder(matter.id, actor)


async def may(matter: Matter, *, actor: Actor) -> bool:
    """Whether what is promised in it is theirs to see to: a complaint that no clerk may have is work of who leads."""
    field, own = FIELDS.get(matter.kind), actor.scope
    if field is None or own is None or field not in own.sees:
        return False
    if matter.kind is not SubjectKind.COMPLAINT:
        return field in own.does
    row = await _seen_complaint(matter.id, actor)
    return row is not None and await leading.may(row, actor=actor)


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
    row = await _seen_complaint(number, actor)
    if row is None:
        raise NotFound("promise.no_matter")
    if not await leading.may(row, actor=actor):
        raise MayNot(f"may_not.{Field.COMPLAINTS}")
    person_id = None if row.anonymous else row.person_id
    return Place(Field.COMPLAINTS, row.community_id, person_id, row.number)


async def _seen_complaint(number: int, actor: Actor) -> Complaint | None:
    own = actor.seeing(Field.COMPLAINTS).rows()
    return await Complaint.filter(own, await accused.not_about(actor), id=number).first()


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
