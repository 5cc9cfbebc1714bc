"""How much waits: what an operator watches, and is called for when it grows."""

from dataclasses import dataclass

from models.outbox import Outbox
from services import clock

# Each by an index; none of them reads what was settled long ago.
_ALL = """
SELECT 'outbox' AS name, status AS label, count(*)::float AS value FROM outbox
    WHERE status IN ('pending', 'sending') GROUP BY status
UNION ALL SELECT 'outbox_oldest_seconds', '', extract(epoch FROM coalesce($1, now()) - min(not_before))::float
    FROM outbox WHERE status = 'pending' AND not_before <= coalesce($1, now()) HAVING count(*) > 0
UNION ALL SELECT 'media', status, count(*)::float FROM media_file
    WHERE status IN ('pending', 'fetching') GROUP BY status
UNION ALL SELECT 'staff_tasks', kind, count(*)::float FROM staff_task WHERE done_at IS NULL GROUP BY kind
UNION ALL SELECT 'timers_overdue', '', count(*)::float FROM timer
    WHERE due_at < coalesce($1, now()) - interval '1 minute'
UNION ALL SELECT 'talks_held', hold, count(*)::float FROM conversation WHERE hold <> 'bot' GROUP BY hold
"""


@dataclass(frozen=True, slots=True)
class Reading:
    """`label` says of which kind or status, "" where there is only one."""

    name: str
    label: str
    value: float


async def read() -> list[Reading]:
    rows = await Outbox._meta.db.execute_query_dict(_ALL, [clock.held()])
    return [Reading(row["name"], row["label"], row["value"]) for row in rows]
