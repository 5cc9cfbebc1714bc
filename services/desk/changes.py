"""What changed on the desk since a cursor, exactly: nothing is missed that commits late, nothing is told twice.

A cursor is a snapshot of PostgreSQL as text: which transactions it had seen. What changed since are the rows whose
transaction it had not seen and the snapshot of the question sees. A transaction that takes a minute holds up nobody,
and is told as soon as it commits.
"""

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import timedelta

import orjson

from models.changes import Change
from models.events import SubjectKind
from services.scope import Field, Scope

KEPT = timedelta(minutes=15)
# Whose work an event about such a subject is; about others everybody of the staff may know that something happened.
FIELD_OF: Mapping[str, Field] = {
    SubjectKind.CONVERSATION: Field.TALKS,
    SubjectKind.TICKET: Field.REPAIRS,
    SubjectKind.FAULT: Field.REPAIRS,
    SubjectKind.OUTAGE: Field.REPAIRS,
    SubjectKind.COMPLAINT: Field.COMPLAINTS,
    SubjectKind.REQUEST: Field.REQUESTS,
    SubjectKind.BINDING: Field.RESIDENTS,
    SubjectKind.PERSON: Field.RESIDENTS,
    SubjectKind.HOUSE: Field.RESIDENTS,
    SubjectKind.BILL: Field.FEES,
    SubjectKind.PAYMENT: Field.FEES,
    SubjectKind.SCRIPT: Field.SCRIPTS,
    SubjectKind.POLICY: Field.POLICY,
}
_CURSOR = re.compile(r"(\d{1,18}):(\d{1,18}):((?:\d{1,18}(?:,\d{1,18})*)?)")
_LONGEST = 4000  # characters of a cursor

# $1 the cursor, $2 talks that are to be looked up in any case. A restored database has rows of transactions that
# this server has yet to begin: they are left alone.
_SINCE = """
WITH news AS (
    SELECT kind, conversation_id, person_id, community_id, subject_kind, subject_id FROM desk_change
    WHERE transaction_id >= pg_snapshot_xmin($1::text::pg_snapshot)::text::bigint
        AND transaction_id < pg_snapshot_xmax(pg_current_snapshot())::text::bigint
        AND NOT pg_visible_in_snapshot(transaction_id::text::xid8, $1::text::pg_snapshot)
), talk AS (
    SELECT c.id, c.queue_office_id AS office, c.held_by_id AS holder,
        ARRAY(SELECT community_id FROM binding b
            WHERE b.person_id = c.person_id AND b.status = 'active') AS communities
    FROM conversation c WHERE c.id IN (
        SELECT conversation_id FROM news WHERE kind = 'talk' AND conversation_id IS NOT NULL
        UNION SELECT other.id FROM news JOIN conversation other ON other.person_id = news.person_id
            WHERE kind = 'talk'
        UNION SELECT unnest($2::int[]))
)
SELECT pg_current_snapshot()::text AS cursor,
    pg_snapshot_xmax($1::text::pg_snapshot) > pg_snapshot_xmax(pg_current_snapshot()) OR EXISTS (
        SELECT FROM (SELECT kind, transaction_id FROM desk_change ORDER BY transaction_id LIMIT 1) AS oldest
        WHERE kind = 'pruned'
            AND transaction_id >= pg_snapshot_xmin($1::text::pg_snapshot)::text::bigint) AS too_old,
    (SELECT coalesce(jsonb_agg(talk ORDER BY talk.id), '[]') FROM talk)::text AS talks,
    (SELECT coalesce(jsonb_agg(DISTINCT community_id), '[]') FROM news WHERE kind = 'alarm')::text AS alarms,
    EXISTS (SELECT FROM news WHERE kind = 'list') AS lists,
    (SELECT coalesce(jsonb_agg(DISTINCT jsonb_build_array(subject_kind, community_id,
            CASE WHEN subject_id IS NOT NULL THEN complaint_hidden_from(subject_id) END)), '[]')
        FROM news WHERE subject_kind IS NOT NULL)::text AS work
"""
# The row 'pruned' has the newest transaction of all that went; it comes before every row that is kept.
_PRUNE = """
WITH oldest AS (
    SELECT transaction_id AS id FROM desk_change WHERE kind <> 'pruned' AND at < now() - $1::interval
    ORDER BY transaction_id DESC LIMIT 1
), gone AS (
    DELETE FROM desk_change WHERE transaction_id < (SELECT id FROM oldest) RETURNING kind, transaction_id
), marked AS (
    INSERT INTO desk_change (transaction_id, kind, at)
    SELECT max(transaction_id), 'pruned', now() FROM gone HAVING count(*) > 0
)
SELECT count(*) AS count FROM gone WHERE kind <> 'pruned'
"""


