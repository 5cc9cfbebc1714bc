"""The two statements of a turn. They go to asyncpg directly: measured, the ORM would cost more than the turn.

First: store the inbound message or find it stored, lock the conversation, read its state and who the person is.
Last: write the state and the stored reply with why it is so.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from hashlib import blake2b
from typing import Any, Protocol, Self

import orjson

from bot.reply_rows import reply_of, reply_row
from bot.turn import Who
from bot.values import Inbound, Plain, Reply, numbered
from bot.why import Why
from models.community import Relation
from models.conversations import Hold
from models.values import Json
from services.delivery.windows import Windows
from services.estate.homes import Home

Row = Mapping[str, Any]


class Connection(Protocol):
    """What we use of asyncpg's connection."""

    async def fetchrow(self, query: str, *arguments: object) -> Row | None: ...
    async def fetch(self, query: str, *arguments: object) -> list[Row]: ...
    async def execute(self, query: str, *arguments: object) -> str: ...


_LONGEST_ID = 128
_PERSON_COLUMNS = "p.id AS person_id, p.channel_id, p.name, p.phone, p.blocked"
_WHO = """
    who.person_id, who.channel_id, who.name, who.phone, who.blocked, b.status AS binding, b.relation, b.house_id,
    h.label AS house, h.building_id, h.unit_id, b.name AS bound_name, b.phone AS bound_phone, b.matched,
    b.community_id, m.name AS community, t.id AS technician_id, t.name AS technician, t.on_duty
"""
_WHO_JOINS = """
    LEFT JOIN binding b ON b.person_id = who.person_id AND b.status IN ('active', 'pending')
    LEFT JOIN house h ON h.id = b.house_id
    LEFT JOIN community m ON m.id = b.community_id
    LEFT JOIN technician t ON t.person_id = who.person_id AND t.active
"""
# What was pushed to the person last, if that is not too long ago.
_PUSHED = """
    SELECT payload -> 'reply' -> 'options' AS options, sent_at FROM outbox
    WHERE person_id = {person} AND status IN ('sent', 'unknown') AND sent_at > {since} ORDER BY id DESC LIMIT 1
"""

# A push that was handled before finds nothing to lock: answering it again writes nothing.
#
# The lock decides the order: whoever waited for it reads the row as the turn before left it. What is joined beside
# it is as old as the statement, so `seen` tells whether the turn before is part of that picture.
#
# LIMIT 1 tells the planner what the unique keys say: in a table that grew since it was analysed it expects many rows,
# finds the plan that it keeps dear for ever after, and plans every turn again (1 ms each).
_LOAD = f"""
WITH who AS (
    SELECT c.id, c.state, c.hold, c.turns, c.window_until, c.sends_left,
        c.minute_until, c.minute_left, c.options_shown, c.replies_held, p.following, {_PERSON_COLUMNS}
    FROM conversation c JOIN person p ON p.id = c.person_id
    WHERE p.channel = $1 AND p.channel_id = $2 AND NOT EXISTS (SELECT FROM message WHERE external_id = $3)
    LIMIT 1 FOR UPDATE OF c
), stored AS (
    INSERT INTO message (conversation_id, external_id, kind, text, body, created_at)
    SELECT id, $3, $4, $5, $6::jsonb, $7 FROM who
    ON CONFLICT (external_id) DO NOTHING
    RETURNING id
)
SELECT who.id AS conversation_id, who.state, who.hold, who.turns, who.window_until, who.sends_left,
    who.minute_until, who.minute_left, who.options_shown, who.replies_held, who.following,
    (SELECT turns FROM conversation seen WHERE seen.id = who.id) AS seen, stored.id AS message_id, {_WHO},
    pushed.options AS pushed, pushed.sent_at AS pushed_at,
    CASE WHEN who.id IS NULL THEN EXISTS (SELECT FROM message WHERE external_id = $3) END AS handled
FROM (SELECT) AS push LEFT JOIN who ON true LEFT JOIN stored ON true {_WHO_JOINS}
    LEFT JOIN LATERAL ({_PUSHED.format(person="who.person_id", since="$8")}) pushed ON true
ORDER BY b.id DESC LIMIT 1
"""  # noqa: S608 - constants only

# Of the same person only: what one was answered is never another's, whatever the ids are.
_ANSWER = """
SELECT answer.body AS answered FROM message asked
JOIN conversation c ON c.id = asked.conversation_id JOIN person p ON p.id = c.person_id
LEFT JOIN message answer ON answer.answers_id = asked.id
WHERE asked.external_id = $1 AND p.channel = $2 AND p.channel_id = $3
"""

