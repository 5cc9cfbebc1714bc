"""The list of talks: who waits, whose they are, and what was said last, in the one order of waiting."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

import orjson

from models.conversations import Conversation, Hold
from services import clock, policy, spelling
from services.actors import OPERATOR, Actor
from services.desk import veils
from services.desk.entries import Entry, Speaker
from services.desk.listing import Box, Last, Listing, Order, Row, Urgency, urgency
from services.desk.veil import Veil
from services.errors import Invalid
from services.estate import finding
from services.scope import Field

PAGE = 50

WITH = """
WITH crew AS (
    SELECT person_id FROM staff WHERE active AND person_id IS NOT NULL
    UNION SELECT person_id FROM technician WHERE active AND person_id IS NOT NULL
), danger AS (
    SELECT person_id, min(created_at) AS since FROM staff_task
    WHERE kind = 'alert' AND done_at IS NULL AND taken_by_id IS NULL AND NOT values ? 'taken'
        AND person_id IS NOT NULL
    GROUP BY person_id
)
"""
# $1 the communities that they see, null for all; $2 who they are; $3 their office, null for all; $4 the search,
# $7 who else is found by it.
_TALKS = """
, talk AS (
    SELECT c.id, c.person_id, c.hold, c.held_by_id, c.held_since, c.waiting_since, c.pressing, c.snoozed,
        c.snoozed_until, c.last_inbound_at, c.turns, b.name, h.label AS house, m.name AS community,
        d.person_id IS NOT NULL AS danger, d.since AS danger_since,
        c.person_id IN (SELECT person_id FROM crew) AS crew,
        coalesce(c.waiting_since, CASE WHEN c.hold = 'queued' THEN c.held_since END) AS since
    FROM conversation c
    LEFT JOIN binding b ON b.person_id = c.person_id AND b.status = 'active'
    LEFT JOIN house h ON h.id = b.house_id
    LEFT JOIN community m ON m.id = b.community_id
    LEFT JOIN danger d ON d.person_id = c.person_id
    WHERE ($1::int[] IS NULL OR b.community_id IS NULL OR b.community_id = ANY($1))
        AND ($3::int IS NULL OR c.queue_office_id IS NULL OR c.queue_office_id = $3 OR c.held_by_id = $2)
        AND {which} AND ({search})
)
"""
WHICH = {
    Box.WAITING: """((c.hold = 'queued' AND NOT c.snoozed)
        OR (c.hold = 'bot' AND c.person_id IN (SELECT person_id FROM danger)))""",
    Box.MINE: "c.hold = 'staff' AND c.hold <> 'bot' AND c.held_by_id = $2 AND NOT c.snoozed",
    Box.ALL: "(b.id IS NOT NULL OR c.person_id NOT IN (SELECT person_id FROM crew))",
    Box.SNOOZED: "c.snoozed AND c.hold <> 'bot'",
    Box.CREW: "c.person_id IN (SELECT person_id FROM crew)",
}
_SEARCH = """$4::text = '' OR b.name ILIKE '%' || $4 || '%' OR h.label ILIKE $4 || '%' OR b.phone LIKE '%' || $4
    OR m.name ILIKE $4 || '%' OR c.person_id IN (SELECT person_id FROM staff WHERE name ILIKE '%' || $4 || '%'
        UNION SELECT person_id FROM technician WHERE name ILIKE '%' || $4 || '%')
    OR c.person_id = ANY($7::int[])"""
# Whole numbers, so that a list of any length is continued by key: danger, left alone, waiting, newest, id.
_PLACES = {
    Order.LONGEST: """(CASE WHEN danger THEN 0 ELSE 1 END)::bigint, (CASE WHEN pressing THEN 0 ELSE 1 END)::bigint,
        coalesce((extract(epoch FROM since) * 1000000)::bigint, 9000000000000000),
        -coalesce((extract(epoch FROM last_inbound_at) * 1000000)::bigint, 0), id::bigint""",
    Order.NEWEST: """(CASE WHEN danger THEN 0 ELSE 1 END)::bigint, 0::bigint, 0::bigint,
        -coalesce((extract(epoch FROM last_inbound_at) * 1000000)::bigint, 0), id::bigint""",
}
_LIST = """
, page AS (
    SELECT talk.*, ARRAY[{places}] AS place FROM talk
    WHERE $5::bigint[] IS NULL OR ARRAY[{places}] > $5::bigint[]
    ORDER BY place LIMIT $6
)
SELECT page.*, person.name AS own_name, person.created_at AS followed_at, holder.name AS holder,
    said.id AS said_id, said.kind AS said_kind, said.text AS said_text, said.answers_id IS NOT NULL AS answered,
    said.created_at AS said_at,
    sent.id AS sent_id, sent.key AS sent_key, sent.payload AS sent, sent.created_at AS sent_at, unread.count AS unread
