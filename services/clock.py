"""The one place that knows what time it is, so that tests and transcripts can set it."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

LOCAL = ZoneInfo("Asia/Shanghai")
_TRIFLE = timedelta(seconds=0.1)

_fixed: ContextVar[datetime | None] = ContextVar("_fixed", default=None)


class _Machine:
    """How far the clock of this machine is behind the one that all machines go by."""

    behind = timedelta(0)


def now() -> datetime:
    """Aware UTC, as the database has it."""
    return _fixed.get() or datetime.now(UTC) + _Machine.behind


def held() -> datetime | None:
    """What this context holds the clock at: statements that take the time from the database ask for it first."""
    return _fixed.get()


def go_by(theirs: datetime, *, asked: datetime, answered: datetime) -> timedelta:
    """Go by the clock that said `theirs` at some moment between two of our own; how far ours is behind it.

    Less than the answer took, and a tenth of a second, is no difference.
    """
    behind = theirs - (asked + (answered - asked) / 2)
    _Machine.behind = behind if abs(behind) > (answered - asked) + _TRIFLE else timedelta(0)
    return _Machine.behind


def behind() -> timedelta:
    """How far this machine is behind the clock that all go by, when it was asked last."""
    return _Machine.behind


def local(moment: datetime) -> datetime:
    """The same moment as people here read it."""
    return moment.astimezone(LOCAL)


@contextmanager
def fixed(moment: datetime) -> Iterator[None]:
    """Hold the clock at an aware moment within this context."""
    token = _fixed.set(moment)
    try:
        yield
    finally:
        _fixed.reset(token)