@dataclass(frozen=True, slots=True)
class TalkChange:
    """A talk that changed, with what decides who may know: its communities, the office of its queue, its holder."""

    id: int
    communities: tuple[int, ...]
    office: int | None
    holder: int | None

    def seen_by(self, scope: Scope, staff_id: int) -> bool:
        """As the list of talks has it (services/desk/inbox)."""
        if self.communities and not scope.reaches(self.communities):
            return False
        return scope.office_id is None or self.office in (None, scope.office_id) or self.holder == staff_id


@dataclass(frozen=True, slots=True)
class Changes:
    """`too_old`: the cursor reaches back further than what is kept. `alarms` are communities, None for nobody's.

    `work`: about which kinds of subjects events were recorded, each with the community, and those of the staff who
    are not to hear of it.
    """

    cursor: str
    too_old: bool = False
    talks: tuple[TalkChange, ...] = ()
    alarms: tuple[int | None, ...] = ()
    lists: bool = False
    work: tuple[tuple[str, int | None, frozenset[int]], ...] = ()

    def __bool__(self) -> bool:
        return bool(self.too_old or self.talks or self.alarms or self.lists or self.work)

    def told_to(self, scope: Scope, staff_id: int) -> "Told":
        """As much of it as this person may know now."""
        talks = self.talks if Field.TALKS in scope.sees else ()
        return Told(
            reload=self.too_old,
            talks=frozenset(one.id for one in talks if one.seen_by(scope, staff_id)),
            alarms=Field.ALERTS in scope.sees and any(scope.has(one) for one in self.alarms),
            lists=self.lists and Field.TALKS in scope.sees,
            work=frozenset(
                kind
                for kind, community, hidden in self.work
                if staff_id not in hidden and _may_know(scope, kind, community)
            ),
        )


@dataclass(frozen=True, slots=True)
class Told:
    """What one person is told: to read everything anew, which talks changed, whether alarms or lists did, and about
    which kinds of subjects something was recorded.
    """

    reload: bool = False
    talks: frozenset[int] = frozenset()
    alarms: bool = False
    lists: bool = False
    work: frozenset[str] = frozenset()

    def __bool__(self) -> bool:
        return bool(self.reload or self.talks or self.alarms or self.lists or self.work)

    def __or__(self, other: "Told") -> "Told":
        return Told(
            reload=self.reload or other.reload,
            talks=self.talks | other.talks,
            alarms=self.alarms or other.alarms,
            lists=self.lists or other.lists,
            work=self.work | other.work,
        )


def _may_know(scope: Scope, kind: str, community_id: int | None) -> bool:
    return scope.has(community_id) and FIELD_OF.get(kind, Field.ALERTS) in scope.sees


async def now() -> str:
    """The cursor of this moment."""
    [row] = await Change._meta.db.execute_query_dict("SELECT pg_current_snapshot()::text AS cursor")
    return str(row["cursor"])


async def since(cursor: str, *, besides: Collection[int] = ()) -> Changes:
    """What changed, and the cursor that goes on from there. `besides` are talks that changed elsewhere than here.

    Raises nothing for a cursor that is none: it is too old, like that of another database.
    """
    if not _is_cursor(cursor):
        return Changes(await now(), too_old=True)
    [row] = await Change._meta.db.execute_query_dict(_SINCE, [cursor, list(besides)])
    if row["too_old"]:
        return Changes(row["cursor"], too_old=True)
    talks = (
        TalkChange(one["id"], tuple(one["communities"]), one["office"], one["holder"])
        for one in orjson.loads(row["talks"])
    )
    return Changes(
        cursor=row["cursor"],
        talks=tuple(talks),
        alarms=tuple(orjson.loads(row["alarms"])),
        lists=row["lists"],
        work=tuple(
            (kind, community, frozenset(hidden or ()))
            for kind, community, hidden in orjson.loads(row["work"])
        ),
    )


async def prune() -> int:
    """Let go what is older than any page will ask for; how many rows went."""
    [row] = await Change._meta.db.execute_query_dict(_PRUNE, [KEPT])
    return int(row["count"])


def _is_cursor(text: str) -> bool:
    found = _CURSOR.fullmatch(text) if len(text) <= _LONGEST else None
    if found is None:
        return False
    low, high = int(found[1]), int(found[2])
    running = [int(one) for one in found[3].split(",") if one]
    inside = all(low <= one < high for one in running)
    return 0 < low <= high and inside and running == sorted(set(running))
