"""A talk as it was round one of its entries: what a search leads to."""

import re
from dataclasses import dataclass
from datetime import datetime

from models.conversations import Conversation, Message
from models.desk import Note
from models.outbox import Outbox
from services.actors import Actor
from services.desk import holding, sources, stream
from services.desk.stream import Marker, Page
from services.errors import NotFound

_BEHIND = 15  # entries that are shown behind it
_ENTRY = re.compile(r"([mon])(\d{1,18})")
_LAST = """
SELECT
    (SELECT id FROM message WHERE conversation_id = $1 AND created_at <= $3 ORDER BY id DESC LIMIT 1) AS message,
    (SELECT id FROM outbox WHERE person_id = $2 AND created_at <= $3 ORDER BY id DESC LIMIT 1) AS sent,
    (SELECT id FROM note WHERE conversation_id = $1 AND created_at <= $3 ORDER BY id DESC LIMIT 1) AS note,
    (SELECT id FROM event WHERE subject_kind = 'conversation' AND subject_id = $1 AND at <= $3
        ORDER BY id DESC LIMIT 1) AS event
"""
_NEXT = """
SELECT kind, id, at FROM (
    (SELECT 'm' AS kind, id, created_at AS at FROM message WHERE conversation_id = $1 AND id > $3
        ORDER BY id LIMIT $7)
    UNION ALL
    (SELECT 'o', id, created_at FROM outbox WHERE person_id = $2 AND id > $4 ORDER BY id LIMIT $7)
    UNION ALL
    (SELECT 'n', id, created_at FROM note WHERE conversation_id = $1 AND id > $5 ORDER BY id LIMIT $7)
    UNION ALL
    (SELECT 'e', id, at FROM event WHERE subject_kind = 'conversation' AND subject_id = $1 AND id > $6
        ORDER BY id LIMIT $7)
) AS behind ORDER BY at, id LIMIT $7
"""


@dataclass(frozen=True, slots=True)
class Around:
    """`entry` is the one that was asked for; `at_end` says that nothing newer is left out."""

    page: Page
    entry: str
    at_end: bool


async def page(conversation_id: int, entry: str, *, actor: Actor) -> Around:
    """Raises NotFound for a talk or an entry that is not there, or not theirs to see."""
    conversation = await holding.seen(conversation_id, actor)
    kind, number, at = await _entry(conversation, entry)
    database = Conversation._meta.db
    [last] = await database.execute_query_dict(_LAST, [conversation.id, conversation.person_id, at])
    ends = {
        "m": last["message"] or 0,
        "o": last["sent"] or 0,
        "n": last["note"] or 0,
        "e": last["event"] or 0,
    }
    ends[kind] = max(ends[kind], number)
    values = [conversation.id, conversation.person_id, *ends.values(), _BEHIND + 1]
    behind = await database.execute_query_dict(_NEXT, values)
    for row in behind[:_BEHIND]:
        ends[row["kind"]] = max(ends[row["kind"]], row["id"])
    before = Marker(*(one + 1 for one in ends.values()))
    found = await stream.page(conversation_id, actor=actor, before=before)
    return Around(found, entry, len(behind) <= _BEHIND)


async def _entry(conversation: Conversation, entry: str) -> tuple[str, int, datetime]:
    found = _ENTRY.fullmatch(entry)
    if found is None:
        raise NotFound("human.no_such_message")
    kind, number = found[1], int(found[2])
    row: Message | Outbox | Note | None
    if kind == "m":
        row = await Message.filter(conversation_id=conversation.id, id=number).first()
    elif kind == "o":
        row = await sources.shown(Outbox.filter(person_id=conversation.person_id, id=number)).first()
    else:
        row = await Note.filter(conversation_id=conversation.id, id=number).first()
    if row is None:
        raise NotFound("human.no_such_message")
    return kind, number, row.created_at
