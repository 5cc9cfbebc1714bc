"""Locking, moving and reading tickets: what every verb on a repair is made of."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from tortoise.queryset import QuerySet

from models.events import SubjectKind
from models.outbox import Outbox, OutboxStatus
from models.tickets import Ticket, TicketFollower, TicketPhoto, TicketStatus
from services import clock, events, outbox, policy, staff_tasks, timers, work
from services.actors import Actor, ActorKind
from services.errors import NotFound
from services.events import EventView, Subject
from services.photos import KEPT
from services.repairs import deadlines, moves, numbers, views
from services.repairs.moves import ENDED, OPEN, Move, Verb
from services.repairs.views import TicketLine
from services.scope import Field

# Which moment each status is remembered by; of these the first time counts.
_FIRST = frozenset({"accepted_at", "arrived_at", "closed_at"})
_STAMPS: Mapping[TicketStatus, str] = {
    TicketStatus.ACCEPTED: "accepted_at",
    TicketStatus.DISPATCHED: "dispatched_at",
    TicketStatus.CONFIRMED: "confirmed_at",
    TicketStatus.IN_PROGRESS: "arrived_at",
    TicketStatus.AWAITING_RESIDENT: "finished_at",
    TicketStatus.CLOSED: "closed_at",
}


async def lock(ticket_id: int, *, actor: Actor) -> Ticket:
    """The ticket, held until the unit of work ends. Every decision on a ticket begins here.

    For staff there is no such ticket outside of their scope. Raises NotFound, and NotAllowed for staff who do not
    work on repairs.
    """
    if actor.kind is ActorKind.STAFF or actor.scope is not None:
        within = Ticket.filter(actor.doing(Field.REPAIRS).rows(), id=ticket_id)
        ticket = await work.lock(within)
    else:
        ticket = await work.lock_row(Ticket, ticket_id)
    if ticket is None:
        raise NotFound("ticket.not_found", number="")
    return ticket


async def check(ticket: Ticket, verb: Verb, *, actor: Actor) -> Move:
    """As moves.check, by what the company decided."""
    return moves.check(ticket, verb, actor=actor, reopen_days=(await policy.current()).reopen_days)


async def move(
    ticket: Ticket,
    verb: Verb,
    *,
    actor: Actor,
    note: str = "",
    body: Mapping[str, object] | None = None,
    changes: Mapping[str, object] | None = None,
) -> EventView:
    """Check the table, change the locked ticket, write the event, set its clock. Tells nobody."""
    target = (await check(ticket, verb, actor=actor)).to
    before = ticket.status
    written = dict(changes or {})
    if target is not None:
        written |= {"status": target, **_stamp(ticket, target)}
    written |= await deadlines.moved(ticket, target, written)
    await _write(ticket, written)
    event = await events.record(
        subject(ticket), verb, actor=actor, before=before, after=ticket.status, note=note, body=body
    )
    if target is not None:
        await _settle(ticket)
    return event


def subject(ticket: Ticket) -> Subject:
    return Subject(SubjectKind.TICKET, ticket.id, ticket.community_id)


async def tell_reporter(
    ticket: Ticket, phrase: str, event: EventView, values: Mapping[str, outbox.Value] | None = None
) -> None:
    """Say it to the person who reported; one event is told once."""
    await tell(ticket, ticket.reporter_id, phrase, event, values)


async def tell(
    ticket: Ticket,
    person_id: int,
    phrase: str,
    event: EventView,
    values: Mapping[str, outbox.Value] | None = None,
) -> None:
    known: dict[str, outbox.Value] = {"ticket": ticket.id, "number": ticket.number}
    key = f"{_prefix(ticket)}{event.id}:{phrase}:{person_id}"
    await outbox.tell(person_id, phrase, {**known, **(values or {})}, key=key)


async def tell_followers(
    ticket: Ticket, phrase: str, event: EventView, values: Mapping[str, outbox.Value] | None = None
) -> None:
    for follower in await TicketFollower.filter(ticket_id=ticket.id).exclude(person_id=ticket.reporter_id):
        await tell(ticket, follower.person_id, phrase, event, values)


async def take_back(ticket: Ticket, person_id: int, phrase: str, event: EventView) -> bool:
    """Take back one thing that was to be told. False when it may have been read already."""
    return await outbox.cancel(f"{_prefix(ticket)}{event.id}:{phrase}:{person_id}")


async def withdraw_unsent(ticket: Ticket, *, person_id: int | None = None) -> None:
    """Take back what about this ticket has not left yet (for one person, or for everybody)."""
    unsent = Outbox.filter(status=OutboxStatus.PENDING, key__startswith=_prefix(ticket))
    if person_id is not None:
        unsent = unsent.filter(person_id=person_id)
    await unsent.update(status=OutboxStatus.CANCELLED)


async def listed(*, ended: bool, community_id: int | None, limit: int, actor: Actor) -> list[TicketLine]:
    """For staff, newest first; the ended ones only on request."""
    found = Ticket.filter(actor.seeing(Field.REPAIRS).rows())
    if not ended:
        found = found.filter(status__in=list(OPEN))
    if community_id is not None:
        found = found.filter(community_id=community_id)
    rows = await found.order_by("-id").limit(limit).select_related(*views.LINE)
    return [views.line(row) for row in rows]


async def find(number: str, *, actor: Actor) -> TicketLine | None:
    """For staff; None outside of their scope, too."""
    found = by_number(number).filter(actor.seeing(Field.REPAIRS).rows())
    row = await found.select_related(*views.LINE).first()
    return views.line(row) if row else None


@dataclass(frozen=True, slots=True)
class PhotoView:
    """`stored` is the name of the stored picture; `error` says why there is none."""

    media_id: int
    stage: str
    status: str
    stored: str
    error: str


async def photos(ticket_id: int) -> list[PhotoView]:
    """In the order in which they came."""
    rows = await TicketPhoto.filter(KEPT, ticket_id=ticket_id).order_by("id").select_related("media")
    return [
        PhotoView(row.media_id, row.stage, row.media.status, row.media.sha256, row.media.error)
        for row in rows
    ]


def by_number(text: str) -> QuerySet[Ticket]:
    """The ticket that somebody named, however they wrote its number; filter further by who may see it."""
    return Ticket.filter(number=number(text))


def number(text: str) -> str:
    """A ticket's number as it is stored, however somebody wrote it."""
    return numbers.read(text) or text.strip().upper()


