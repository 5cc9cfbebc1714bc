"""The four tables of which a talk's stream is made, each read by key, and what staff see of a row."""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any

import orjson
from tortoise.queryset import QuerySet

from models.conversations import Conversation, Message
from models.desk import Note
from models.events import SubjectKind
from models.media import MediaFile
from models.outbox import Outbox, OutboxStatus
from models.people import Staff
from services import outbox
from services.desk.entries import Entry, File, Speaker, State

UNDO = timedelta(seconds=5)  # in which what somebody sent can be taken back
_OF_THE_PLATFORM = ("delivery", "silent")  # kinds of pushes that nobody said
_REJECTED = frozenset({"blocked", "not_following"})

_NEWEST = """
SELECT
    (SELECT max(id) FROM message WHERE conversation_id = $1 AND kind <> ALL($3)) AS message,
    (SELECT max(id) FROM outbox
        WHERE person_id = $2 AND status <> 'cancelled' AND NOT starts_with(key, 'private:')) AS sent,
    (SELECT max(id) FROM note WHERE conversation_id = $1) AS note,
    (SELECT max(id) FROM event WHERE subject_kind = 'conversation' AND subject_id = $1) AS event
"""
_COUNT_NEWER = """
SELECT
    (SELECT count(*) FROM message WHERE conversation_id = $1 AND id > $4 AND kind <> ALL($3))
    + (SELECT count(*) FROM outbox
        WHERE person_id = $2 AND id > $5 AND status <> 'cancelled' AND NOT starts_with(key, 'private:'))
    + (SELECT count(*) FROM note WHERE conversation_id = $1 AND id > $6) AS newer
"""
_NEWS = """
SELECT * FROM (
    (SELECT event.*, '' AS number, '' AS category FROM event
    WHERE subject_kind = 'conversation' AND subject_id = $1 AND id > $3 AND id < $4 ORDER BY id DESC LIMIT $5)
    UNION ALL
    (SELECT event.*, ticket.number, category.name FROM ticket
        JOIN category ON category.id = ticket.category_id
        JOIN event ON event.subject_kind = 'ticket' AND event.subject_id = ticket.id
    WHERE ticket.reporter_id = $2 AND event.id > $3 AND event.id < $4 ORDER BY event.id DESC LIMIT $5)
    UNION ALL
    (SELECT event.*, '', '' FROM staff_task
        JOIN event ON event.subject_kind = 'task' AND event.subject_id = staff_task.id
    WHERE staff_task.kind = 'alert' AND staff_task.person_id = $2 AND event.id > $3 AND event.id < $4
    ORDER BY event.id DESC LIMIT $5)
) AS news ORDER BY id DESC LIMIT $5
"""
_UNSAID = (
    "said",
    "noted",
    "opened",
    "taught",
    "phone_read",
    "reply_held",
    "reply_released",
)  # verbs whose words stand there already


async def newest(conversation: Conversation) -> tuple[int, int, int, int]:
    [row] = await _ask(_NEWEST, conversation.id, conversation.person_id, list(_OF_THE_PLATFORM))
    return row["message"] or 0, row["sent"] or 0, row["note"] or 0, row["event"] or 0


async def count_newer(conversation: Conversation, message: int, sent: int, note: int) -> int:
    who = (conversation.id, conversation.person_id, list(_OF_THE_PLATFORM))
    [row] = await _ask(_COUNT_NEWER, *who, message, sent, note)
    return int(row["newer"])


async def messages(conversation: Conversation, after: int, before: int, limit: int) -> list[Entry]:
    """What was heard and what was answered to it, newest first."""
    found = Message.filter(conversation_id=conversation.id, id__gt=after, id__lt=before)
    rows = await found.exclude(kind__in=_OF_THE_PLATFORM).order_by("-id").limit(limit)
    heard = {one.id: one for one in rows}
    missing = [one.answers_id for one in rows if one.answers_id and one.answers_id not in heard]
    heard |= {one.id: one for one in await Message.filter(id__in=missing)} if missing else {}
    files = await _files([one.body.get("media_id", "") for one in rows])
    return [_answer(one, heard.get(one.answers_id)) if one.answers_id else _heard(one, files) for one in rows]


async def messages_by_id(conversation: Conversation, ids: Sequence[int]) -> list[Entry]:
    rows = await Message.filter(conversation_id=conversation.id, id__in=list(ids), answers_id__isnull=True)
    files = await _files([one.body.get("media_id", "") for one in rows])
    return [_heard(one, files) for one in rows]


async def sent(conversation: Conversation, after: int, before: int, limit: int) -> list[Entry]:
    """What left, or will leave, by itself, newest first."""
    found = Outbox.filter(person_id=conversation.person_id, id__gt=after, id__lt=before)
    return await _sent(await shown(found).order_by("-id").limit(limit))


def shown(found: QuerySet[Outbox]) -> QuerySet[Outbox]:
    """Without what was taken back and what is for its reader alone."""
    return found.exclude(status=OutboxStatus.CANCELLED).exclude(key__startswith=outbox.PRIVATE)


async def sent_by_id(conversation: Conversation, ids: Sequence[int]) -> list[Entry]:
    found = Outbox.filter(person_id=conversation.person_id, id__in=list(ids))
    return await _sent(await found.order_by("-id"))


