"""Filling what the search looks through, behind the turns: the worker reads on from where it was.

A turn writes its messages and nothing more. Lines stand in the order in which things were written, so that a search
finds the newest first by their numbers alone.
"""

from dataclasses import dataclass
from typing import Any

from models.search import SearchFeed
from services import work

BATCH = 1000  # rows of each table at once

# What residents and staff wrote. What the bot says are the texts of its scripts, which would be found everywhere.
_SAID = {
    "message": """
        SELECT 'm' AS source, id, created_at AS at, CASE WHEN answers_id IS NULL
            AND kind = ANY(ARRAY['text', 'voice', 'location', 'link']) THEN text ELSE '' END AS text
        FROM message""",
    "outbox": """
        SELECT 'o' AS source, id, created_at AS at,
            CASE WHEN payload ? 'staff' AND NOT starts_with(key, 'private:')
                THEN coalesce(payload->'reply'->>'text', '') ELSE '' END AS text
        FROM outbox""",
    "note": "SELECT 'n' AS source, id, created_at AS at, text FROM note",
}
# As much of each as there is up to one moment: a table with more to read holds back the others, in order of time.
_READ = f"""
WITH m AS MATERIALIZED ({_SAID["message"]} WHERE id > $1 ORDER BY id LIMIT $4),
o AS MATERIALIZED ({_SAID["outbox"]} WHERE id > $2 ORDER BY id LIMIT $4),
n AS MATERIALIZED ({_SAID["note"]} WHERE id > $3 ORDER BY id LIMIT $4),
until AS (SELECT coalesce(least(
    (SELECT max(at) FROM m HAVING count(*) = $4), (SELECT max(at) FROM o HAVING count(*) = $4),
    (SELECT max(at) FROM n HAVING count(*) = $4)), 'infinity') AS at),
taken AS MATERIALIZED (
    SELECT said.* FROM (TABLE m UNION ALL TABLE o UNION ALL TABLE n) AS said, until WHERE said.at <= until.at
), written AS (
    INSERT INTO search_line (source, row_id, text)
    SELECT source, id, flat FROM (SELECT source, id, at, search_flat(text) AS flat FROM taken WHERE text <> '') AS one
    WHERE length(flat) > 1 ORDER BY at, id
    ON CONFLICT DO NOTHING
)
SELECT source, max(id) AS reached, count(*) AS count FROM taken GROUP BY source
"""  # noqa: S608 - constants only
# What committed late: numbers below the mark that were not to be seen when they were passed.
_LATE = """
INSERT INTO search_line (source, row_id, text)
SELECT source, id, flat FROM (
    SELECT said.*, search_flat(said.text) AS flat FROM ({said} WHERE id > $1 AND id <= $2) AS said
    WHERE said.text <> '' AND NOT EXISTS (
        SELECT FROM search_line line WHERE line.source = said.source AND line.row_id = said.id)) AS late
WHERE length(flat) > 1 ORDER BY at, id
ON CONFLICT DO NOTHING
"""
# What was erased in the same moment in which it was read.
_GONE = """
DELETE FROM search_line WHERE source = $3 AND row_id > $1 AND row_id <= $2
    AND NOT EXISTS (SELECT FROM {table} WHERE {table}.id = search_line.row_id)
"""
# Repairs, complaints and requests change: whatever an event tells of is read again. ␟ keeps the parts apart.
_MATTERS = """
WITH told AS MATERIALIZED (
    SELECT id, subject_kind, subject_id FROM event WHERE id > $1 AND id <= $2 ORDER BY id LIMIT $3
), matter AS (
    SELECT subject_kind, subject_id, min(id) AS first FROM told
    WHERE subject_kind = ANY(ARRAY['ticket', 'complaint', 'request']) GROUP BY subject_kind, subject_id
), line AS (
    SELECT 't' AS source, t.id, matter.first, matter.subject_kind, concat_ws('␟', t.number, g.name, h.label, t.place,
        t.description, t.contact_name, t.finish_note) AS text, t.description <> '' AS there
    FROM matter JOIN ticket t ON matter.subject_kind = 'ticket' AND t.id = matter.subject_id
    JOIN category g ON g.id = t.category_id LEFT JOIN house h ON h.id = t.house_id
    UNION ALL
    SELECT 'c', c.id, matter.first, matter.subject_kind, concat_ws('␟', c.number, c.topic, c.place, c.story,
        CASE WHEN NOT c.anonymous THEN h.label END), c.story <> ''
    FROM matter JOIN complaint c ON matter.subject_kind = 'complaint' AND c.id = matter.subject_id
    LEFT JOIN house h ON h.id = c.house_id
    UNION ALL
    SELECT 'r', r.id, matter.first, matter.subject_kind, concat_ws('␟', r.number, r.title, h.label,
        (SELECT string_agg(one->>'answer', '␟') FROM jsonb_array_elements(r.answers) AS one)), r.answers <> '[]'
    FROM matter JOIN service_request r ON matter.subject_kind = 'request' AND r.id = matter.subject_id
    LEFT JOIN house h ON h.id = r.house_id
), written AS (
    INSERT INTO search_line (source, row_id, text)
    SELECT source, id, search_flat(text || coalesce('␟' || (
        SELECT string_agg(left(note, 500), '␟' ORDER BY event.id) FROM event
        WHERE event.subject_kind = line.subject_kind AND event.subject_id = line.id AND note <> ''
            AND actor_kind <> 'system'), '')) FROM line WHERE there ORDER BY first
    ON CONFLICT (source, row_id) DO UPDATE SET text = EXCLUDED.text WHERE search_line.text <> EXCLUDED.text
)
SELECT max(id) AS reached, count(*) AS count FROM told
"""
_MOMENT = """
SELECT pg_snapshot_xmin(pg_current_snapshot())::text::bigint AS xmin,
    pg_snapshot_xmax(pg_current_snapshot())::text::bigint AS xmax
"""
_SOURCE = {"message": "m", "outbox": "o", "note": "n"}
_EVENTS = "event"


