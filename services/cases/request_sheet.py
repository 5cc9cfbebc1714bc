"""All that staff may know of one service request, as its page shows it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from tortoise.expressions import Q

from models.conversations import Conversation
from models.events import SubjectKind
from models.requests import RequestStatus
from services import events, spelling
from services.actors import Actor
from services.cases import happenings, request_desk
from services.cases.happenings import Happening
from services.cases.requests import MOVES
from services.errors import NotFound
from services.estate import homes
from services.events import Subject


@dataclass(frozen=True, slots=True)
class Sheet:
    """`phone` is masked; `answers` are (question, answer) as read; `can` are the verbs that may be now."""

    id: int
    number: str
    title: str
    status: RequestStatus
    community: str
    house: str
    name: str
    phone: str
    talk: int | None
    wanted_at: datetime | None
    created_at: datetime
    handler: str
    mine: bool
    answers: Sequence[tuple[str, str]]
    happened: Sequence[Happening]
    seen: int  # the newest event: what somebody who acts from this sheet has read
    can: frozenset[str]


async def of(request_id: int, *, actor: Actor) -> Sheet:
    """Raises NotFound for what they do not see."""
    row = await request_desk.seen(Q(id=request_id), actor=actor)
    home = await homes.find(row.person_id)
    talk = await Conversation.filter(person_id=row.person_id).first().only("id")
    happened = await happenings.of(SubjectKind.REQUEST, row.id, person_id=row.person_id)
    return Sheet(
        id=row.id,
        number=row.number,
        title=row.title,
        status=row.status,
        community=row.community.name if row.community else "",
        house=row.house.label if row.house else "",
        name=home.name if home else row.person.name,
        phone=spelling.masked(row.contact_phone),
        talk=talk.id if talk else None,
        wanted_at=row.wanted_at,
        created_at=row.created_at,
        handler=row.handler.name if row.handler else "",
        mine=actor.staff_id is not None and row.handler_id == actor.staff_id,
        answers=[(one["question"], one["answer"]) for one in row.answers],
        happened=happened,
        seen=happenings.seen(happened),
        can=frozenset(verb for verb, (allowed, _) in MOVES.items() if row.status in allowed),
    )


async def phone(request_id: int, *, actor: Actor) -> str:
    """The whole number. Raises NotFound where there is none. Who read whose is recorded."""
    row = await request_desk.seen(Q(id=request_id), actor=actor)
    if not row.contact_phone:
        raise NotFound("human.no_phone")
    whose = Subject(SubjectKind.PERSON, row.person_id, row.community_id)
    await events.record(whose, "phone_read", actor=actor, note=row.number)
    return row.contact_phone
