"""The three clocks of a ticket as people read them: first answer, arrival, end of the work; each by itself.

Always from the time of the server. A hold stops the last one; what is done stays done, in time or not.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from models.tickets import Ticket
from models.tickets import TicketStatus as S
from services import clock
from services.repairs.moves import ENDED
from services.running_clocks import URGENCY, ClockState, standing


class ClockKind(StrEnum):
    RESPOND = "respond"  # 响应: somebody promises to come
    ARRIVE = "arrive"  # 到场
    FINISH = "finish"  # 完成, counted from the arrival


@dataclass(frozen=True, slots=True)
class Clock:
    """`span` is what is left, or by how much it is late; of a clock that is done, how long it took."""

    kind: ClockKind
    state: ClockState
    by: datetime
    span: timedelta
    late: bool = False  # is done, and was late

    @property
    def over(self) -> bool:
        """Done in time: nothing to look at any more."""
        return self.state is ClockState.DONE and not self.late


@dataclass(frozen=True, slots=True)
class Times:
    """What the clocks are read from: columns of the ticket."""

    status: S
    created_at: datetime
    answered_at: datetime | None
    respond_by: datetime | None
    arrived_at: datetime | None
    arrive_by: datetime | None
    finished_at: datetime | None
    finish_by: datetime | None
    held_at: datetime | None
    hold_until: datetime | None


def times(row: Ticket) -> Times:
    return Times(
        row.status,
        row.created_at,
        row.answered_at,
        row.respond_by,
        row.arrived_at,
        row.arrive_by,
        row.finished_at,
        row.finish_by,
        row.held_at,
        row.hold_until,
    )


def of(known: Times) -> list[Clock]:
    """Those that run or ran; a ticket that ended has only what was reached."""
    begun = known.arrived_at or known.created_at
    worked_on = known.status in (S.IN_PROGRESS, S.ON_HOLD)
    finished = None if worked_on else known.finished_at  # of the last time, where the work goes on
    clocks = (
        _clock(ClockKind.RESPOND, known, known.created_at, known.respond_by, known.answered_at),
        _clock(ClockKind.ARRIVE, known, known.created_at, known.arrive_by, known.arrived_at),
        _clock(ClockKind.FINISH, known, begun, known.finish_by, finished),
    )
    return [one for one in clocks if one is not None]


def worst(clocks: list[Clock]) -> Clock | None:
    """The one to show where there is room for one: late before soon, the earlier before the later."""
    running = [one for one in clocks if one.state in URGENCY]
    return min(running, key=lambda one: (URGENCY.index(one.state), one.by), default=None)


def _clock(
    kind: ClockKind, known: Times, start: datetime, by: datetime | None, done_at: datetime | None
) -> Clock | None:
    if by is None:
        return None
    if done_at is not None:
        return Clock(kind, ClockState.DONE, by, max(done_at - start, timedelta()), late=done_at > by)
    if known.status in ENDED or known.status is S.AWAITING_RESIDENT:
        return None
    if kind is ClockKind.FINISH and known.held_at is not None:
        return _paused(kind, by, known.held_at, known.hold_until)
    state, span = standing(by, since=start)
    return Clock(kind, state, by, span)


def _paused(kind: ClockKind, by: datetime, held_at: datetime, until: datetime | None) -> Clock:
    """Late once the day has come that was named for going on."""
    if until is not None and until < clock.now():
        return Clock(kind, ClockState.LATE, until, clock.now() - until)
    return Clock(kind, ClockState.PAUSED, by, max(by - held_at, timedelta()))
