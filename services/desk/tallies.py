"""How many talks stand in each list, wait, are unread: true numbers, for tabs, title and news."""

from dataclasses import dataclass

from services.actors import Actor
from services.desk.inbox import WHICH, WITH, ask, who
from services.desk.listing import Box
from services.scope import Field, Scope


@dataclass(frozen=True, slots=True)
class Counts:
    waiting: int
    mine: int
    all: int
    snoozed: int


_COUNTS = """
SELECT count(*) FILTER (WHERE {waiting}) AS waiting, count(*) FILTER (WHERE {mine}) AS mine,
    count(*) FILTER (WHERE {all}) AS "all",
    count(*) FILTER (WHERE {snoozed}) AS snoozed
FROM conversation c LEFT JOIN binding b ON b.person_id = c.person_id AND b.status = 'active'
WHERE ($1::int[] IS NULL OR b.community_id IS NULL OR b.community_id = ANY($1))
    AND ($3::int IS NULL OR c.queue_office_id IS NULL OR c.queue_office_id = $3 OR c.held_by_id = $2)
"""
_STANDING = """
SELECT count(*) FILTER (WHERE {waiting}) AS waiting, count(*) FILTER (WHERE {snoozed}) AS snoozed
FROM conversation c LEFT JOIN binding b ON b.person_id = c.person_id AND b.status = 'active'
WHERE (c.hold <> 'bot' OR c.person_id IN (SELECT person_id FROM danger))
    AND ($1::int[] IS NULL OR b.community_id IS NULL OR b.community_id = ANY($1))
    AND ($3::int IS NULL OR c.queue_office_id IS NULL OR c.queue_office_id = $3 OR c.held_by_id = $2)
"""
_WAITING = """
SELECT count(*) AS waiting FROM conversation c
LEFT JOIN binding b ON b.person_id = c.person_id AND b.status = 'active'
WHERE (c.hold <> 'bot' OR c.person_id IN (SELECT person_id FROM danger))
    AND ($1::int[] IS NULL OR b.community_id IS NULL OR b.community_id = ANY($1))
    AND ($3::int IS NULL OR c.queue_office_id IS NULL OR c.queue_office_id = $3 OR c.held_by_id = $2)
    AND ({waiting} OR ({mine} AND c.waiting_since IS NOT NULL))
"""
_HELD = """
SELECT held_by_id AS staff, count(*) AS talks FROM conversation
WHERE hold = 'staff' AND hold <> 'bot' AND held_by_id IS NOT NULL AND NOT snoozed GROUP BY held_by_id
"""
_OWN = """
SELECT c.id, unread.count AS unread FROM conversation c
LEFT JOIN talk_read seen ON seen.staff_id = $1 AND seen.conversation_id = c.id
CROSS JOIN LATERAL (
    SELECT count(*) AS count FROM (
        SELECT FROM message WHERE conversation_id = c.id AND answers_id IS NULL
            AND kind = ANY(ARRAY['text', 'image', 'voice', 'video', 'location', 'link', 'other'])
            AND CASE WHEN seen.id IS NULL THEN c.waiting_since IS NOT NULL AND created_at >= c.waiting_since
                ELSE message.id > seen.message_id END
        ORDER BY message.id DESC LIMIT 100) AS newest) unread
WHERE c.hold = 'staff' AND c.hold <> 'bot' AND c.held_by_id = $1 AND unread.count > 0 ORDER BY c.id
"""


async def counts(*, actor: Actor) -> Counts:
    query = WITH + _COUNTS.format(
        waiting=WHICH[Box.WAITING], mine=WHICH[Box.MINE], all=WHICH[Box.ALL], snoozed=WHICH[Box.SNOOZED]
    )
    [found] = await ask(query, *who(actor))
    return Counts(found["waiting"], found["mine"], found["all"], found["snoozed"])


async def standing(scope: Scope) -> tuple[int, int]:
    """How many wait and how many are laid aside where this scope reaches, without looking at every talk."""
    query = WITH + _STANDING.format(waiting=WHICH[Box.WAITING], snoozed=WHICH[Box.SNOOZED])
    communities = None if scope.communities is None else sorted(scope.communities)
    [found] = await ask(query, communities, 0, scope.office_id)
    return found["waiting"], found["snoozed"]


async def waiting(*, actor: Actor) -> int:
    """How many wait for this person: in the queue, in danger, and in talks of their own."""
    if actor.scope is None or Field.TALKS not in actor.scope.sees:
        return 0
    query = WITH + _WAITING.format(waiting=WHICH[Box.WAITING], mine=WHICH[Box.MINE])
    [found] = await ask(query, *who(actor))
    return int(found["waiting"])


async def held() -> dict[int, int]:
    """How many talks each of the staff has before them."""
    return {one["staff"]: one["talks"] for one in await ask(_HELD)}


async def unread_of_own(*, actor: Actor) -> dict[int, int]:
    """How much is unread in each talk that they have, for those of which anything is."""
    actor.seeing(Field.TALKS)
    found = await ask(_OWN, actor.staff_id or 0)
    return {one["id"]: one["unread"] for one in found}