_LAST_PUSHED = _PUSHED.format(person="$1", since="$2")

_PERSON = f"""
WITH who AS (SELECT {_PERSON_COLUMNS} FROM person p WHERE p.id = $1)
SELECT {_WHO} FROM who {_WHO_JOINS} ORDER BY b.id DESC LIMIT 1
"""  # noqa: S608 - as above

# Why it was answered so stands with the answer; what was not answered says itself why.
_SAVE = """
WITH answered AS (
    INSERT INTO message (conversation_id, answers_id, kind, text, body, created_at)
    SELECT $1, $2, 'reply', $3, $4::jsonb, $5 WHERE $4::text IS NOT NULL
), explained AS (
    UPDATE message SET body = body || jsonb_build_object('why', $13::jsonb)
    WHERE id = $2 AND $13::text IS NOT NULL AND $4::text IS NULL
)
UPDATE conversation SET state = $6::jsonb, turns = turns + 1, last_inbound_at = $5, nudge_at = $7,
    window_until = $8, sends_left = $9, minute_until = $10, minute_left = $11, options_shown = $12,
    waiting_since = CASE WHEN hold = 'bot' THEN NULL WHEN $14 THEN coalesce(waiting_since, $5) ELSE waiting_since END,
    snoozed = snoozed AND NOT $14
WHERE id = $1
"""

_QUEUE = """
INSERT INTO outbox (key, person_id, payload, status, rung, attempts, not_before, platform_id, error, created_at)
SELECT key, $1, payload::jsonb, 'pending', 'custom', 0, at, '', '', $5
FROM unnest($2::text[], $3::text[], $4::timestamptz[]) AS row (key, payload, at)
ON CONFLICT (key) DO UPDATE SET payload = EXCLUDED.payload, not_before = EXCLUDED.not_before
WHERE outbox.status = 'pending'
"""

_TAKE_BACK = "UPDATE outbox SET status = 'cancelled' WHERE key = $1 AND status = 'pending'"


PUSHED_LASTS = timedelta(days=3)


@dataclass(frozen=True, slots=True)
class Pushed:
    """The options of what was pushed to the person last, and when; none of long ago."""

    options: list[dict[str, Plain]] = field(default_factory=list)
    at: datetime | None = None

    @classmethod
    def of(cls, options: str | None, at: datetime | None) -> Self:
        return cls(orjson.loads(options) if options else [], at)


@dataclass(slots=True)
class Loaded:
    """The conversation under its lock, and the message that was stored in it."""

    conversation_id: int
    message_id: int
    who: Who
    state: Json
    hold: Hold
    windows: Windows
    options_shown: int
    following: bool
    pushed: "Pushed"
    replies_held: bool = False  # of staff, for when the person writes

    def number(self, reply: Reply) -> Reply:
        """The reply with its options numbered on from those that were shown before."""
        first = self.options_shown + 1
        self.options_shown += len(reply.options)
        return numbered(reply, first)


@dataclass(frozen=True, slots=True)
class Handled:
    """A push that was handled before, and the reply that was stored for it."""

    reply: Reply | None


@dataclass(frozen=True, slots=True)
class Queued:
    """A reply that goes through the outbox."""

    key: str
    reply: Reply
    not_before: datetime


async def load(connection: Connection, inbound: Inbound, now: datetime) -> Loaded | Handled | None:
    """None for somebody who never wrote before: call `people.meet` and load again."""
    row = await connection.fetchrow(
        _LOAD,
        inbound.channel,
        inbound.person,
        _identity(inbound),
        inbound.kind.value,
        inbound.text,
        orjson.dumps(_body(inbound)).decode(),
        now,
        now - PUSHED_LASTS,
    )
    assert row is not None, "of every push there is a row"
    if row["message_id"] is None:  # handled before, or while we waited for the lock, or nobody we know
        return await _handled(connection, inbound) if row["handled"] is not False else None
    current = row["seen"] == row["turns"]
    return Loaded(
        conversation_id=row["conversation_id"],
        message_id=row["message_id"],
        who=_who(row) if current else await person(connection, row["person_id"]),
        state=orjson.loads(row["state"]),
        hold=Hold(row["hold"]),
        windows=Windows(row["window_until"], row["sends_left"], row["minute_until"], row["minute_left"]),
        options_shown=row["options_shown"],
        following=row["following"],
        pushed=Pushed.of(row["pushed"], row["pushed_at"])
        if current
        else await last_pushed(connection, row["person_id"], now),
        replies_held=row["replies_held"],
    )


