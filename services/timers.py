"""Things to look at later. PostgreSQL keeps them; workers/schedules runs what is due (workers/kinds says how)."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

import orjson

from models import rows
from models.rows import Part
from models.timers import Timer
from models.values import Json
from services import clock, work

_LONGEST_WAIT = timedelta(hours=1)

_SET = """
INSERT INTO timer (key, kind, subject_id, due_at, note, attempts) VALUES ($1, $2, $3, $4, $5::jsonb, 0)
ON CONFLICT (key) DO UPDATE SET due_at = EXCLUDED.due_at, note = EXCLUDED.note, attempts = EXCLUDED.attempts
"""
_MOVE = "UPDATE timer SET due_at = $2, note = '{}', attempts = 0 WHERE key = $1"
_CLEAR = "DELETE FROM timer WHERE key = $1"


@dataclass(frozen=True, slots=True)
class Due:
    """A timer whose time has come."""

    id: int
    kind: str
    subject_id: int
    due_at: datetime
    note: Json


async def due(limit: int) -> list[int]:
    """The ids of what is due, oldest first."""
    waiting = Timer.filter(due_at__lte=clock.now()).order_by("due_at", "id").limit(limit)
    return [one.id for one in await waiting.only("id")]


async def still_due(timer_id: int) -> Due | None:
    """None when it was ended or moved in the meantime."""
    one = await Timer.filter(id=timer_id, due_at__lte=clock.now()).first()
    return Due(one.id, one.kind, one.subject_id, one.due_at, one.note) if one else None


async def set_timer(
    kind: str, subject_id: int, due_at: datetime, *, key: str = "", note: Json | None = None
) -> None:
    """Run `kind` for the subject at `due_at`. The key defaults to kind:subject; setting again moves it."""
    await write(setting(kind, subject_id, due_at, key=key, note=note))


def setting(kind: str, subject_id: int, due_at: datetime, *, key: str = "", note: Json | None = None) -> Part:
    """As set_timer, to be written beside the event that is its cause."""
    work.wake("timers")
    written = orjson.dumps(note or {}).decode()
    return Part(_SET, (key or f"{kind}:{subject_id}", kind, subject_id, due_at, written))


def moving(kind: str, subject_id: int, due_at: datetime) -> Part:
    """As setting, where such a timer is set already; else nothing."""
    work.wake("timers")
    return Part(_MOVE, (f"{kind}:{subject_id}", due_at))


async def set_many(kind: str, subject_ids: Iterable[int], due_at: datetime) -> None:
    """As set_timer, for many subjects in one statement."""
    several = [
        Timer(key=f"{kind}:{one}", kind=kind, subject_id=one, due_at=due_at, note={}) for one in subject_ids
    ]
    await Timer.bulk_create(several, on_conflict=["key"], update_fields=["due_at", "note", "attempts"])
    work.wake("timers")


async def end(timer: Due) -> None:
    """It was run; it stays when what ran set it again."""
    await Timer.filter(id=timer.id, due_at=timer.due_at).delete()


async def put_off(timer_id: int) -> None:
    """It failed: one minute, two, four …, never more than an hour; nothing is dropped."""
    timer = await Timer.filter(id=timer_id).first()
    if timer is None:
        return
    wait = min(timedelta(minutes=2 ** min(timer.attempts, 10)), _LONGEST_WAIT)
    later = {"attempts": timer.attempts + 1, "due_at": clock.now() + wait}
    await Timer.filter(id=timer_id, due_at=timer.due_at).update(**later)


async def clear(kind: str, subject_id: int) -> None:
    await write(clearing(kind, subject_id))


async def write(timer: Part) -> None:
    """What is not written beside an event."""
    await rows.records(Timer, timer.statement, *timer.values)


def clearing(kind: str, subject_id: int) -> Part:
    """As clear, to be written beside the event that is its cause."""
    return Part(_CLEAR, (f"{kind}:{subject_id}",))


async def due_at(kind: str, subject_id: int) -> datetime | None:
    """None when there is no such timer."""
    found = await Timer.filter(key=f"{kind}:{subject_id}").first()
    return found.due_at if found else None


async def ahead(kind: str) -> list[tuple[int, datetime]]:
    """The subjects of this kind whose time has not come yet, and when it comes."""
    waiting = await Timer.filter(kind=kind, due_at__gt=clock.now()).order_by("id")
    return [(one.subject_id, one.due_at) for one in waiting]


async def look_again(kind: str, subject_id: int) -> None:
    """Run it now with its note, where one is set for later: it says itself when it should have been."""
    await Timer.filter(key=f"{kind}:{subject_id}", due_at__gt=clock.now()).update(due_at=clock.now())
    work.wake("timers")


async def is_set(kind: str, subject_id: int) -> bool:
    return bool(await rows.records(Timer, "SELECT 1 FROM timer WHERE key = $1", f"{kind}:{subject_id}"))
