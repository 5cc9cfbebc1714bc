"""What a leader may say something about, and what calls are made about: found by kind, by whoever may see it."""

from collections.abc import Mapping
from dataclasses import dataclass

from models.complaints import Complaint
from models.conversations import Conversation
from models.events import SubjectKind
from models.people import Role, Staff
from models.requests import ServiceRequest
from models.tickets import Ticket
from services import accused
from services.actors import Actor
from services.cases import complaint_seen
from services.errors import NotFound
from services.estate import homes
from services.scope import Field

FIELDS: Mapping[SubjectKind, Field] = {
    SubjectKind.TICKET: Field.REPAIRS,
    SubjectKind.COMPLAINT: Field.COMPLAINTS,
    SubjectKind.REQUEST: Field.REQUESTS,
    SubjectKind.CONVERSATION: Field.TALKS,
}


@dataclass(frozen=True, slots=True)
class Matter:
    """`label` is how it is spoken of; `holders` are the persons (by their WeChat) in whose hands it is.

    `hidden` are those of the staff whom it is about, who never hear of it.
    """

    kind: SubjectKind
    id: int
    community_id: int | None
    label: str
    holders: tuple[int, ...] = ()
    hidden: frozenset[int] = frozenset()


async def find(kind: SubjectKind, subject_id: int, *, actor: Actor) -> Matter:
    """Raises NotFound for what they do not see, and for a kind that is none of these."""
    if kind not in FIELDS:
        raise NotFound("page.not_found")
    own = actor.seeing(FIELDS[kind])
    if kind is SubjectKind.TICKET:
        return await _ticket(
            await Ticket.filter(own.rows(), id=subject_id).select_related("category").first()
        )
    if kind is SubjectKind.COMPLAINT:
        return await _complaint(await complaint_seen.find(subject_id, actor=actor))
    if kind is SubjectKind.REQUEST:
        found = ServiceRequest.filter(own.rows(), id=subject_id)
        return await _request(await found.select_related("handler").first())
    talk = await Conversation.filter(id=subject_id).select_related("person", "held_by").first()
    home = await homes.find(talk.person_id) if talk else None
    if talk is None or not own.has(home.community_id if home else None):
        raise NotFound("page.not_found")
    name = home.name if home else talk.person.name
    label = f"{name or '住户'}的会话"
    return Matter(kind, talk.id, home.community_id if home else None, label, _persons(talk.held_by))


async def _ticket(row: Ticket | None) -> Matter:
    if row is None:
        raise NotFound("page.not_found")
    community = await row.community
    heads = Staff.filter(active=True, role=Role.SUPERVISOR, office_id=community.office_id)
    label = f"{row.number} {row.category.name}"
    return Matter(SubjectKind.TICKET, row.id, row.community_id, label, _persons(*await heads))


async def _complaint(row: Complaint) -> Matter:
    hidden = await accused.of_one(row)
    holder = row.handler if row.handler_id not in hidden else None
    label = f"{row.number} {row.topic}".strip()
    return Matter(SubjectKind.COMPLAINT, row.id, row.community_id, label, _persons(holder), frozenset(hidden))


async def _request(row: ServiceRequest | None) -> Matter:
    if row is None:
        raise NotFound("page.not_found")
    label = f"{row.number} {row.title}"
    return Matter(SubjectKind.REQUEST, row.id, row.community_id, label, _persons(row.handler))


def _persons(*staff: Staff | None) -> tuple[int, ...]:
    return tuple(one.person_id for one in staff if one is not None and one.person_id is not None)
