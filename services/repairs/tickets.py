"""Moving, telling of and reading tickets: what every verb on a repair is made of."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from tortoise.queryset import QuerySet

from models import rows
from models.events import SubjectKind
from models.outbox import Outbox, OutboxStatus
from models.rows import Part
from models.tickets import Ticket, TicketStatus
from services import clock, events, outbox, policy, staff_tasks, timers
from services.actors import Actor
from services.events import EventView, Subject
from services.repairs import deadlines, holding, households, moves, numbers, views
from services.repairs.households import Waiting
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


async def check(ticket: Ticket, verb: Verb, *, actor: Actor) -> Move:
    """As moves.check, by what the company decided. Of a merged one the refusal says into which."""
    days = (await policy.current()).reopen_days
    stranger = actor.person_id is not None and not moves.is_theirs(ticket, actor)
    shares = stranger and verb in moves.SHARED and await households.shares(ticket.id, actor.id)
    if ticket.status is TicketStatus.DUPLICATE and ticket.status not in moves.MOVES[verb].sources:
        living = await Ticket.filter(id=holding.living_id(ticket)).first()
        if living is not None and moves.is_theirs(ticket, actor):
            raise moves.of_the_living(ticket, living, verb, actor=actor)
    return moves.check(ticket, verb, actor=actor, reopen_days=days, shares=shares)


async def move(
    ticket: Ticket,
    verb: Verb,
    *,
    actor: Actor,
    note: str = "",
    body: Mapping[str, object] | None = None,
    changes: Mapping[str, object] | None = None,
    to: TicketStatus | None = None,
    beside: Sequence[Part] = (),
) -> EventView:
    """Check the table, change the locked ticket, write the event, set its clock. Tells nobody.

    `to` is for a move back to where it was, which the table does not name. `beside` is what follows from the move and
    is written with it.
    """
    target = (await check(ticket, verb, actor=actor)).to or to
    before = ticket.status
    written = dict(changes or {})
    if target is not None:
        written |= {"status": target, **({} if to else _stamp(ticket, target))}
    written |= await deadlines.moved(ticket, target, written)
    for name, value in written.items():
        setattr(ticket, name, value)
    return await events.record(
        subject(ticket),
        verb,
        actor=actor,
        before=before,
        after=ticket.status,
        note=note,
        body=body,
        beside=[
            *([rows.updating(ticket, list(written))] if written else []),
            *(await _settling(ticket) if target is not None else []),
            *beside,
        ],
    )


def subject(ticket: Ticket) -> Subject:
    return Subject(SubjectKind.TICKET, ticket.id, ticket.community_id)


async def tell_reporter(
    ticket: Ticket,
    phrase: str,
    event: EventView,
    values: Mapping[str, outbox.Value] | None = None,
    *,
    unrated: bool = False,
    merged: Sequence[Ticket] | None = None,
) -> None:
    """Say it to whoever reported it and to whoever reported what is merged into it; one event is told each once.

    `unrated` leaves out who gave stars already. `merged` is what is merged into it, where that is known already.
    """
    for one in await households.waiting(ticket, unrated=unrated, merged=merged):
        await tell_waiting(ticket, one, phrase, event, values)


async def tell_waiting(
    ticket: Ticket,
    whom: Waiting,
    phrase: str,
    event: EventView,
    values: Mapping[str, outbox.Value] | None = None,
) -> None:
    """By the number of their own report. What it cost is between the company and whose ticket it is."""
    said = dict(values or {})
    if not whom.own:
        said |= {"ticket": whom.ticket_id, "number": whom.number}
        said |= {"cost_fen": None} if "cost_fen" in said else {}
    await tell(ticket, whom.person_id, phrase, event, said)


async def tell_own(
    ticket: Ticket, phrase: str, event: EventView, values: Mapping[str, outbox.Value] | None = None
) -> None:
    """Say it to the person whose report this is, and to nobody else."""
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
    for person_id in await households.followers(ticket):
        await tell(ticket, person_id, phrase, event, values)


async def take_back(ticket: Ticket, person_id: int, phrase: str, event: EventView) -> bool:
    """Take back one thing that was to be told. False when it may have been read already."""
    return await outbox.cancel(f"{_prefix(ticket)}{event.id}:{phrase}:{person_id}")


async def unsent(ticket: Ticket) -> frozenset[int]:
    """What about this ticket has not left yet."""
    return await outbox.waiting(_prefix(ticket))


async def withdraw_unsent(ticket: Ticket, *, person_id: int | None = None) -> None:
    """Take back what about this ticket has not left yet (for one person, or for everybody)."""
    letters = Outbox.filter(status=OutboxStatus.PENDING, key__startswith=_prefix(ticket))
    if person_id is not None:
        letters = letters.filter(person_id=person_id)
    await letters.update(status=OutboxStatus.CANCELLED)


async def listed(*, ended: bool, community_id: int | None, limit: int, actor: Actor) -> list[TicketLine]:
    """For staff, newest first; the ended ones only on request."""
    found = Ticket.filter(actor.seeing(Field.REPAIRS).rows())
    if not ended:
        found = found.filter(status__in=list(OPEN))
    if community_id is not None:
        found = found.filter(community_id=community_id)
    rows = await found.order_by("-id").limit(limit).select_related(*views.LINE)
    return [views.line(row) for row in rows]


async def of_house(house_id: int, *, actor: Actor, limit: int = 20) -> list[TicketLine]:
    """What was ever reported for a house, newest first."""
    found = Ticket.filter(actor.seeing(Field.REPAIRS).rows(), house_id=house_id)
    return [views.line(row) for row in await found.order_by("-id").limit(limit).select_related(*views.LINE)]


async def of_reporter(person_id: int, *, actor: Actor, limit: int = 20) -> list[TicketLine]:
    """What somebody ever reported, newest first."""
    found = Ticket.filter(actor.seeing(Field.REPAIRS).rows(), reporter_id=person_id)
    return [views.line(row) for row in await found.order_by("-id").limit(limit).select_related(*views.LINE)]


async def ids_of(person_id: int) -> list[int]:
    """The last repairs of a person."""
    rows = await Ticket.filter(reporter_id=person_id).order_by("-id").limit(100).only("id")
    return [row.id for row in rows]


async def find(number: str, *, actor: Actor) -> TicketLine | None:
    """For staff; None outside of their scope, too."""
    found = by_number(number).filter(actor.seeing(Field.REPAIRS).rows())
    row = await found.select_related(*views.LINE).first()
    return views.line(row) if row else None


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


async def _settling(ticket: Ticket) -> list[Part]:
    """What a new status means for the clock, the dispatcher and the tasks of staff."""
    parts = [await deadlines.watching(ticket)]
    if ticket.status not in moves.NEW:
        parts.append(timers.clearing("dispatch", ticket.id))
        parts += staff_tasks.settling(ticket.id, ended=ticket.status in ENDED)
    return parts


# Repairs `t` of person $1 in one of the states $2, themselves or as merged into another.
STANDS = """
t.reporter_id = $1 AND t.withdrawn_at IS NULL AND (t.status = ANY($2::text[]) OR t.status = 'duplicate' AND EXISTS (
    SELECT FROM ticket living WHERE living.id = t.duplicate_of_id AND living.status = ANY($2::text[])
))
"""
_ANY = f"SELECT 1 FROM ticket t WHERE {STANDS} LIMIT 1"  # noqa: S608 - a constant


async def has_any(person_id: int, statuses: Iterable[TicketStatus]) -> bool:
    """Whether the person has a repair in one of these states, itself or as merged into another.

    Most have none, and this is quick to say.
    """
    return bool(await Ticket._meta.db.execute_query_dict(_ANY, [person_id, [str(one) for one in statuses]]))