FROM page JOIN person ON person.id = page.person_id
LEFT JOIN staff holder ON holder.id = page.held_by_id
LEFT JOIN talk_read seen ON seen.staff_id = $2 AND seen.conversation_id = page.id
LEFT JOIN LATERAL (
    SELECT id, kind, text, answers_id, created_at FROM message
    WHERE conversation_id = page.id AND kind <> ALL(ARRAY['delivery', 'silent', 'unfollow'])
    ORDER BY id DESC LIMIT 1) said ON true
LEFT JOIN LATERAL (
    SELECT id, key, payload, created_at FROM outbox
    WHERE person_id = page.person_id AND status <> 'cancelled' AND NOT starts_with(key, 'private:')
    ORDER BY id DESC LIMIT 1) sent ON true
CROSS JOIN LATERAL (
    SELECT count(*) AS count FROM (
        SELECT FROM message WHERE conversation_id = page.id AND answers_id IS NULL
            AND kind = ANY(ARRAY['text', 'image', 'voice', 'video', 'location', 'link', 'other'])
            AND CASE WHEN seen.id IS NULL THEN page.since IS NOT NULL AND created_at >= page.since
                ELSE message.id > seen.message_id END
        ORDER BY message.id DESC LIMIT 100) AS newest) unread
ORDER BY page.place
"""


async def rows(
    box: Box,
    *,
    actor: Actor,
    order: Order = Order.LONGEST,
    search: str = "",
    after: str = "",
    limit: int = PAGE,
    only: Collection[int] | None = None,
    anybody: bool = False,
    words: bool = True,
) -> Listing:
    """One page of a box, behind the row whose cursor is `after`. `only` are certain talks, wherever they stand.

    `anybody`: for the eyes of any of the staff. Without `words`, what was said last is left out.
    """
    which = WHICH[box] if only is None else f"c.id IN ({','.join(str(int(one)) for one in only) or 'NULL'})"
    talks = WITH + _TALKS.format(which=which, search=_SEARCH)
    query = talks + _LIST.format(places=_PLACES[order])
    sought = search.strip()
    values = (spelling.like(sought), _cursor(after), limit + 1, await _sought(sought, actor))
    found = await ask(query, *who(actor), *values)
    minutes = (await policy.current()).silence_minutes
    last = await _last_words(found[:limit], actor, anybody=anybody) if words else {}
    listed = [_row(one, actor, minutes, last.get(one["id"])) for one in found[:limit]]
    return Listing(listed, more=len(found) > limit)


async def _sought(words: str, actor: Actor) -> list[int]:
    """Whom the residents' page finds by these words: by initials, by name and house."""
    if not words or actor.scope is None or Field.RESIDENTS not in actor.scope.sees:
        return []
    people = (await finding.find(words, actor=actor)).people.rows
    return [one.person_id for one in people if one.person_id is not None and one.stage == 0]


async def _last_words(found: Sequence[Mapping[str, Any]], actor: Actor, *, anybody: bool) -> dict[int, Last]:
    """By talk, as far as they are not kept from them."""
    own = await veils.of_people([one["person_id"] for one in found], actor=actor, anybody=anybody)
    entries = {one["id"]: (_entry(one), own[one["person_id"]]) for one in found}
    over = await veils.over([(entry, own) for entry, own in entries.values() if entry])
    shown: dict[int, Last] = {}
    for one in found:
        if last := _last(one):
            entry, _ = entries[one["id"]]
            veil = over.get(entry.id) if entry else None
            shown[one["id"]] = _veiled(last, veil) if veil else last
    return shown


