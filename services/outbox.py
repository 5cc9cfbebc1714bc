"""Writing down what has to be sent. Nothing here sends; workers/delivery does, after the commit."""

import contextlib
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextvars import ContextVar
from datetime import datetime

import orjson

from models import rows
from models.outbox import Outbox, OutboxStatus
from models.values import Json
from services import clock, work

Value = str | int | list[int] | None

_PUT = """
INSERT INTO outbox (key, person_id, payload, status, rung, attempts, not_before, platform_id, error, created_at)
VALUES ($1, $2, $3::jsonb, 'pending', 'custom', 0, $4, '', '', $5)
ON CONFLICT DO NOTHING
"""

# A message whose key begins so is for its reader alone: no page of colleagues shows it.
PRIVATE = "private:"


_earliest: ContextVar[datetime | None] = ContextVar("_earliest", default=None)


@contextlib.contextmanager
def waiting_until(moment: datetime) -> Iterator[None]:
    """What is queued within leaves then at the earliest: as long as it may be taken back."""
    token = _earliest.set(moment)
    try:
        yield
    finally:
        _earliest.reset(token)


async def tell(
    person_id: int,
    phrase: str,
    values: Mapping[str, Value],
    *,
    key: str,
    not_before: datetime | None = None,
) -> None:
    """Queue the phrase for a person. The same key queues once, however often it is called."""
    await put(person_id, {"phrase": phrase, "values": dict(values)}, key=key, not_before=not_before)


async def tell_all(told: Sequence[tuple[int, Mapping[str, Value], str]], phrase: str) -> None:
    """Queue one phrase for many: (person, values, key) each. Like tell, the same key queues once."""
    now = _earliest.get() or clock.now()
    letters = [
        Outbox(key=key, person_id=person, payload={"phrase": phrase, "values": dict(values)}, not_before=now)
        for person, values, key in told
    ]
    await Outbox.bulk_create(letters, ignore_conflicts=True)
    work.wake("deliver")


async def put(person_id: int, payload: Json, *, key: str, not_before: datetime | None = None) -> None:
    now, written = clock.now(), orjson.dumps(payload).decode()
    leaves = max(not_before or now, _earliest.get() or now)
    await rows.records(Outbox, _PUT, key, person_id, written, leaves, now)
    work.wake("deliver")


async def cancel(key: str) -> bool:
    """Take back what has not left yet. True when there was such a row."""
    pending = Outbox.filter(key=key, status=OutboxStatus.PENDING)
    return await pending.update(status=OutboxStatus.CANCELLED) > 0


async def cancel_all(prefix: str) -> int:
    """Take back whatever has a key that begins so and has not left yet; how much that was."""
    pending = Outbox.filter(key__startswith=prefix, status__in=(OutboxStatus.PENDING, OutboxStatus.MASS))
    return await pending.update(status=OutboxStatus.CANCELLED)


async def waiting(prefix: str) -> frozenset[int]:
    """Ids of what has a key that begins so and has not left yet."""
    pending = Outbox.filter(key__startswith=prefix, status=OutboxStatus.PENDING)
    return frozenset([one.id for one in await pending.only("id")])


async def cancelled(ids: Collection[int]) -> list[int]:
    """Those of these that were taken back."""
    found = Outbox.filter(id__in=[*ids, 0], status=OutboxStatus.CANCELLED)
    return [one.id for one in await found.order_by("id").only("id")]


async def bring_back(ids: Collection[int]) -> None:
    """What was taken back of these is to be sent after all."""
    await Outbox.filter(id__in=[*ids, 0], status=OutboxStatus.CANCELLED).update(status=OutboxStatus.PENDING)
    work.wake("deliver")


async def left(prefix: str) -> bool:
    """Whether something that has a key that begins so has left, or is about to."""
    still = (OutboxStatus.PENDING, OutboxStatus.CANCELLED)
    return await Outbox.filter(key__startswith=prefix).exclude(status__in=still).exists()