async def notes(conversation: Conversation, after: int, before: int, limit: int) -> list[Entry]:
    found = Note.filter(conversation_id=conversation.id, id__gt=after, id__lt=before)
    rows = await found.order_by("-id").limit(limit).select_related("staff")
    return [
        Entry(
            "n",
            one.id,
            one.created_at,
            Speaker.NOTE,
            "note",
            one.text,
            one.staff.name,
            one.staff_id,
            key=one.key,
        )
        for one in rows
    ]


async def news(conversation: Conversation, after: int, before: int, limit: int) -> list[Entry]:
    """Who held the talk, what became of the resident's repairs, and who was alerted to danger, newest first."""
    rows = await _ask(_NEWS, conversation.id, conversation.person_id, after, before, limit)
    told = [one for one in rows if one["verb"] not in _UNSAID]
    bodies = [orjson.loads(one["body"]) for one in told]
    actors = [one["actor_id"] for one in told if one["actor_kind"] == "staff"]
    names = await _names([*actors, *(staff_id for body in bodies for staff_id in _named(body))])
    return [_news(row, body, names) for row, body in zip(told, bodies, strict=True)]


async def _ask(query: str, *values: object) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = await Conversation._meta.db.execute_query_dict(query, list(values))
    return rows


async def _files(media_ids: Sequence[str]) -> dict[str, File]:
    named = [one for one in media_ids if one]
    rows = await MediaFile.filter(media_id__in=named) if named else []
    return {
        one.media_id: File(one.id, one.kind, one.status, one.mime, one.width, one.height, one.error)
        for one in rows
    }


def _heard(row: Message, files: Mapping[str, File]) -> Entry:
    body = row.body
    at = (body["latitude"], body["longitude"]) if "latitude" in body and "longitude" in body else None
    kind, text = row.kind, row.text
    speaker = Speaker.NEWS if kind in ("follow", "unfollow", "scan", "menu") else Speaker.RESIDENT
    values = {"key": body.get("key", ""), **body.get("extra", {})}
    return Entry(
        "m", row.id, row.created_at, speaker, kind, text, values=values, file=files.get(body.get("media_id", "")),
        place=at,
    )  # fmt: skip


def _answer(row: Message, heard: Message | None) -> Entry:
    why = row.body.get("why") or (heard.body.get("why", {}) if heard else {})
    place = why.get("after") or why.get("before") or {}
    return Entry(
        "m", row.id, row.created_at, Speaker.BOT, "text", row.text, options=_options(row.body),
        picture=str(row.body.get("image", "")), script=place.get("script", ""), step=place.get("step", ""),
        rule=why.get("rule", ""), state=State.SENT,
    )  # fmt: skip


def _options(reply: Mapping[str, Any]) -> tuple[str, ...]:
    return tuple(one["text"] for one in reply.get("options") or ())


async def _sent(rows: Sequence[Outbox]) -> list[Entry]:
    names = await _names([one.payload["staff"] for one in rows if one.payload.get("staff")])
    return [_sent_row(one, names) for one in rows]


def _sent_row(row: Outbox, names: Mapping[int, str]) -> Entry:
    payload, reply = row.payload, row.payload.get("reply") or {}
    staff_id = payload.get("staff") or 0
    return Entry(
        "o", row.id, row.created_at, Speaker.STAFF if staff_id else Speaker.BOT, "text",
        str(reply.get("text", "")), names.get(staff_id, ""), staff_id,
        phrase="" if reply else str(payload.get("phrase", "")), values=payload.get("values") or {},
        options=_options(reply), picture=str(reply.get("image") or ""), card=payload.get("card"),
        state=state_of(row), why=row.error, key=row.key.removeprefix("staff:"),
        attempt=int(payload.get("attempt") or 1),
        retried=bool(payload.get("retried")),
    )  # fmt: skip


def state_of(row: Outbox) -> State:
    if row.status is OutboxStatus.FAILED and row.error in _REJECTED:
        return State.REJECTED
    if row.status is OutboxStatus.SENT and row.arrived_at is not None:
        return State.ARRIVED
    if row.status is OutboxStatus.MASS:
        return State.PENDING
    return State.NONE if row.status is OutboxStatus.CANCELLED else State(row.status.value)


def _named(body: Mapping[str, Any]) -> list[int]:
    return [int(body[one]) for one in ("from", "held_by") if body.get(one)]


def _news(row: Mapping[str, Any], body: Mapping[str, Any], names: Mapping[int, str]) -> Entry:
    values = {
        "ticket": row["number"], "category": row["category"], "note": row["note"], "status": row["status_after"],
        "from": names.get(int(body.get("from") or 0), ""), "holder": names.get(int(body.get("held_by") or 0), ""),
        "actor": row["actor_kind"], "until": body.get("until") or "", "count": body.get("count") or 0,
        "stars": body.get("stars") or 0,
    }  # fmt: skip
    name = (
        names.get(row["actor_id"] or 0, "") if row["actor_kind"] == "staff" else str(body.get("name") or "")
    )
    kind = f"alarm_{row['verb']}" if row["subject_kind"] == SubjectKind.TASK else row["verb"]
    return Entry("e", row["id"], row["at"], Speaker.NEWS, kind, name=name, values=values)


async def _names(staff_ids: Sequence[int]) -> dict[int, str]:
    asked = sorted(set(staff_ids))
    return {one.id: one.name for one in await Staff.filter(id__in=asked)} if asked else {}
