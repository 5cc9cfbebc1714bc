"""Which of a technician's jobs a time points at (今晚那个, 明天上午那单), and whose hour it is."""

from collections.abc import Sequence
from datetime import datetime, time, timedelta

from bot.understanding.entities.bare import Expected, read_as
from bot.understanding.job_words import pattern
from bot.understanding.values import TimeWindow
from services import clock
from services.repairs.views import JobView

_SOON = timedelta(hours=2)  # before the hour that was said, somebody may be there already
_MOMENT = timedelta(hours=1)


def pointed(shown: str, jobs: Sequence[JobView]) -> list[JobView]:
    """The jobs of the time by which normalised words name one; none where they name none so."""
    found = pattern("timed_job").search(shown)
    window = _window(found["when"], shown) if found else None
    return [one for one in jobs if _of(one, window)] if window else []


def _window(when: str, shown: str) -> TimeWindow | None:
    """上午 of “明天请半天假 上午那单给别人” is that of tomorrow."""
    here = clock.local(clock.now())
    if not pattern("day").search(when) and (day := pattern("day").search(shown)):
        when = day[0] + when
    found = read_as(Expected.TIME, when, here).value
    return found if isinstance(found, TimeWindow) else None


def asked(shown: str, jobs: Sequence[JobView]) -> tuple[str, list[JobView]] | None:
    """The day that is asked about, as it was said, and its jobs by their hours; None for today or none."""
    found = pattern("asked_day").search(shown)
    window = _window(found[0], shown) if found else None
    if found is None or window is None:
        return None
    on_it = [(start, one) for one in jobs if _of(one, window) and (start := span(one)[0])]
    return found[0].removesuffix("个"), [one for _, one in sorted(on_it, key=lambda pair: pair[0])]


def _of(one: JobView, window: TimeWindow) -> bool:
    start, end = span(one)
    until = window.end or window.start + _MOMENT
    return start is not None and start < until and (end or start + timedelta(minutes=1)) > window.start


def span(one: JobView) -> tuple[datetime | None, datetime | None]:
    """When somebody goes there, as far as it is known: as promised, else as the resident wished."""
    if at := one.hold_until or one.eta:
        return at, None
    return one.appointment_start, one.appointment_end


def due(jobs: Sequence[JobView]) -> list[JobView]:
    """Those whose hour has come, or comes soon; where there is none, those of today."""
    now = clock.now()
    tonight = datetime.combine(clock.local(now).date() + timedelta(days=1), time(), clock.LOCAL)
    begun = [(one, start) for one in jobs if (start := span(one)[0]) is not None]
    soon = [one for one, start in begun if start <= now + _SOON]
    return soon or [one for one, start in begun if start < tonight]
