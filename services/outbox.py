"""Writing down what has to be sent. Nothing here sends; workers/delivery does, after the commit."""

from collections.abc import Mapping, Sequence
from datetime import datetime

import orjson

from models import rows
from models.outbox import Outbox, OutboxStatus
from models.values import Json
from services import clock, work

Value = str | int | None

_PUT = """
INSERT INTO outbox (key, person_id, payload, status, rung, attempts, not_before, platform_id, error, created_at)
VALUES ($1, $2, $3::jsonb, 'pending', 'custom', 0, $4, '', '', $5)
ON CONFLICT DO NOTHING
"""

# A message whose key begins so is for its reader alone: no page of colleagues shows it.
PRIVATE = "private:"


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
    now = clock.now()
    letters = [
        Outbox(key=key, person_id=person, payload={"phrase": phrase, "values": dict(values)}, not_before=now)
        for person, values, key in told
    ]
    await Outbox.bulk_create(letters, ignore_conflicts=True)
    work.wake("deliver")


async def put(person_id: int, payload: Json, *, key: str, not_before: datetime | None = None) -> None:
    now = clock.now()
    written = orjson.dumps(payload).decode()
    await rows.records(Outbox, _PUT, key, person_id, written, not_before or now, now)
    work.wake("deliver")


async def cancel(key: str) -> bool:
    """Take back what has not left yet. True when there was such a row."""
    pending = Outbox.filter(key=key, status=OutboxStatus.PENDING)
    return await pending.update(status=OutboxStatus.CANCELLED) > 0


async def cancel_all(prefix: str) -> int:
    """Take back whatever has a key that begins so and has not left yet; how much that was."""
    pending = Outbox.filter(key__startswith=prefix, status__in=(OutboxStatus.PENDING, OutboxStatus.MASS))
    return await pending.update(status=OutboxStatus.CANCELLED)
