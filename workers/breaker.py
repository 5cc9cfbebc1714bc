"""Stops sending while the platform does not answer: each message lost that way is one more call for staff."""

import logging
import time

log = logging.getLogger(__name__)

_LOST_IN_A_ROW = 3
_FIRST_REST_S = 15.0
_LONGEST = 16  # first rests


class Breaker:
    """After three calls in a row without an answer it rests, then lets one through to see."""

    def __init__(self, first_rest_s: float = _FIRST_REST_S) -> None:
        self._first_rest_s = first_rest_s
        self._rest_s = 0.0
        self._lost = 0
        self._until = 0.0

    def allowed(self, wanted: int) -> int:
        """How many of the wanted sends may begin now."""
        if time.monotonic() < self._until:
            return 0
        return min(1, wanted) if self._rest_s else wanted

    def answered(self) -> None:
        """The platform answered, whatever it said."""
        if self._rest_s:
            log.warning("the platform answers again")
        self._lost, self._rest_s, self._until = 0, 0.0, 0.0

    def lost(self) -> None:
        """A call ended without an answer."""
        self._lost += 1
        if self._lost < _LOST_IN_A_ROW:
            return
        self._rest_s = min(_LONGEST * self._first_rest_s, self._rest_s * 2 or self._first_rest_s)
        self._until = time.monotonic() + self._rest_s
        log.warning("the platform does not answer, resting for %g s", self._rest_s)
