"""Holding tickets until the unit of work ends: every decision on a ticket begins here.

Everybody takes hold of tickets in the order of their ids, so that no two wait for each other in a ring. What is
merged into one is one family: whoever may change several of it holds all of it from the beginning. Where it became
another family while we waited for it, what we got is let go, and everything is held anew.
"""

import contextlib
from collections.abc import Awaitable, Callable, Iterable, Mapping
from dataclasses import dataclass

from tortoise.transactions import in_transaction

from models import rows
from models.tickets import Ticket, TicketStatus
from services import work
from services.actors import Actor, ActorKind
from services.errors import NotFound
from services.scope import Field

# Ticket $1 held, then what is merged into it; nothing, and nothing held, where it is merged itself: migration 0031.
_LIVING = "SELECT * FROM living_ticket($1)"
# Tickets $1, what they are merged into, and whatever is merged into any of these.
_FAMILY = """
WITH head AS (
    SELECT id FROM ticket WHERE id = ANY($1::bigint[])
    UNION SELECT duplicate_of_id FROM ticket
    WHERE id = ANY($1::bigint[]) AND status = 'duplicate' AND duplicate_of_id IS NOT NULL
)
SELECT id FROM head UNION SELECT id FROM ticket WHERE duplicate_of_id IN (SELECT id FROM head)
"""


async def lock(ticket_id: int, *, actor: Actor) -> Ticket:
    """The ticket, held until the unit of work ends.

    For staff there is no such ticket outside of their scope. Raises NotFound, and NotAllowed for staff who do not
    work on repairs.
    """
    if _within_scope(actor):
        within = Ticket.filter(actor.doing(Field.REPAIRS).rows(), id=ticket_id)
        ticket = await work.lock(within)
    else:
        ticket = await work.lock_row(Ticket, ticket_id)
    if ticket is None:
        raise NotFound("ticket.not_found", number="")
    return ticket


async def families(ids: Iterable[int], *, actor: Actor) -> Mapping[int, Ticket]:
    """As lock, for these with what they are merged into and what is merged into that, by their ids."""
    named = set(ids)

    async def wanted() -> set[int]:
        return named | {one["id"] for one in await rows.records(Ticket, _FAMILY, list(named))}

    return await _hold(wanted, actor)


@dataclass(frozen=True, slots=True)
class Reached:
    """The ticket that lives, held; `number` is the one by which whoever speaks knows it."""

    ticket: Ticket
    number: str


async def reach(ticket_id: int, *, actor: Actor) -> Reached:
    """As lock, but what was merged into another leads to that one: what is said to it is said there.

    Whoever holds the living one holds what is merged into it where it is.
    """
    if not _within_scope(actor) and (own := await _living(ticket_id)):
        return Reached(own, own.number)
    named = await _named(ticket_id)

    async def wanted() -> set[int]:
        return {living_id(await _named(ticket_id))}

    [living] = (await _hold(wanted, actor)).values()
    return Reached(living, named.number)


def living_id(ticket: Ticket) -> int:
    """Where the repair goes on: itself, or the one that it was merged into."""
    merged = ticket.status is TicketStatus.DUPLICATE and ticket.duplicate_of_id is not None
    return ticket.duplicate_of_id or ticket.id if merged else ticket.id


def _within_scope(actor: Actor) -> bool:
    return actor.kind is ActorKind.STAFF or actor.scope is not None


async def _hold(wanted: Callable[[], Awaitable[set[int]]], actor: Actor) -> Mapping[int, Ticket]:
    """What is wanted. Where that is more once it is held, all is let go and held anew, in order."""
    ids = await wanted()
    while True:
        with contextlib.suppress(_ChangedError):
            async with in_transaction():  # a savepoint: going back to it lets go of what was locked since
                held = {one: await lock(one, actor=actor) for one in sorted(ids)}
                if not (ids := await wanted()) <= held.keys():
                    raise _ChangedError
                return held


async def _living(ticket_id: int) -> Ticket | None:
    work.must_run()
    return await rows.first(Ticket, _LIVING, ticket_id)


async def _named(ticket_id: int) -> Ticket:
    ticket = await Ticket.filter(id=ticket_id).first()
    if ticket is None:
        raise NotFound("ticket.not_found", number="")
    return ticket


class _ChangedError(Exception):
    """What has to be held became another while we waited for it."""
