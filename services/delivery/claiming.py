"""Claiming outbox rows: what is due, in the order of each person, once.

A row is claimed in a transaction of its own, so a worker that is killed leaves it `sending`; nobody sends it again,
the sweep marks it `unknown`.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from tortoise.queryset import QuerySet

from models.conversations import Conversation, Hold
from models.outbox import Outbox, OutboxStatus
from models.values import Json
from services import clock
from services.delivery import windows

# What is due, oldest first, if it is its person's first: nothing goes while an earlier one of that person is on its
# way or waits to be retried. Written (LATERAL, and the very condition of the index outbox_open) so that the index of
# status and time leads and that of open rows follows, however many rows were sent before or wait: a join by itself
# read the whole table, the index of persons the history of each. Times are the database's: machines disagree.
_CLAIM = """
UPDATE outbox SET status = 'sending', claimed_at = coalesce($1, now()), attempts = attempts + 1
WHERE id IN (
    SELECT due.id FROM outbox AS due CROSS JOIN LATERAL (
        SELECT open.id FROM outbox AS open
        WHERE open.person_id = due.person_id AND open.status IN ('pending', 'sending')
            AND (open.status = 'sending' OR open.attempts > 0 OR open.not_before <= coalesce($1, now()))
        ORDER BY open.id LIMIT 1) AS first
    WHERE due.status = 'pending' AND due.not_before <= coalesce($1, now()) AND first.id = due.id
    ORDER BY due.not_before LIMIT $2 FOR UPDATE OF due SKIP LOCKED)
RETURNING id
"""
# News that is due for the same person right behind a claimed row, never tried before; nothing else may stand between.
_FELLOWS = """
UPDATE outbox SET status = 'sending', claimed_at = coalesce($1, now()), attempts = attempts + 1
WHERE id IN (
    SELECT news.id FROM outbox AS news
    WHERE news.person_id = $2 AND news.id > $3 AND news.status = 'pending' AND news.attempts = 0
        AND news.not_before <= coalesce($1, now()) AND news.rung = 'custom' AND news.payload ? 'phrase'
        AND NOT EXISTS (
            SELECT FROM outbox AS other WHERE other.person_id = $2 AND other.id > $3 AND other.id < news.id
                AND other.status IN ('pending', 'sending') AND other.not_before <= coalesce($1, now())
                AND NOT (other.payload ? 'phrase' AND other.attempts = 0 AND other.rung = 'custom'))
    ORDER BY news.id LIMIT $4 FOR UPDATE OF news SKIP LOCKED)
RETURNING id
"""
_MOST_FELLOWS = 9


@dataclass(frozen=True, slots=True)
class Letter:
    """A claimed message with whom it is for. `sends_left` is what our ledger allows, None when it is empty: then the
    platform says.
    """

    id: int
    key: str
    person_id: int
    channel_id: str
    following: bool
    payload: Json
    status: OutboxStatus
    rung: str
    attempts: int
    sends_left: int | None
    subscriptions_left: int = 0
    held: bool = False  # people talk with this person now
    fleeting: bool = False  # what is left ends within the minute


async def claim(limit: int) -> list[Letter]:
    """Up to `limit` messages, now `sending`."""
    rows = await Outbox._meta.db.execute_query_dict(_CLAIM, [clock.held(), limit])
    if not rows:
        return []
    return await letters_of(Outbox.filter(id__in=[row["id"] for row in rows]))


async def letters(ids: Sequence[int]) -> list[Letter]:
    return await letters_of(Outbox.filter(id__in=list(ids)))


async def letters_of(found: QuerySet[Outbox]) -> list[Letter]:
    return [_letter(one) for one in await found.order_by("id").select_related("person__conversation")]


def _letter(outbox: Outbox) -> Letter:
    conversation: Conversation | None = getattr(outbox.person, "conversation", None)
    opened = windows.of(conversation)
    return Letter(
        id=outbox.id,
        key=outbox.key,
        person_id=outbox.person_id,
        channel_id=outbox.person.channel_id,
        following=outbox.person.following,
        payload=outbox.payload,
        status=outbox.status,
        rung=outbox.rung,
        attempts=outbox.attempts,
        sends_left=opened.left(clock.now()),
        fleeting=opened.fleeting(clock.now()),
        subscriptions_left=conversation.subscriptions_left if conversation else 0,
        held=conversation is not None and conversation.hold is Hold.STAFF,
    )


async def fellows(letter: Letter) -> list[Letter]:
    """Other news that is due for the same person now, also `sending` from here on; none beside what is no news."""
    if "phrase" not in letter.payload or letter.attempts > 1:
        return []
    found = await Outbox._meta.db.execute_query_dict(
        _FELLOWS, [clock.held(), letter.person_id, letter.id, _MOST_FELLOWS]
    )
    return await letters_of(Outbox.filter(id__in=[one["id"] for one in found])) if found else []


async def wait(letter: Letter, span: timedelta) -> None:
    """It can wait for a better moment, as if it had never been claimed; what comes behind it need not."""
    later = {"attempts": letter.attempts - 1, "not_before": clock.now() + span}
    await mine(letter).update(status=OutboxStatus.PENDING, **later)


async def put_back(letter: Letter) -> None:
    """A claimed letter that has to wait for its turn after all, as if it had never been claimed."""
    await mine(letter).update(status=OutboxStatus.PENDING, attempts=letter.attempts - 1)


async def due_in() -> float | None:
    """Seconds until the next row that waits for its time; None without one."""
    now = clock.now()
    soon = Outbox.filter(status=OutboxStatus.PENDING, not_before__gt=now).order_by("not_before")
    row = await soon.first().only("not_before")
    return (row.not_before - now).total_seconds() if row else None


def mine(letter: Letter) -> QuerySet[Outbox]:
    """The letter, unless somebody else decided about it in the meantime."""
    return Outbox.filter(id=letter.id, status=OutboxStatus.SENDING)
