"""What whoever reported a merged repair may still do with it: what they say is said to the one that lives."""

from datetime import timedelta

from models.tickets import Ticket, TicketStatus
from services import actors, clock
from services.errors import NotAllowed
from services.repairs import moves
from services.repairs.moves import MOVES, SHARED, UNFINISHED, Verb


def status(own: Ticket, living: Ticket) -> TicketStatus:
    """As their reporter sees it: how the living one stands, and done once they gave their stars."""
    if living.status is TicketStatus.AWAITING_RESIDENT and own.rated_at is not None:
        return TicketStatus.CLOSED
    return living.status


def possible(own: Ticket, living: Ticket, *, reopen_days: int) -> frozenset[Verb]:
    """What a menu should offer them."""
    reporter = actors.person(own.reporter_id)
    found = SHARED & moves.possible(living, actor=reporter, reopen_days=reopen_days, shares=True)
    if living.status in UNFINISHED:
        found |= {Verb.CANCEL}
    if living.status in MOVES[Verb.RATE].sources and not _too_late(own, living, reopen_days):
        found |= {Verb.RATE}
    return found


def check(own: Ticket, living: Ticket, verb: Verb, *, reopen_days: int) -> None:
    """Raises NotAllowed for what they cannot do now."""
    if verb in possible(own, living, reopen_days=reopen_days):
        return
    if verb in {Verb.RATE, Verb.REOPEN} and living.status is TicketStatus.CLOSED:
        raise NotAllowed("repair.too_late", number=own.number, verb=verb, days=reopen_days)
    if verb in SHARED | {Verb.CANCEL, Verb.RATE}:
        raise NotAllowed("ticket.not_now", number=own.number, verb=verb, status=living.status)
    raise moves.of_the_living(own, living, verb, actor=actors.person(own.reporter_id))


def _too_late(own: Ticket, living: Ticket, reopen_days: int) -> bool:
    """A first rating is never too late."""
    if own.rated_at is None or living.status is not TicketStatus.CLOSED or living.closed_at is None:
        return False
    return clock.now() > living.closed_at + timedelta(days=reopen_days)