def iso(moment: datetime | None) -> str | None:
    """A moment as phrases want it."""
    return moment.isoformat() if moment else None


def _prefix(ticket: Ticket) -> str:
    return f"ticket:{ticket.id}:"


def _stamp(ticket: Ticket, status: TicketStatus) -> dict[str, object]:
    stamp = _STAMPS.get(status)
    if stamp is None or (stamp in _FIRST and getattr(ticket, stamp) is not None):
        return {}
    return {stamp: clock.now()}


async def _write(ticket: Ticket, written: Mapping[str, object]) -> None:
    if not written:
        return
    for name, value in written.items():
        setattr(ticket, name, value)
    await ticket.save(update_fields=list(written))


async def _settle(ticket: Ticket) -> None:
    """What a new status means for the clock, the dispatcher and the tasks of staff."""
    await deadlines.watch(ticket)
    if ticket.status not in moves.NEW:
        await timers.clear("dispatch", ticket.id)
        await staff_tasks.settle(ticket.id, ended=ticket.status in ENDED)


_ANY = "SELECT 1 FROM ticket WHERE reporter_id = $1 AND status = ANY($2::text[]) LIMIT 1"


async def has_any(person_id: int, statuses: Iterable[TicketStatus]) -> bool:
    """Whether the person has a repair in one of these states: most have none, and this is quick to say."""
    return bool(await Ticket._meta.db.execute_query_dict(_ANY, [person_id, [str(one) for one in statuses]]))
