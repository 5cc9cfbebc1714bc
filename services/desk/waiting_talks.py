"""Who waits for a word of ours: talks that people have or should have, and what was left for people to hear."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from models.conversations import Conversation
from models.tasks import StaffTask, TaskKind
from services import clock, spelling
from services.actors import Actor
from services.desk import tasks, veils
from services.desk.entries import Entry, Speaker
from services.desk.listing import Last
from services.desk.veil import Veil
from services.scope import Field
from services.staff_tasks import Value

KINDS = (TaskKind.LEFT_MESSAGE, TaskKind.HANDOVER)

# $1 communities, null for all; $2 who looks; $3 their office, null for all; $4 people with an open task.
_TALKS = """
SELECT c.id, c.person_id, c.hold, holder.name AS holder, c.held_by_id, c.window_until, c.sends_left,
    CASE WHEN c.hold <> 'bot' AND NOT c.snoozed
        THEN coalesce(c.waiting_since, CASE WHEN c.hold = 'queued' THEN c.held_since END) END AS waiting_since,
    coalesce(b.name, p.name) AS name, coalesce(b.phone, p.phone) AS phone, h.label AS house, m.name AS community,
    said.id AS said_id, said.kind AS said_kind, said.text AS said, said.created_at AS said_at
FROM conversation c JOIN person p ON p.id = c.person_id
LEFT JOIN staff holder ON holder.id = c.held_by_id
LEFT JOIN binding b ON b.person_id = c.person_id AND b.status = 'active'
LEFT JOIN house h ON h.id = b.house_id LEFT JOIN community m ON m.id = b.community_id
LEFT JOIN LATERAL (
    SELECT id, kind, text, created_at FROM message
    WHERE conversation_id = c.id AND answers_id IS NULL AND kind <> ALL(ARRAY['delivery', 'silent', 'unfollow'])
    ORDER BY id DESC LIMIT 1) said ON true
WHERE ($1::int[] IS NULL OR b.community_id IS NULL OR b.community_id = ANY($1))
    AND ($3::int IS NULL OR c.queue_office_id IS NULL OR c.queue_office_id = $3 OR c.held_by_id = $2)
    AND (c.person_id = ANY($4::int[]) OR (c.hold <> 'bot' AND NOT c.snoozed
        AND (c.hold = 'queued' OR c.waiting_since IS NOT NULL)))
"""


@dataclass(frozen=True, slots=True)
class LeftTask:
    """What stands on the list of staff: the phrase `task.<reason>`."""

    id: int
    reason: str
    values: Mapping[str, Value]
    taken_by: str
    tries: int


@dataclass(frozen=True, slots=True)
class Waits:
    """One person. `until` and `left` are of the window in which words still reach them; the phone is masked."""

    conversation_id: int | None
    name: str
    phone: str
    community: str
    house: str
    holder: str
    mine: bool
    since: datetime
    until: datetime | None
    left: int
    last: Last | None
    tasks: Sequence[LeftTask]


async def listed(*, actor: Actor, limit: int = 100) -> list[Waits]:
    """Who waited longest first; nobody for whom talks are no work of theirs."""
    if actor.scope is None or Field.TALKS not in actor.scope.sees:
        return []
    left = (
        await tasks.open_ones(actor)
        .filter(kind__in=list(KINDS))
        .order_by("id")
        .limit(limit)
        .select_related("taken_by", "community")
    )
    by_person: dict[int, list[StaffTask]] = {}
    for one in left:
        by_person.setdefault(one.person_id or 0, []).append(one)
    seen = actor.scope
    communities = None if seen.communities is None else sorted(seen.communities)
    values = [communities, actor.staff_id or 0, seen.office_id, [one for one in by_person if one]]
    rows: list[dict[str, Any]] = await Conversation._meta.db.execute_query_dict(_TALKS, values)
    kept = await _kept(rows, actor)
    found = [
        _waits(row, by_person.get(row["person_id"], []), actor, kept.get(f"m{row['said_id']}"))
        for row in rows
    ]
    return sorted(found, key=lambda one: (one.since, one.conversation_id or 0))[:limit]


async def _kept(rows: Sequence[Mapping[str, Any]], actor: Actor) -> Mapping[str, Veil]:
    own = await veils.of_people([row["person_id"] for row in rows], actor=actor)
    return await veils.over(
        (
            Entry("m", row["said_id"], row["said_at"], Speaker.RESIDENT, row["said_kind"], row["said"]),
            own[row["person_id"]],
        )
        for row in rows
        if row["said_at"]
    )


def _last(row: Mapping[str, Any], kept: Veil | None) -> Last | None:
    at = row["said_at"]
    if kept:
        return Last(Speaker.NEWS, "text", "", f"desk.veil_{kept}", {}, at)
    return Last(Speaker.RESIDENT, row["said_kind"], row["said"], "", {}, at) if at else None


def _waits(
    row: Mapping[str, Any], left: Sequence[StaffTask], actor: Actor, kept: Veil | None = None
) -> Waits:
    since = [one.created_at for one in left]
    if row["waiting_since"] is not None:
        since.append(row["waiting_since"])
    open_ = row["window_until"] is not None and row["window_until"] > clock.now()
    return Waits(
        conversation_id=row["id"],
        name=row["name"] or "",
        phone=spelling.masked(row["phone"]) if row["phone"] else "",
        community=row["community"] or "",
        house=row["house"] or "",
        holder=row["holder"] or "",
        mine=row["held_by_id"] is not None and row["held_by_id"] == actor.staff_id,
        since=min(since, default=clock.now()),
        until=row["window_until"] if open_ else None,
        left=row["sends_left"] if open_ else 0,
        last=_last(row, kept),
        tasks=[_task(one) for one in left],
    )


def _task(row: StaffTask) -> LeftTask:
    taken = row.taken_by.name if row.taken_by else ""
    return LeftTask(row.id, row.reason, row.values, taken, int(row.values.get("tries") or 0))