async def row(conversation_id: int, *, actor: Actor, words: bool = True) -> Row | None:
    """One talk as it stands in the lists; None outside of their scope."""
    found = await rows(Box.ALL, actor=actor, only=[conversation_id], limit=1, words=words)
    return found.rows[0] if found.rows else None


async def changed(conversation_ids: Collection[int]) -> list[Row]:
    """These talks as anybody sees them, unread as for somebody who never opened them."""
    limit = len(conversation_ids) + 1
    found = await rows(Box.ALL, actor=OPERATOR, only=conversation_ids, limit=limit, anybody=True)
    return found.rows


def who(actor: Actor) -> tuple[list[int] | None, int, int | None]:
    seen = actor.seeing(Field.TALKS)
    communities = None if seen.communities is None else sorted(seen.communities)
    return communities, actor.staff_id or 0, seen.office_id


async def ask(query: str, *values: object) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = await Conversation._meta.db.execute_query_dict(query, list(values))
    return found


def _cursor(text: str) -> list[int] | None:
    if not text:
        return None
    parts = text.split("_")
    if len(parts) != 5 or not all(one.lstrip("-").isdecimal() and len(one) < 20 for one in parts):
        raise Invalid("human.bad_marker")
    return [int(one) for one in parts]


def _row(found: Mapping[str, Any], actor: Actor, minutes: int, last: Last | None) -> Row:
    since = found["since"]
    waited = _seconds(since)
    return Row(
        id=found["id"],
        person_id=found["person_id"],
        name=found["name"] or found["own_name"] or "",
        community=found["community"] or "",
        house=found["house"] or "",
        hold=Hold(found["hold"]),
        holder=found["holder"] or "",
        held_by=found["held_by_id"],
        turns=found["turns"],
        mine=found["held_by_id"] is not None and found["held_by_id"] == actor.staff_id,
        waiting_since=since,
        waited_s=waited,
        urgency=urgency(waited, minutes) if since else Urgency.CALM,
        pressing=found["pressing"],
        danger=found["danger"],
        danger_s=_seconds(found["danger_since"]),
        crew=found["crew"],
        unread=found["unread"],
        snoozed_until=found["snoozed_until"],
        snoozed=found["snoozed"],
        last=last,
        followed_at=found["followed_at"],
        cursor="_".join(str(one) for one in found["place"]),
    )


def _seconds(since: datetime | None) -> int:
    return max(int((clock.now() - since).total_seconds()), 0) if since else 0


def _last(found: Mapping[str, Any]) -> Last | None:
    said_at, sent_at = found["said_at"], found["sent_at"]
    if sent_at and (said_at is None or sent_at > said_at):
        payload: Mapping[str, Any] = orjson.loads(found["sent"])
        reply = payload.get("reply") or {}
        speaker = Speaker.STAFF if payload.get("staff") else Speaker.BOT
        kind = "image" if reply.get("image") and not reply.get("text") else "text"
        phrase = "" if reply else str(payload.get("phrase", ""))
        values = payload.get("values") or {}
        return Last(speaker, kind, str(reply.get("text", "")), phrase, values, sent_at, payload.get("card"))
    if said_at is None:
        return None
    speaker = Speaker.BOT if found["answered"] else Speaker.RESIDENT
    kind = "text" if found["answered"] else found["said_kind"]
    return Last(speaker, kind, found["said_text"], "", {}, said_at)


def _entry(found: Mapping[str, Any]) -> Entry | None:
    """The last words with their place in the talk."""
    last = _last(found)
    if last is None:
        return None
    if found["sent_at"] and last.at == found["sent_at"]:
        staff_id = int(orjson.loads(found["sent"]).get("staff") or 0)
        values = orjson.loads(found["sent"]).get("values") or {}
        return Entry(
            "o", found["sent_id"], last.at, last.speaker, last.kind, staff_id=staff_id, values=values,
            key=found["sent_key"],
        )  # fmt: skip
    return Entry("m", found["said_id"], last.at, last.speaker, last.kind, last.text)


def _veiled(last: Last, veil: Veil) -> Last:
    """One line stands for it."""
    line = f"desk.veil_{veil}"
    return replace(last, speaker=Speaker.NEWS, kind="text", text="", phrase=line, values={}, card=None)
