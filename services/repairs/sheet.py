"""One ticket with everything that staff need to know about it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from models.conversations import Conversation
from models.events import SubjectKind
from models.people import Person, Staff, Technician
from models.tickets import Ticket, TicketFollower, TicketStatus
from services import events, policy, spelling
from services.actors import Actor, ActorKind
from services.errors import NotFound
from services.events import EventView, Subject
from services.repairs import clocks, moves, pictures, standing, tickets, views
from services.repairs.clocks import Clock
from services.repairs.moves import Verb
from services.repairs.pictures import PhotoView
from services.repairs.views import TicketLine
from services.scope import Field


@dataclass(frozen=True, slots=True)
class TicketSheet:
    """`contact_phone` is in full; reading it is recorded. Stars are 1 to 5, None before anybody rated."""

    line: TicketLine
    contact_name: str
    contact_phone: str
    appointment_start: datetime | None
    appointment_end: datetime | None
    eta: datetime | None
    urgent: bool
    urged_count: int
    hold_reason: str
    hold_until: datetime | None
    materials: str
    cost_fen: int | None
    finish_note: str
    rating_speed: int | None
    rating_quality: int | None
    rating_reasons: tuple[str, ...]
    rating_remark: str


async def of(number: str, *, actor: Actor) -> TicketSheet | None:
    """By its number however it is written; None outside of their scope, too."""
    found = tickets.by_number(number).filter(actor.seeing(Field.REPAIRS).rows())
    row = await found.select_related(*views.LINE).first()
    if row is None:
        return None
    if row.contact_phone:
        await _note_reading(row, actor)
    return _sheet(row)


def _sheet(row: Ticket) -> TicketSheet:
    return TicketSheet(
        line=views.line(row),
        contact_name=row.contact_name,
        contact_phone=row.contact_phone,
        appointment_start=row.appointment_start,
        appointment_end=row.appointment_end,
        eta=row.eta,
        urgent=row.urgent,
        urged_count=row.urged_count,
        hold_reason=row.hold_reason,
        hold_until=row.hold_until,
        materials=row.materials,
        cost_fen=row.cost_fen,
        finish_note=row.finish_note,
        rating_speed=row.rating_speed,
        rating_quality=row.rating_quality,
        rating_reasons=tuple(row.rating_reasons),
        rating_remark=row.rating_remark,
    )


@dataclass(frozen=True, slots=True)
class Happened:
    """One event, with who acted as people call them; "" for the system and for whoever cannot be named."""

    id: int
    verb: str
    at: datetime
    actor_kind: str
    who: str
    before: str
    after: str
    note: str
    technician: str
    body: Mapping[str, object]


@dataclass(frozen=True, slots=True)
class Pause:
    """`until` is None while it goes on."""

    since: datetime
    until: datetime | None
    reason: str


@dataclass(frozen=True, slots=True)
class Sheet:
    """One ticket as its page shows it. `facts` has the phone masked; `can` names verbs (moves.Verb); `seen` is sent
    back with each act; `talk_id` is that of whoever reported, None where they never wrote."""

    facts: TicketSheet
    status: TicketStatus
    community_id: int
    category_id: int
    category_code: str
    area: str
    source: str
    reporter: str
    technician_id: int | None
    technician_phone: str
    into: int | None
    clocks: tuple[Clock, ...]
    pauses: tuple[Pause, ...]
    photos: tuple[PhotoView, ...]
    happened: tuple[Happened, ...]
    followers: int
    reopened: int
    can: frozenset[str]
    seen: str
    talk_id: int | None

    @property
    def done(self) -> bool:
        """Whether the work is finished, and what it took was said."""
        return self.status in (TicketStatus.AWAITING_RESIDENT, TicketStatus.CLOSED)


async def look(ticket_id: int, *, actor: Actor) -> Sheet:
    """Raises NotFound outside of the scope."""
    row = await _find(ticket_id, actor)
    happened = await _happened(row)
    facts = replace(
        _sheet(row), contact_phone=spelling.masked(row.contact_phone) if row.contact_phone else ""
    )
    talk = await Conversation.filter(person_id=row.reporter_id).first().only("id")
    return Sheet(
        facts=facts,
        status=row.status,
        community_id=row.community_id,
        category_id=row.category_id,
        category_code=row.category.code,
        area=row.area,
        source=row.source,
        reporter=row.reporter.name,
        technician_id=row.technician_id,
        technician_phone=row.technician.phone if row.technician else "",
        into=row.duplicate_of_id,
        clocks=tuple(clocks.of(clocks.times(row))),
        pauses=tuple(_pauses(happened)),
        photos=tuple(await pictures.of(row.id)),
        happened=tuple(happened),
        followers=await TicketFollower.filter(ticket_id=row.id).count(),
        reopened=row.reopened_count,
        can=moves.possible(row, actor=actor, reopen_days=(await policy.current()).reopen_days),
        seen=standing.of(row),
        talk_id=talk.id if talk and row.reporter.channel == "wechat" else None,
    )


async def phone(ticket_id: int, *, actor: Actor) -> str:
    """The whole number of whom to call, which is recorded as read. Raises NotFound where there is none."""
    row = await _find(ticket_id, actor)
    if not row.contact_phone:
        raise NotFound("human.no_phone")
    await _note_reading(row, actor)
    return str(row.contact_phone)


async def photo(ticket_id: int, media_id: int, *, actor: Actor) -> tuple[str, str]:
    """Hash and kind of one of its photos, or of what is merged into it. Raises NotFound for any other file."""
    row = await _find(ticket_id, actor)
    return await pictures.stored(row.id, media_id)


async def _find(ticket_id: int, actor: Actor) -> Ticket:
    found = Ticket.filter(actor.seeing(Field.REPAIRS).rows(), id=ticket_id)
    row = await found.select_related(*views.LINE, "reporter").first()
    if row is None:
        raise NotFound("ticket.not_found", number="")
    return row


async def _note_reading(row: Ticket, actor: Actor) -> None:
    subject = Subject(SubjectKind.PERSON, row.reporter_id, row.community_id)
    await events.record(subject, "phone_read", actor=actor, note=row.number)


async def _happened(row: Ticket) -> list[Happened]:
    found = await events.of(SubjectKind.TICKET, row.id)
    names = await _names(found)
    return [
        Happened(
            one.id,
            one.verb,
            one.at,
            one.actor_kind,
            names.get((one.actor_kind, one.actor_id or 0), ""),
            one.before,
            one.after,
            one.note,
            names.get((ActorKind.TECHNICIAN, _number(one.body.get("technician"))), ""),
            one.body,
        )
        for one in found
    ]


async def _names(found: Sequence[EventView]) -> dict[tuple[str, int], str]:
    """By the kind of actor and the id; in one question for each kind."""
    asked: dict[str, set[int]] = {kind: set() for kind in ActorKind}
    for one in found:
        asked[one.actor_kind].add(one.actor_id or 0)
        asked[ActorKind.TECHNICIAN].add(_number(one.body.get("technician")))
    kinds: tuple[tuple[str, type[Staff] | type[Technician] | type[Person]], ...] = (
        (ActorKind.STAFF, Staff),
        (ActorKind.TECHNICIAN, Technician),
        (ActorKind.PERSON, Person),
    )
    return {
        (kind, one.id): one.name
        for kind, model in kinds
        for one in (await model.filter(id__in=sorted(asked[kind])) if asked[kind] - {0} else [])
    }


def _number(value: object) -> int:
    return value if isinstance(value, int) else 0


def _pauses(happened: Sequence[Happened]) -> list[Pause]:
    found: list[Pause] = []
    for one in happened:
        if one.verb == Verb.HOLD and one.before == TicketStatus.ON_HOLD and found:
            found[-1] = replace(found[-1], reason=one.note or found[-1].reason)
        elif one.verb == Verb.HOLD:
            found.append(Pause(one.at, None, one.note))
        elif found and found[-1].until is None and one.before == TicketStatus.ON_HOLD != one.after:
            found[-1] = replace(found[-1], until=one.at)
    return found
