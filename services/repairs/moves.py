"""The one table of what may happen to a ticket: when, by whom, and what it becomes.

The chat, the desk and the workers all ask here; nothing else decides on a ticket's status.
"""

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

from models.tickets import Ticket
from models.tickets import TicketStatus as S
from services import clock
from services.actors import Actor, ActorKind
from services.errors import NotAllowed, NotFound


class Verb(StrEnum):
    SUBMIT = "submit"  # how a ticket begins; in no row of the table
    ACCEPT = "accept"  # 受理
    DECLINE = "decline"  # 不予受理
    MERGE = "merge"
    UNMERGE = "unmerge"
    JOIN = "join"  # another report was merged into this one
    PART = "part"  # one that was merged into it no longer is
    LEAVE = "leave"  # whoever reported a merged one waits no longer
    WITHDRAW = "withdraw"  # whoever reported it waits no longer, others do
    CANCEL = "cancel"
    DISPATCH = "dispatch"
    REASSIGN = "reassign"
    TAKE = "take"  # 抢单
    CONFIRM = "confirm"  # 接单
    UNDO_CONFIRM = "undo_confirm"  # 接单 was said of the wrong job
    RESCHEDULE = "reschedule"
    APPOINT = "appoint"  # 改约: another time suits the resident
    ASK_AGAIN = "ask_again"  # what the technician promised no longer holds
    CORRECT = "correct"  # what was told of the fault was wrong
    REFUSE = "refuse"  # 拒单
    TRANSFER = "transfer"  # 转单
    ARRIVE = "arrive"
    UNDO_ARRIVE = "undo_arrive"  # 到了 was said by mistake
    HOLD = "hold"
    RESUME = "resume"
    FINISH = "finish"
    RATE = "rate"
    REOPEN = "reopen"  # 返修
    CLOSE = "close"
    URGE = "urge"  # 催单
    PRIORITIZE = "prioritize"  # 加急, or not after all
    REMARK = "remark"
    PHOTO = "photo"
    ATTACH = "attach"  # photos that staff add: of a caller's, or their own
    FOLLOW = "follow"
    REMIND = "remind"
    ESCALATE = "escalate"


@dataclass(frozen=True, slots=True)
class Move:
    """`to` is None for an event that leaves the status as it is."""

    sources: frozenset[S]
    to: S | None
    by: frozenset[ActorKind]


def _move(sources: frozenset[S] | set[S], to: S | None, *by: ActorKind) -> Move:
    return Move(frozenset(sources), to, frozenset(by))


_P, _T, _STAFF, _SYS = ActorKind.PERSON, ActorKind.TECHNICIAN, ActorKind.STAFF, ActorKind.SYSTEM

ENDED = frozenset({S.CLOSED, S.DECLINED, S.DUPLICATE, S.CANCELLED})
NEW = frozenset({S.SUBMITTED, S.ACCEPTED})
ASSIGNED = frozenset({S.DISPATCHED, S.CONFIRMED})  # somebody has it, work has not begun
WORKING = frozenset({S.IN_PROGRESS, S.ON_HOLD})
UNFINISHED = NEW | ASSIGNED | WORKING
OPEN = UNFINISHED | {S.AWAITING_RESIDENT}

MOVES: dict[Verb, Move] = {
    Verb.ACCEPT: _move({S.SUBMITTED}, S.ACCEPTED, _STAFF, _SYS),
    Verb.DECLINE: _move(NEW, S.DECLINED, _STAFF),
    Verb.MERGE: _move(NEW | ASSIGNED, S.DUPLICATE, _STAFF),
    Verb.UNMERGE: _move({S.DUPLICATE}, None, _STAFF),  # becomes what it was
    Verb.JOIN: _move(UNFINISHED, None, _STAFF),
    Verb.PART: _move(frozenset(S), None, _P, _STAFF),
    Verb.LEAVE: _move({S.DUPLICATE}, S.CANCELLED, _P, _STAFF),
    Verb.WITHDRAW: _move(NEW | ASSIGNED, None, _P, _STAFF),
    Verb.CANCEL: _move(NEW | ASSIGNED, S.CANCELLED, _P, _STAFF),
    Verb.DISPATCH: _move({S.ACCEPTED}, S.DISPATCHED, _STAFF, _SYS),
    Verb.REASSIGN: _move(ASSIGNED | WORKING, S.DISPATCHED, _STAFF, _SYS),
    Verb.TAKE: _move({S.ACCEPTED}, S.DISPATCHED, _T),
    Verb.CONFIRM: _move({S.DISPATCHED}, S.CONFIRMED, _T, _STAFF),
    Verb.UNDO_CONFIRM: _move({S.CONFIRMED}, S.DISPATCHED, _T),
    Verb.RESCHEDULE: _move({S.CONFIRMED}, S.CONFIRMED, _T, _STAFF),
    Verb.APPOINT: _move(NEW | ASSIGNED, None, _P, _STAFF),
    Verb.ASK_AGAIN: _move({S.CONFIRMED}, S.DISPATCHED, _SYS),
    Verb.CORRECT: _move(NEW | ASSIGNED, None, _P, _STAFF),
    Verb.REFUSE: _move(ASSIGNED, S.ACCEPTED, _T),
    Verb.TRANSFER: _move(ASSIGNED | WORKING, S.DISPATCHED, _T),
    Verb.ARRIVE: _move(ASSIGNED, S.IN_PROGRESS, _T, _STAFF),
    Verb.UNDO_ARRIVE: _move({S.IN_PROGRESS}, S.CONFIRMED, _T),
    Verb.HOLD: _move(WORKING, S.ON_HOLD, _T, _STAFF),  # once more, for another reason or day
    Verb.RESUME: _move({S.ON_HOLD}, S.IN_PROGRESS, _T, _STAFF),
    Verb.FINISH: _move({S.IN_PROGRESS}, S.AWAITING_RESIDENT, _T, _STAFF),
    Verb.RATE: _move({S.AWAITING_RESIDENT, S.CLOSED}, S.CLOSED, _P),
    Verb.REOPEN: _move({S.AWAITING_RESIDENT, S.CLOSED}, S.IN_PROGRESS, _P, _STAFF),
    Verb.CLOSE: _move({S.AWAITING_RESIDENT}, S.CLOSED, _P, _STAFF, _SYS),
    Verb.URGE: _move(UNFINISHED, None, _P),
    Verb.PRIORITIZE: _move(UNFINISHED, None, _STAFF),
    Verb.REMARK: _move(OPEN, None, _P, _T, _STAFF),
    Verb.PHOTO: _move(OPEN, None, _P, _T, _STAFF),
    Verb.ATTACH: _move(OPEN | {S.CLOSED}, None, _STAFF),
    Verb.FOLLOW: _move(UNFINISHED, None, _P, _STAFF),
    Verb.REMIND: _move(OPEN, None, _SYS),
    Verb.ESCALATE: _move(UNFINISHED, None, _SYS, _P),
}

