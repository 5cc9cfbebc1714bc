"""How many customer messages may still be sent to one person, and how often an API may be called a day."""

from dataclasses import dataclass, field
from enum import StrEnum

from simulator.clock import Clock
from simulator.config import Config
from simulator.errors import ApiError


class Opening(StrEnum):
    """What a person did that lets the account send to them."""

    MESSAGE = "message"
    ACTION = "action"


@dataclass(slots=True)
class Window:
    """Sends left until a moment of simulated time."""

    ends: float
    left: int


@dataclass(slots=True)
class Windows:
    """One person's windows. A send counts in every open one, so an action never adds to what a message gave."""

    open: dict[Opening, Window] = field(default_factory=dict)

    def refresh(self, opening: Opening, *, config: Config, now: float) -> None:
        by_message = opening is Opening.MESSAGE
        seconds = config.message_window if by_message else config.action_window
        sends = config.message_sends if by_message else config.action_sends
        self.open[opening] = Window(ends=now + seconds, left=sends)

    def use(self, now: float) -> None:
        """Count one send. 45015 when no window is open, 45047 when the open ones are used up."""
        self.check(now)
        for window in self.open.values():
            if window.ends > now:
                window.left = max(0, window.left - 1)

    def check(self, now: float) -> None:
        live = [window for window in self.open.values() if window.ends > now]
        if not live:
            raise ApiError(45015)
        if all(window.left <= 0 for window in live):
            raise ApiError(45047)

    def left(self, now: float) -> int:
        return max((window.left for window in self.open.values() if window.ends > now), default=0)

    def close(self) -> None:
        self.open.clear()


class Daily:
    """Counts calls of each API by day of simulated time, and the clearings by month."""

    def __init__(self, config: Config, clock: Clock) -> None:
        self._limits = config.daily_limits
        self._clock = clock
        self._day = ""
        self._counts: dict[str, int] = {}
        self._month = ""
        self._clearings = 0

    def count(self, api: str) -> None:
        """Count one call. 45009 when the day's limit is reached."""
        if self._day != self._clock.day():
            self._day, self._counts = self._clock.day(), {}
        self._counts[api] = self._counts.get(api, 0) + 1
        limit = self._limits.get(api)
        if limit is not None and self._counts[api] > limit:
            raise ApiError(45009)

    def clear(self) -> None:
        """Forget today's counts. 48006 after ten times in a month."""
        if self._month != self._clock.month():
            self._month, self._clearings = self._clock.month(), 0
        if self._clearings >= 10:
            raise ApiError(48006)
        self._clearings += 1
        self._counts.clear()
