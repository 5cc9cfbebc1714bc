"""How long a start is waited for: as long as the process works at it, and a while longer."""

import time
from collections.abc import Callable
from contextlib import suppress

import psutil

PATIENCE = 90.0  # seconds: PostgreSQL reads its log after a crash, and a busy machine is slow
_WORKS = 0.01  # of the time that passed, in seconds of a processor: who has less does not get on


class Patience:
    """Ends when nothing was done for `seconds`. `worked` tells the processor seconds spent so far."""

    def __init__(
        self,
        worked: Callable[[], float],
        *,
        seconds: float = PATIENCE,
        now: Callable[[], float] = time.monotonic,
    ) -> None:
        self._worked = worked
        self._seconds = seconds
        self._now = now
        self._began = self._since = now()
        self._done = worked()

    def look(self) -> bool:
        """Whether another such while begins now, in which it is waited for. Raises TimeoutError when it is over."""
        if self._now() - self._since < self._seconds:
            return False
        done = self._worked()
        if done - self._done < _WORKS * self._seconds:
            raise TimeoutError
        self._since, self._done = self._now(), done
        return True

    @property
    def waited(self) -> float:
        return self._now() - self._began


def worked(pid: int) -> float:
    """Processor seconds of a process and of all that it started, ended ones too; 0 when it is gone."""
    with suppress(psutil.NoSuchProcess):
        process = psutil.Process(pid)
        spent = process.cpu_times()
        below = [worked(child.pid) for child in process.children()]
        return float(spent.user + spent.system + spent.children_user + spent.children_system + sum(below))
    return 0.0