async def last_pushed(connection: Connection, person_id: int, now: datetime) -> Pushed:
    row = await connection.fetchrow(_LAST_PUSHED, person_id, now - PUSHED_LASTS)
    return Pushed.of(row["options"], row["sent_at"]) if row else Pushed()


def _identity(inbound: Inbound) -> str:
    """What tells this push from every other: a channel whose ids do not name the sender gets its name added."""
    named = f":{inbound.external_id}:"
    if f":{inbound.person}:" in named:
        return inbound.external_id
    identity = f"{inbound.person}:{inbound.external_id}"
    if len(identity) <= _LONGEST_ID:
        return identity
    return blake2b(identity.encode(), digest_size=32).hexdigest()


async def _handled(connection: Connection, inbound: Inbound) -> Handled | None:
    row = await connection.fetchrow(_ANSWER, _identity(inbound), inbound.channel, inbound.person)
    if row is None:
        return None
    body = row["answered"]
    return Handled(reply_of(orjson.loads(body)) if body else None)


def _body(inbound: Inbound) -> dict[str, object]:
    """What the message's other columns do not say, for orjson."""
    full: dict[str, object] = {
        "tapped": inbound.tapped,
        "key": inbound.key,
        "media_id": inbound.media_id,
        "latitude": inbound.latitude,
        "longitude": inbound.longitude,
        "sent_at": inbound.sent_at,
        "extra": dict(inbound.extra),
    }
    return {name: value for name, value in full.items() if value or value == 0}


async def person(connection: Connection, person_id: int) -> Who:
    row = await connection.fetchrow(_PERSON, person_id)
    assert row is not None, f"person {person_id} is gone"
    return _who(row)


def _who(row: Row) -> Who:
    return Who(
        id=row["person_id"],
        channel_id=row["channel_id"],
        name=row["name"] or row["technician"] or "",
        phone=row["phone"],
        blocked=row["blocked"],
        bound=row["binding"] == "active",
        binding=row["binding"] or "",
        relation=row["relation"] or "",
        house_id=row["house_id"] or 0,
        house=row["house"] or "",
        community_id=row["community_id"] or 0,
        community=row["community"] or "",
        technician_id=row["technician_id"] or 0,
        on_duty=row["on_duty"] or False,
        home=_home(row) if row["binding"] == "active" else None,
    )


def _home(row: Row) -> Home:
    """As homes.find reads it."""
    return Home(
        person_id=row["person_id"],
        community_id=row["community_id"],
        community_name=row["community"],
        building_id=row["building_id"],
        unit_id=row["unit_id"],
        house_id=row["house_id"],
        house_label=row["house"],
        relation=Relation(row["relation"]),
        name=row["bound_name"],
        phone=row["bound_phone"],
        confirmed=row["matched"],
    )


async def save(
    connection: Connection,
    loaded: Loaded,
    *,
    reply: Reply | None,
    state: Json,
    why: Why,
    nudge_at: datetime | None,
    now: datetime,
    spoke: bool = False,
) -> None:
    """`spoke` says that the person wants an answer, of people where these have the talk."""
    reason = why.row() if why.rule else None
    answer = {**reply_row(reply), "why": reason} if reply else None
    await connection.execute(
        _SAVE,
        loaded.conversation_id,
        loaded.message_id,
        reply.text if reply else "",
        orjson.dumps(answer).decode() if answer else None,
        now,
        orjson.dumps(state).decode(),
        nudge_at,
        loaded.windows.window_until,
        loaded.windows.sends_left,
        loaded.windows.minute_until,
        loaded.windows.minute_left,
        loaded.options_shown,
        orjson.dumps(reason).decode() if reason and not reply else None,
        spoke,
    )


async def queue(connection: Connection, person_id: int, rows: list[Queued], now: datetime) -> None:
    """Write outbox rows; one with a key that still waits is replaced."""
    payloads = [orjson.dumps({"reply": reply_row(one.reply)}).decode() for one in rows]
    await connection.execute(
        _QUEUE, person_id, [one.key for one in rows], payloads, [one.not_before for one in rows], now
    )


async def take_back(connection: Connection, key: str) -> None:
    await connection.execute(_TAKE_BACK, key)
