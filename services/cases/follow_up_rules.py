"""Whom to call by rule: low stars, silence after something was done, and a sample of what seems well.

What somebody saw to already by the task that a bad rating made is not called about again.
Each round of a matter is on the list once; what opened it anew makes another round. A silence that ended by itself
leaves the list again unless somebody has called already.
"""

from datetime import timedelta

from models.events import SubjectKind
from models.follow_ups import FollowUp
from services import clock, events, policy, work
from services.actors import Actor
from services.events import Subject

_LOOKED_BACK = timedelta(days=14)  # older things are not called about any more

# $1 now, $2 the oldest moment, $3 low stars, $4 since when it is silent, $5 per cent of the sample.
_MATTERS = """
WITH ended AS (
    SELECT 'ticket' AS kind, t.id, t.reopened_count AS round, t.number || ' ' || c.name AS label,
        t.community_id, t.reporter_id AS person_id, t.finished_at AS at, t.rated_at IS NOT NULL AS rated,
        least(t.rating_speed, t.rating_quality) AS stars, t.rating_remark AS remark
    FROM ticket t JOIN category c ON c.id = t.category_id
    WHERE t.status IN ('awaiting_resident', 'closed') AND t.finished_at >= $2
    UNION ALL
    SELECT 'complaint', id, reopened_count, trim(number || ' ' || topic), community_id, person_id, answered_at,
        rated_at IS NOT NULL, rating, rating_remark
    FROM complaint WHERE status IN ('answered', 'closed') AND answered_at >= $2 AND NOT anonymous
    UNION ALL
    SELECT 'request', id, 0, number || ' ' || title, community_id, person_id, closed_at, false, NULL, ''
    FROM service_request WHERE status = 'done' AND closed_at >= $2
), why AS (
    SELECT ended.*, CASE
        WHEN kind = 'ticket' AND EXISTS (SELECT FROM staff_task s
            WHERE s.key = 'follow_up:' || ended.id || ':' || round AND s.done_at >= at) THEN NULL
        WHEN rated AND stars <= $3 THEN 'low_rating'
        WHEN NOT rated AND kind <> 'request' AND at <= $4 THEN 'silence'
        WHEN (rated OR kind = 'request') AND mod(abs(hashint8(id)::bigint), 100) < $5 THEN 'sample'
    END AS reason FROM ended
)
"""
_GATHER = f"""{_MATTERS}
INSERT INTO follow_up (key, subject_kind, subject_id, label, said, community_id, person_id, reason, finished_at,
    calls, outcome, created_at)
SELECT kind || ':' || id || ':' || round, kind, id, left(label, 80),
    left(CASE WHEN rated THEN stars || ' 星 ' || remark ELSE '' END, 400), community_id, person_id, reason, at,
    0, '', $1
FROM why WHERE reason IS NOT NULL
ON CONFLICT (key) DO UPDATE SET reason = excluded.reason, said = excluded.said
    WHERE follow_up.done_at IS NULL AND excluded.reason = 'low_rating' AND follow_up.reason <> 'low_rating'
RETURNING id, community_id
"""  # noqa: S608 - made of our own words alone
_FORGET = f"""{_MATTERS}
DELETE FROM follow_up f WHERE f.done_at IS NULL AND f.calls = 0 AND f.reason = 'silence' AND NOT EXISTS (
    SELECT FROM why WHERE f.key = kind || ':' || id || ':' || round AND reason = 'silence')
    AND f.finished_at >= $2 AND $1::timestamptz IS NOT NULL
"""  # noqa: S608 - made of our own words alone


async def gather(*, actor: Actor) -> int:
    """Put on the list what the rules find now; how many came onto it."""
    decided, now = await policy.current(), clock.now()
    values = [
        now,
        now - _LOOKED_BACK,
        decided.low_stars,
        now - timedelta(days=decided.follow_up_days),
        decided.follow_up_percent,
    ]
    work.must_run()
    connection = FollowUp._meta.db
    await connection.execute_query(_FORGET, values)
    found = await connection.execute_query_dict(_GATHER, values)
    fresh = [Subject(SubjectKind.FOLLOW_UP, row["id"], row["community_id"]) for row in found]
    if fresh:
        await events.record_many(fresh, "added", actor=actor)
    return len(fresh)
