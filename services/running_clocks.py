"""How a clock that runs towards a deadline stands, wherever one is shown: in time, soon over, or late.

Always from the time of the server.
"""

from datetime import datetime, timedelta
from enum import StrEnum

from services import clock

_NEAR = 0.25  # of the whole time: what is left when a clock is soon over
_NEAREST = timedelta(minutes=15)


class ClockState(StrEnum):
    OK = "ok"
    SOON = "soon"
    LATE = "late"
    PAUSED = "paused"
    DONE = "done"


# Which clock to show where there is room for one.
URGENCY = (ClockState.LATE, ClockState.SOON, ClockState.PAUSED, ClockState.OK)


def standing(by: datetime, *, since: datetime) -> tuple[ClockState, timedelta]:
    """The state of a clock that runs, and what is left, or by how much it is late."""
    left = by - clock.now()
    if left < timedelta():
        return ClockState.LATE, -left
    near = max((by - since) * _NEAR, _NEAREST)
    return (ClockState.SOON if left <= near else ClockState.OK), left
