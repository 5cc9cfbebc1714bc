"""Several tickets at once: one act on each, and one undo while nobody has been told.

What the act tells people waits for as long as it may be taken back, so that an undo is one: nobody read anything.
What it took back of earlier news and settled of tasks is there again then.
"""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from tortoise.transactions import in_transaction

from models.events import SubjectKind
from models.tickets import Ticket, TicketBatch, TicketStatus
from services import clock, events, outbox, staff_tasks, work
from services.actors import Actor
from services.errors import DomainError, Invalid, NotAllowed, NotFound
from services.repairs import categories, deadlines, dispatch, handling, holding, ratings, tickets
from services.repairs.moves import NEW
from services.scope import Field

UNDO = timedelta(seconds=10)
_TRAVEL = timedelta(seconds=3)  # how long the press may take to arrive
MOST = 50  # tickets: one page
_KEPT = (
    "status", "technician_id", "eta", "hold_reason", "hold_until", "urgent", "accepted_at", "dispatched_at",
    "confirmed_at", "arrived_at", "finished_at", "closed_at", "answered_at", "respond_by", "arrive_by",
    "finish_by", "held_at", "reassigned_count",
)  # fmt: skip


class Together(StrEnum):
    ACCEPT = "accept"
    DISPATCH = "dispatch"
    URGENT = "urgent"
    CLOSE = "close"


@dataclass(frozen=True, slots=True)
class Refused:
    """One that was left as it was, and the phrase that says why."""

    number: str
    error: DomainError


@dataclass(frozen=True, slots=True)
class Done:
    """`batch_id` names it to `undo`; None when nothing was done."""

    batch_id: int | None
    count: int
    refused: tuple[Refused, ...]


_Act = Callable[[Ticket, Actor], Awaitable[None]]


async def do(
    ids: Sequence[int],
    verb: Together,
    *,
    actor: Actor,
    technician_id: int | None = None,
    reassign: bool = False,
) -> Done:
    """Do it to each that allows it. Without `reassign`, what somebody has already is not dispatched.

    Raises Invalid for none or too many, NotFound for a technician outside of the scope.
    """
    actor.doing(Field.REPAIRS)
    if not ids or len(ids) > MOST:
        raise Invalid("ticket.how_many", most=MOST)
    act = _act(verb, technician_id, reassign)
    rows: list[dict[str, object]] = []
    refused: list[Refused] = []
    begun = clock.now()
    with outbox.waiting_until(begun + UNDO + _TRAVEL):
        for one in sorted(set(ids)):  # one order for everybody, so that two clerks cannot wait in a ring
            await _one(one, act, actor, rows, refused)
    if not rows:
        return Done(None, 0, tuple(refused))
    batch = await TicketBatch.create(staff_id=actor.staff_id, verb=verb, rows=rows, made_at=begun)
    return Done(batch.id, len(rows), tuple(refused))


async def undo(batch_id: int, *, actor: Actor) -> int:
    """Take all of it back: how many. Raises NotAllowed when it is too late, or something happened since."""
    batch = await work.lock(TicketBatch.filter(id=batch_id, staff_id=actor.staff_id or 0))
    if batch is None:
        raise NotFound("page.not_found")
    if batch.undone_at is not None or clock.now() > batch.made_at + UNDO + _TRAVEL:
        raise NotAllowed("ticket.undo_too_late")
    for row in sorted(batch.rows, key=lambda one: int(one["ticket"])):
        await _take_back(row, batch, actor)
    await TicketBatch.filter(id=batch.id).update(undone_at=clock.now())
    return len(batch.rows)


async def _one(
    ticket_id: int, act: _Act, actor: Actor, rows: list[dict[str, object]], refused: list[Refused]
) -> None:
    try:
        ticket = await holding.lock(ticket_id, actor=actor)
    except NotFound:
        return
    was = {name: _plain(getattr(ticket, name)) for name in _KEPT}
    before, unsent = await _last(ticket_id), await tickets.unsent(ticket)
    try:
        async with in_transaction():  # a savepoint: what is refused half way leaves nothing behind
            await act(ticket, actor)
    except DomainError as error:
        refused.append(Refused(ticket.number, error))
        return
    after = await _last(ticket_id)
    if after != before:
        gone = await outbox.cancelled(unsent)
        rows.append({"ticket": ticket_id, "before": before, "after": after, "was": was, "gone": gone})


def _act(verb: Together, technician_id: int | None, reassign: bool) -> _Act:
    async def accept(ticket: Ticket, actor: Actor) -> None:
        await handling.accept(ticket.id, actor=actor)

    async def assign(ticket: Ticket, actor: Actor) -> None:
        if ticket.status not in NEW and not reassign:
            raise NotAllowed("ticket.not_now", number=ticket.number, verb=verb, status=ticket.status)
        await dispatch.assign(ticket.id, technician_id=technician_id or 0, actor=actor)

    async def urgent(ticket: Ticket, actor: Actor) -> None:
        await handling.prioritize(ticket.id, urgent=True, actor=actor)

    async def close(ticket: Ticket, actor: Actor) -> None:
        await ratings.close(ticket.id, actor=actor)

    acts: Mapping[Together, _Act] = {
        Together.ACCEPT: accept,
        Together.DISPATCH: assign,
        Together.URGENT: urgent,
        Together.CLOSE: close,
    }
    return acts[verb]


async def _take_back(row: Mapping[str, Any], batch: TicketBatch, actor: Actor) -> None:
    ticket = await holding.lock(int(row["ticket"]), actor=actor)
    if await _last(ticket.id) != row["after"] or not await _untold(ticket, row):
        raise NotAllowed("ticket.undo_changed", number=ticket.number)
    now, was = ticket.status, {name: _back(name, value) for name, value in row["was"].items()}
    for name, value in was.items():
        setattr(ticket, name, value)
    await ticket.save(update_fields=list(was))
    body = {"batch": batch.id, "verb": batch.verb}
    await events.record(
        tickets.subject(ticket), "undo", actor=actor, before=now, after=ticket.status, body=body
    )
    await outbox.bring_back(row.get("gone", ()))
    await deadlines.watch(ticket)
    await staff_tasks.reopen(ticket.id, since=batch.made_at, actor=actor)
    if ticket.status in NEW:
        await dispatch.settle_again(ticket, await categories.by_id(ticket.category_id))


async def _untold(ticket: Ticket, row: Mapping[str, Any]) -> bool:
    """Take back what it tells; False when some of that left already."""
    happened = [one.id for one in await events.of(SubjectKind.TICKET, ticket.id) if one.id > row["before"]]
    for event_id in happened:
        prefix = f"ticket:{ticket.id}:{event_id}:"
        if await outbox.left(prefix):
            return False
        await outbox.cancel_all(prefix)
    return True


async def _last(ticket_id: int) -> int:
    return await events.newest(SubjectKind.TICKET, ticket_id)


def _plain(value: object) -> object:
    return value.isoformat() if isinstance(value, datetime) else value


def _back(name: str, value: object) -> object:
    if name == "status":
        return TicketStatus(str(value))
    moment = name.endswith(("_at", "_by", "_until")) or name == "eta"
    return datetime.fromisoformat(str(value)) if moment and value is not None else value