# What only follows from merging, parting and cancelling.
CONSEQUENCES = frozenset({Verb.JOIN, Verb.PART, Verb.LEAVE, Verb.WITHDRAW})
# These are for people whom the ticket does not belong to yet.
_STRANGERS = frozenset({Verb.TAKE, Verb.FOLLOW})
# And these for whoever reported what was merged into it.
SHARED = frozenset({Verb.URGE, Verb.REMARK, Verb.PHOTO, Verb.REOPEN, Verb.PART})


def check(ticket: Ticket, verb: Verb, *, actor: Actor, reopen_days: int, shares: bool = False) -> Move:
    """The move to make. Raises NotFound for a ticket that is not theirs, NotAllowed for the wrong moment.

    Whoever reported it may say 没修好 or change their rating until `reopen_days` after it was closed. `shares` says
    that a report of this person is merged into it.
    """
    move = MOVES[verb]
    if not _kind_may(actor, move):
        raise NotAllowed("ticket.not_yours_to_do", number=ticket.number, verb=verb)
    if verb not in _STRANGERS and not is_theirs(ticket, actor) and not (shares and verb in SHARED):
        raise NotFound("ticket.not_found", number=ticket.number)
    if ticket.status not in move.sources:
        raise NotAllowed("ticket.not_now", number=ticket.number, verb=verb, status=ticket.status)
    if _too_late(ticket, verb, reopen_days):
        raise NotAllowed("repair.too_late", number=ticket.number, verb=verb, days=reopen_days)
    return move


def of_the_living(merged: Ticket, living: Ticket, verb: Verb, *, actor: Actor) -> NotAllowed:
    """The refusal of what cannot be done with a merged ticket: staff do it with the other, residents add to it."""
    phrase = "repair.merged_already" if actor.kind is ActorKind.PERSON else "ticket.merged"
    return NotAllowed(phrase, number=merged.number, into=living.number, verb=verb)


_FROM = {
    status: [verb for verb, move in MOVES.items() if status in move.sources and verb not in CONSEQUENCES]
    for status in S
}


def possible(ticket: Ticket, *, actor: Actor, reopen_days: int, shares: bool = False) -> frozenset[Verb]:
    """What this actor may do with the ticket now: what a menu should offer."""
    theirs = is_theirs(ticket, actor)
    return frozenset(
        verb
        for verb in _FROM[ticket.status]
        if (theirs or verb in _STRANGERS or (shares and verb in SHARED))
        and _kind_may(actor, MOVES[verb])
        and not _too_late(ticket, verb, reopen_days)
    )


def _too_late(ticket: Ticket, verb: Verb, reopen_days: int) -> bool:
    """A first rating is never too late."""
    again = verb is Verb.REOPEN or (verb is Verb.RATE and ticket.rated_at is not None)
    if not again or ticket.status is not S.CLOSED or ticket.closed_at is None:
        return False
    return clock.now() > ticket.closed_at + timedelta(days=reopen_days)


def _kind_may(actor: Actor, move: Move) -> bool:
    """Whoever works at the machine itself (the system with a scope) may do what staff may."""
    if actor.kind in move.by:
        return True
    return actor.kind is ActorKind.SYSTEM and actor.scope is not None and ActorKind.STAFF in move.by


def is_theirs(ticket: Ticket, actor: Actor) -> bool:
    """Whether the ticket is this actor's to speak of: by its report, as their job, or in their scope."""
    if actor.kind is ActorKind.PERSON:
        return ticket.reporter_id == actor.id and ticket.withdrawn_at is None
    if actor.kind is ActorKind.TECHNICIAN:
        return ticket.technician_id == actor.id
    if actor.kind is ActorKind.STAFF:
        return actor.scope is not None and actor.scope.has(ticket.community_id)
    return True
