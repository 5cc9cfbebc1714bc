"""Repairs whose clock has run out, and those on which nothing has happened for days."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from models.tickets import Ticket
from services import clock
from services.actors import Actor
from services.repairs import deadlines
from services.repairs.moves import UNFINISHED
from services.scope import Field

# A ticket's clock is its timer. When it rang for the last time, nothing is set until the ticket moves on: a ticket
# without one is late, as is one whose timer has passed and waits for a worker. $1 statuses, $2 communities (null for
# all), $3 now.
_LATE = """
SELECT t.id, t.number, t.status, g.name AS category, m.name AS community, h.label AS house, t.place,
    worker.name AS technician,
    coalesce((clock.note->>'act_at')::timestamptz, clock.due_at, rang.at, t.created_at) AS since,
    CASE WHEN clock.id IS NULL THEN coalesce(rang.note, '') ELSE '' END AS why
FROM ticket t JOIN category g ON g.id = t.category_id JOIN community m ON m.id = t.community_id
LEFT JOIN house h ON h.id = t.house_id LEFT JOIN technician worker ON worker.id = t.technician_id
LEFT JOIN timer clock ON clock.key = $4 || t.id
LEFT JOIN LATERAL (
    SELECT at, note FROM event
    WHERE subject_kind = 'ticket' AND subject_id = t.id AND verb = 'escalate' ORDER BY id DESC LIMIT 1) rang ON true
WHERE t.status = ANY($1::text[]) AND ($2::int[] IS NULL OR t.community_id = ANY($2))
    AND (clock.id IS NULL OR coalesce((clock.note->>'act_at')::timestamptz, clock.due_at) <= $3)
ORDER BY since, t.id LIMIT $5
"""


@dataclass(frozen=True, slots=True)
class Overdue:
    """`why` is the word under which it was told to the supervisor, "" where nobody was told; `since` when."""

    id: int
    number: str
    status: str
    category: str
    community: str
    house: str
    place: str
    technician: str
    why: str
    since: datetime


async def listed(*, actor: Actor, limit: int = 50) -> list[Overdue]:
    """Those of their communities, what has been late longest on top."""
    seen = actor.seeing(Field.REPAIRS)
    communities = None if seen.communities is None else sorted(seen.communities)
    values = [sorted(UNFINISHED), communities, clock.now(), f"{deadlines.KIND}:", limit]
    rows: list[dict[str, Any]] = await Ticket._meta.db.execute_query_dict(_LATE, values)
    return [_overdue(row) for row in rows]


def _overdue(row: dict[str, Any]) -> Overdue:
    return Overdue(**{**row, "house": row["house"] or "", "technician": row["technician"] or ""})
