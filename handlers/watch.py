"""Whether this machine's clock is right enough for pushes: what it refuses, the platform does not push again."""

from datetime import timedelta

from services import clock


class Watch:
    """Compares with the clock of the database, for /readyz; `window_s` is what a push may be off by.

    Once a push was fresh, the platform agrees with this machine: then it is the database's clock that is off, and
    no reason to take this process out of service.
    """

    def __init__(self, window_s: int) -> None:
        self._window = timedelta(seconds=window_s)
        self._agreed_at = timedelta(0)

    def agreed(self) -> None:
        """A genuine push came whose time was right."""
        self._agreed_at = clock.behind()

    async def check(self) -> None:
        """Raises ClockIsOffError while the platform's pushes are likely to be refused."""
        behind = clock.behind()
        if min(abs(behind), abs(behind - self._agreed_at)) > self._window:
            raise ClockIsOffError


class ClockIsOffError(Exception):
    """This machine's clock is farther from the database's than a push may be from ours."""
