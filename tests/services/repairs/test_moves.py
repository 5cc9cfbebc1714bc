"""The table of moves: everything it allows and everything it does not."""

import itertools
from datetime import timedelta

import pytest

from models.tickets import Ticket, TicketStatus
from services import actors, clock
from services.actors import OPERATOR, Actor, ActorKind
from services.errors import DomainError, NotAllowed, NotFound
from services.repairs import moves
from services.repairs.moves import CONSEQUENCES, ENDED, MOVES, OPEN, Verb
from services.scope import COMPANY

pytestmark = pytest.mark.usefixtures("database")  # rows know their columns only once Tortoise is open
S = TicketStatus

# Written out from the design, apart from the table: by whom, from which states, to which.
WAY = {
    Verb.ACCEPT: ("staff system", "submitted", "accepted"),
    Verb.DECLINE: ("staff", "submitted accepted", "declined"),
    Verb.MERGE: ("staff", "submitted accepted dispatched confirmed", "duplicate"),
    Verb.LEAVE: ("person staff", "duplicate", "cancelled"),
    Verb.CANCEL: ("person staff", "submitted accepted dispatched confirmed", "cancelled"),
    Verb.DISPATCH: ("staff system", "accepted", "dispatched"),
    Verb.REASSIGN: ("staff system", "dispatched confirmed in_progress on_hold", "dispatched"),
    Verb.TAKE: ("technician", "accepted", "dispatched"),
    Verb.CONFIRM: ("technician staff", "dispatched", "confirmed"),
    Verb.UNDO_CONFIRM: ("technician", "confirmed", "dispatched"),
    Verb.RESCHEDULE: ("technician staff", "confirmed", "confirmed"),
    Verb.REFUSE: ("technician", "dispatched confirmed", "accepted"),
    Verb.TRANSFER: ("technician", "dispatched confirmed in_progress on_hold", "dispatched"),
    Verb.ASK_AGAIN: ("system", "confirmed", "dispatched"),
    Verb.UNDO_ARRIVE: ("technician", "in_progress", "confirmed"),
    Verb.ARRIVE: ("technician staff", "dispatched confirmed", "in_progress"),
    Verb.HOLD: ("technician staff", "in_progress on_hold", "on_hold"),
    Verb.RESUME: ("technician staff", "on_hold", "in_progress"),
    Verb.FINISH: ("technician staff", "in_progress", "awaiting_resident"),
    Verb.RATE: ("person", "awaiting_resident closed", "closed"),
    Verb.REOPEN: ("person staff", "awaiting_resident closed", "in_progress"),
    Verb.CLOSE: ("person staff system", "awaiting_resident", "closed"),
}


def _ticket(status: TicketStatus) -> Ticket:
    return Ticket(id=1, number="BX10016", status=status, reporter_id=7, technician_id=3)


def _actor(kind: ActorKind) -> Actor:
    if kind is ActorKind.STAFF:
        return Actor(ActorKind.STAFF, 1, COMPANY)
    return Actor(kind, {ActorKind.PERSON: 7, ActorKind.TECHNICIAN: 3}.get(kind, 1))


def _attempt(status: TicketStatus, verb: Verb, kind: ActorKind) -> TicketStatus | str | None:
    try:
        return moves.check(_ticket(status), verb, actor=_actor(kind), reopen_days=7).to
    except DomainError as error:
        return error.phrase


@pytest.mark.parametrize("verb", sorted(WAY))
def test_a_move_is_allowed_there_and_nowhere_else(verb: Verb) -> None:
    by, sources, target = (text.split() for text in WAY[verb])
    for status, kind in itertools.product(TicketStatus, ActorKind):
        allowed = status in sources and kind in by
        assert (_attempt(status, verb, kind) == target[0]) is allowed, (status, verb, kind)


def test_every_verb_that_changes_a_status_is_written_out_above() -> None:
    assert {verb for verb, move in MOVES.items() if move.to is not None} == set(WAY)


_AFTER = {
    S.CLOSED: {Verb.RATE, Verb.REOPEN, Verb.PART, Verb.ATTACH},
    S.DUPLICATE: {Verb.LEAVE, Verb.UNMERGE, Verb.PART},
}


def test_nothing_leaves_an_ended_ticket_but_what_the_resident_thinks_of_it() -> None:
    """And what was merged may be taken apart, and what was repaired be shown."""
    for status, verb in itertools.product(ENDED, MOVES):
        if verb not in _AFTER.get(status, {Verb.PART}):
            assert status not in MOVES[verb].sources


@pytest.mark.parametrize(
    ("verb", "rated", "days", "possible"),
    [
        (Verb.REOPEN, False, 6, True),
        (Verb.REOPEN, False, 8, False),
        (Verb.RATE, True, 6, True),
        (Verb.RATE, True, 8, False),
        (Verb.RATE, False, 400, True),  # the first stars are never too late
    ],
)
def test_what_is_over_may_be_thought_better_of_for_some_days(
    verb: Verb, rated: bool, days: int, possible: bool
) -> None:
    ticket = _ticket(S.CLOSED)
    ticket.closed_at = clock.now() - timedelta(days=days)
    ticket.rated_at = ticket.closed_at if rated else None
    assert (verb in moves.possible(ticket, actor=actors.person(7), reopen_days=7)) is possible
    if not possible:
        with pytest.raises(NotAllowed, match=r"repair\.too_late"):
            moves.check(ticket, verb, actor=actors.person(7), reopen_days=7)


def test_every_open_state_can_be_left() -> None:
    for status in OPEN:
        assert any(status in move.sources and move.to not in (None, status) for move in MOVES.values())


def test_a_ticket_of_another_person_is_not_found() -> None:
    with pytest.raises(NotFound):
        moves.check(_ticket(S.SUBMITTED), Verb.CANCEL, actor=actors.person(8), reopen_days=7)
    with pytest.raises(NotFound):
        moves.check(_ticket(S.DISPATCHED), Verb.CONFIRM, actor=actors.technician(4), reopen_days=7)


def test_the_wrong_moment_says_what_the_ticket_is() -> None:
    with pytest.raises(NotAllowed) as refused:
        moves.check(_ticket(S.IN_PROGRESS), Verb.CANCEL, actor=actors.person(7), reopen_days=7)
    assert refused.value.phrase == "ticket.not_now"
    assert refused.value.values["status"] == "in_progress"


def test_a_menu_offers_exactly_what_is_possible() -> None:
    may = moves.possible(_ticket(S.AWAITING_RESIDENT), actor=actors.person(7), reopen_days=7)
    assert may == {Verb.RATE, Verb.REOPEN, Verb.CLOSE, Verb.REMARK, Verb.PHOTO}


def test_whoever_works_at_the_machine_may_do_what_staff_may() -> None:
    for verb, move in MOVES.items():
        status = next(iter(move.sources))
        offered = verb not in CONSEQUENCES and bool(move.by & {ActorKind.STAFF, ActorKind.SYSTEM})
        assert (verb in moves.possible(_ticket(status), actor=OPERATOR, reopen_days=7)) is offered
