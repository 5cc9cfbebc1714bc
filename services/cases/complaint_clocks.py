"""The two clocks of a complaint as people read them: somebody takes it up, and it is answered.

Both deadlines were set in office hours; what is left is told from the time of the server.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from models.complaints import ComplaintStatus
from services.cases import complaint_moves as moves
from services.running_clocks import URGENCY, ClockState, standing


class ClockKind(StrEnum):
    RESPOND = "respond"
    ANSWER = "answer"


@dataclass(frozen=True, slots=True)
class Clock:
    """`span` is what is left, or by how much it is late; of one that is done, `at` says when it was."""

    kind: ClockKind
    state: ClockState
    by: datetime
    span: timedelta = timedelta()
    at: datetime | None = None

    @property
    def late(self) -> bool:
        """It was done, too late."""
        return self.at is not None and self.at > self.by


@dataclass(frozen=True, slots=True)
class Times:
    status: ComplaintStatus
    created_at: datetime
    respond_by: datetime
    responded_at: datetime | None
    deadline_at: datetime
    answered_at: datetime | None


def of(known: Times) -> list[Clock]:
    """Those that run or ran. One that was withdrawn before anybody took it up has none."""
    found = [_clock(ClockKind.RESPOND, known, known.respond_by, known.responded_at)]
    found.append(_clock(ClockKind.ANSWER, known, known.deadline_at, _answered(known)))
    return [one for one in found if one is not None]


def running(known: Times) -> Clock | None:
    """The one to show where there is room for one: late before soon, the earlier before the later."""
    open_ones = [one for one in of(known) if one.state is not ClockState.DONE]
    return min(open_ones, key=lambda one: (URGENCY.index(one.state), one.by), default=None)


def _answered(known: Times) -> datetime | None:
    """One that is open again has yet to be answered."""
    return None if known.status in moves.UNANSWERED else known.answered_at


def _clock(kind: ClockKind, known: Times, by: datetime, done_at: datetime | None) -> Clock | None:
    if done_at is not None:
        return Clock(kind, ClockState.DONE, by, at=done_at)
    if known.status not in moves.UNANSWERED:
        return None
    state, span = standing(by, since=known.created_at)
    return Clock(kind, state, by, span)
