"""The queue of those who wait for people: who stands where in it, and telling colleagues that somebody does."""

from collections.abc import Collection

from models.conversations import Conversation, Hold
from models.tasks import TaskKind
from services import clock, staff_tasks
from services.actors import Actor
from services.desk import telling
from services.estate import homes

# The one order: who was left alone goes first, then who has waited longest. The list of the desk has the same.
# Somebody without a house waits with all; else those count whom the same office answers.
_BEFORE = """
SELECT count(*) AS ahead FROM conversation c
LEFT JOIN binding b ON b.person_id = c.person_id AND b.status = 'active'
LEFT JOIN community m ON m.id = b.community_id
WHERE c.hold = 'queued' AND c.id <> $1
    AND (NOT c.pressing, coalesce(c.waiting_since, c.held_since), c.id) < (NOT $2::bool, $3::timestamptz, $1)
    AND ($4::int IS NULL OR coalesce(c.queue_office_id, m.office_id) IS NULL
        OR coalesce(c.queue_office_id, m.office_id) = $4)
"""
_OFFICE = """
SELECT coalesce($2::int, m.office_id) AS office FROM (SELECT 1) AS one
LEFT JOIN binding b ON b.person_id = $1 AND b.status = 'active'
LEFT JOIN community m ON m.id = b.community_id
"""


async def position(conversation: Conversation) -> int:
    """Counts from 1; 0 for whoever is not in the queue."""
    if conversation.hold is not Hold.QUEUED:
        return 0
    database = Conversation._meta.db
    person, given = conversation.person_id, conversation.queue_office_id
    [found] = await database.execute_query_dict(_OFFICE, [person, given])
    since = conversation.waiting_since or conversation.held_since
    values = [conversation.id, conversation.pressing, since, found["office"]]
    [before] = await database.execute_query_dict(_BEFORE, values)
    return int(before["ahead"]) + 1


async def announce(
    conversation: Conversation, said: str, *, actor: Actor, hidden_from: Collection[int] = ()
) -> None:
    """Put it on the list of what people have to do, and tell who is on duty, but for those it is hidden from."""
    person_id = conversation.person_id
    key = f"handover:{conversation.id}:{clock.now().isoformat()}"
    await staff_tasks.add(
        TaskKind.HANDOVER,
        "asked_for_people",
        values=await telling.words(person_id, said, hidden_from=hidden_from),
        key=key,
        community_id=await homes.community_of(person_id),
        person_id=person_id,
        actor=actor,
    )
    await telling.service(person_id, "staff.handover", said, key=key, hidden_from=hidden_from)
