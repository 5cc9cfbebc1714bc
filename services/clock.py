"""The one place that knows what time it is, so that tests and transcripts can set it."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

LOCAL = ZoneInfo("Asia/Shanghai")

_fixed: ContextVar[datetime | None] = ContextVar("_fixed", default=None)


def now() -> datetime:
    """Aware UTC."""
    return _fixed.get() or datetime.now(UTC)


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