@dataclass(frozen=True, slots=True)
class _Moment:
    """Of the transactions: all before `xmin` have ended, none from `xmax` on has begun."""

    xmin: int
    xmax: int


async def fill(batch: int = BATCH) -> int:
    """One step, in a unit of work of its own; how many rows were read. Of several workers one does it at a time."""
    async with work.unit():
        rows = await SearchFeed.all().order_by("name").select_for_update(skip_locked=True)
        feeds = {one.name: one for one in rows}
        if len(feeds) < len(_SOURCE) + 1:
            return 0
        before = [_place(one) for one in rows]
        moment = _Moment(**(await _ask(_MOMENT))[0])
        for feed in rows:
            await _settle(feed, moment)
        count = await _read_messages(feeds, batch) + await _read_matters(feeds[_EVENTS], batch)
        for feed, was in zip(rows, before, strict=True):
            if _place(feed) != was:  # an idle worker writes nothing
                await feed.save()
    return count


def _place(feed: SearchFeed) -> tuple[int | None, ...]:
    return feed.settled, feed.reached, feed.mark, feed.mark_xmax


async def _read_messages(feeds: dict[str, SearchFeed], batch: int) -> int:
    starts = [feeds[name].reached for name in _SOURCE]
    count = 0
    for row in await _ask(_READ, *starts, batch):
        name = next(name for name, source in _SOURCE.items() if source == row["source"])
        feeds[name].reached = row["reached"]
        count += int(row["count"])
    return count


async def _read_matters(feed: SearchFeed, batch: int) -> int:
    [row] = await _ask(_MATTERS, feed.reached, 2**62, batch)
    feed.reached = row["reached"] or feed.reached
    return int(row["count"])


async def _settle(feed: SearchFeed, moment: _Moment) -> None:
    """Look once more for what committed late, as soon as nothing more can. The moment is taken one step after the
    mark: whoever had drawn a number below it has begun to write by then.
    """
    if feed.mark == feed.settled:
        feed.mark, feed.mark_xmax = feed.reached, None
    elif feed.mark_xmax is None:
        feed.mark_xmax = moment.xmax
    elif moment.xmin >= feed.mark_xmax:
        await _look_again(feed)
        feed.settled, feed.mark, feed.mark_xmax = feed.mark, feed.reached, None


async def _look_again(feed: SearchFeed) -> None:
    if feed.name == _EVENTS:
        await _ask(_MATTERS, feed.settled, feed.mark, 2**31 - 1)
        return
    await _ask(_LATE.format(said=_SAID[feed.name]), feed.settled, feed.mark)
    await _ask(_GONE.format(table=feed.name), feed.settled, feed.mark, _SOURCE[feed.name])


async def _ask(query: str, *values: object) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = await SearchFeed._meta.db.execute_query_dict(query, list(values))
    return rows
