"""Searching everything that was written, in Chinese, the newest first: talks, repairs, complaints, requests.

The lines of services/desk/search_index are looked through block by block from the newest back, each by the index
over pairs of characters, until a page is full: a frequent word is found at once, a rare one in a few milliseconds a
block. What is found is then read from its own rows, as far as whoever asks may see them.
"""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from services import paging
from services.actors import Actor
from services.desk import excerpts, veils
from services.desk.entries import Entry, Speaker
from services.desk.excerpts import Excerpt
from services.errors import Invalid, MayNot
from services.paging import Page
from services.scope import Field

Ask = Callable[..., Awaitable[Sequence[Mapping[str, Any]]]]

PAGE = 20
LONGEST = 60  # characters of a search
_WORDS = 6
_BLOCK_BITS = 15  # as search_words (models/migrations) counts blocks
_MOST_LOOKED_AT = 1280  # lines that turn out to be somebody else's, before a page is given as it is

_FLAT = "SELECT ARRAY(SELECT search_flat(word) FROM unnest($1::text[]) AS word) AS words"
_TOP = "SELECT max(id) AS id FROM search_line"
# By the words alone: + 0 keeps PostgreSQL from reading all lines backwards by their numbers.
# $1 words as a tsquery, $2 the block to begin with, $3 lines before this one, $4 patterns, $5 sources, $6 how many.
_LINES = """
SELECT found.id, found.source, found.row_id FROM generate_series($2::bigint, 0, -1) AS block
CROSS JOIN LATERAL (
    SELECT id, source, row_id FROM search_line
    WHERE search_words(text, source, id) @@ ($1 || ' & ''#' || block || '''')::tsquery AND id + 0 < $3
        AND text LIKE ALL ($4::text[]) AND source = ANY($5::text[])
    ORDER BY id + 0 DESC LIMIT $6) AS found
LIMIT $6
"""
# $1 lines, $2 communities, null for all; $3 who looks, $4 their office, null for all.
_MESSAGES = """
WITH line AS (SELECT id, source, row_id FROM search_line WHERE id = ANY($1::bigint[])), said AS (
    SELECT line.id, line.source, line.row_id, c.id AS conversation_id, c.person_id, m.created_at AS at, m.text,
        m.kind, NULL::int AS staff_id
    FROM line JOIN message m ON line.source = 'm' AND m.id = line.row_id
    JOIN conversation c ON c.id = m.conversation_id
    UNION ALL
    SELECT line.id, line.source, line.row_id, c.id, c.person_id, coalesce(o.sent_at, o.created_at),
        o.payload->'reply'->>'text', 'text', (o.payload->>'staff')::int
    FROM line JOIN outbox o ON line.source = 'o' AND o.id = line.row_id AND o.status <> 'cancelled'
    JOIN conversation c ON c.person_id = o.person_id
    UNION ALL
    SELECT line.id, line.source, line.row_id, c.id, c.person_id, n.created_at, n.text, 'note', n.staff_id
    FROM line JOIN note n ON line.source = 'n' AND n.id = line.row_id
    JOIN conversation c ON c.id = n.conversation_id
)
SELECT said.*, coalesce(b.name, p.name) AS name, h.label AS house, m.name AS community, staff.name AS staff
FROM said JOIN conversation c ON c.id = said.conversation_id JOIN person p ON p.id = said.person_id
LEFT JOIN binding b ON b.person_id = said.person_id AND b.status = 'active'
LEFT JOIN house h ON h.id = b.house_id LEFT JOIN community m ON m.id = b.community_id
LEFT JOIN staff ON staff.id = said.staff_id
WHERE ($2::int[] IS NULL OR b.community_id IS NULL OR b.community_id = ANY($2))
    AND ($4::int IS NULL OR c.queue_office_id IS NULL OR c.queue_office_id = $4 OR c.held_by_id = $3)
ORDER BY said.id DESC
"""
_MATTERS = """
WITH line AS (SELECT id, source, row_id FROM search_line WHERE id = ANY($1::bigint[])), matter AS (
    SELECT line.id, line.source, line.row_id, t.number, g.name AS title, t.status, t.created_at AS at, t.place,
        t.description AS text, t.community_id, t.house_id
    FROM line JOIN ticket t ON line.source = 't' AND t.id = line.row_id JOIN category g ON g.id = t.category_id
    UNION ALL
    SELECT line.id, line.source, line.row_id, c.number, c.topic, c.status, c.created_at, c.place, c.story,
        c.community_id, CASE WHEN NOT c.anonymous THEN c.house_id END
    FROM line JOIN complaint c ON line.source = 'c' AND c.id = line.row_id
    WHERE (c.about_staff_id IS NULL OR c.about_staff_id <> $3) AND (c.about_technician_id IS NULL
        OR c.about_technician_id NOT IN (
            SELECT worker.id FROM technician worker JOIN staff me ON me.person_id = worker.person_id
            WHERE me.id = $3))
        AND NOT EXISTS (SELECT FROM complaint_suspect s WHERE s.complaint_id = c.id AND (s.staff_id = $3
            OR s.technician_id IN (
                SELECT worker.id FROM technician worker JOIN staff me ON me.person_id = worker.person_id
                WHERE me.id = $3)))
    UNION ALL
    SELECT line.id, line.source, line.row_id, r.number, r.title, r.status, r.created_at, '',
        (SELECT string_agg(one->>'answer', ' ') FROM jsonb_array_elements(r.answers) AS one), r.community_id,
        r.house_id
    FROM line JOIN service_request r ON line.source = 'r' AND r.id = line.row_id
)
SELECT matter.*, h.label AS house, m.name AS community
FROM matter LEFT JOIN house h ON h.id = matter.house_id LEFT JOIN community m ON m.id = matter.community_id
WHERE ($2::int[] IS NULL OR matter.community_id IS NULL OR matter.community_id = ANY($2))
ORDER BY matter.id DESC
"""
_KINDS: Mapping[str, tuple[str, Field]] = {
    "t": ("ticket", Field.REPAIRS),
    "c": ("complaint", Field.COMPLAINTS),
    "r": ("request", Field.REQUESTS),
}


@dataclass(frozen=True, slots=True)
class Said:
    """A message, a reply or a note with the words in it. `entry` is its place in the talk; `staff` who wrote it."""

    key: int
    conversation_id: int
    entry: str
    kind: str
    name: str
    community: str
    house: str
    staff: str
    at: datetime
    excerpt: Excerpt


@dataclass(frozen=True, slots=True)
class Matter:
    """A repair, a complaint, a request. `kind` is ticket, complaint or request; `title` its category or topic."""

    key: int
    kind: str
    id: int
    number: str
    title: str
    status: str
    community: str
    house: str
    place: str
    at: datetime
    excerpt: Excerpt


@dataclass(frozen=True, slots=True)
class _Wanted:
    """What is looked for: words as lines are spelt, as an index is asked for them."""

    words: Sequence[str]
    query: str

    @property
    def patterns(self) -> list[str]:
        return [f"%{one}%" for one in self.words]


async def messages(ask: Ask, text: str, *, actor: Actor, after: str = "", limit: int = PAGE) -> Page[Said]:
    """Raises Invalid for a search without two characters beside each other."""
    actor.seeing(Field.TALKS)
    wanted = await _wanted(ask, text)
    page = await _page(ask, wanted, _MESSAGES, ("m", "o", "n"), actor, after, limit)
    return Page([_said(row, wanted) for row in await _unveiled(page.rows, actor)], page.after)


async def _unveiled(rows: Sequence[Mapping[str, Any]], actor: Actor) -> list[Mapping[str, Any]]:
    """Without what a talk keeps from them."""
    own = await veils.of_people({row["person_id"] for row in rows}, actor=actor)
    kept = await veils.over((_entry(row), own[row["person_id"]]) for row in rows)
    return [row for row in rows if f"{row['source']}{row['row_id']}" not in kept]


def _entry(row: Mapping[str, Any]) -> Entry:
    speaker = {"m": Speaker.RESIDENT, "o": Speaker.STAFF, "n": Speaker.NOTE}[row["source"]]
    staff_id, text = row["staff_id"] or 0, row["text"] or ""
    return Entry(row["source"], row["row_id"], row["at"], speaker, row["kind"], text, staff_id=staff_id)


async def matters(
    ask: Ask,
    text: str,
    *,
    actor: Actor,
    kinds: Sequence[str] = ("t", "c", "r"),
    after: str = "",
    limit: int = PAGE,
) -> Page[Matter]:
    """Of those kinds that are their work; none otherwise."""
    sees = actor.scope.sees if actor.scope else frozenset[Field]()
    seen = tuple(one for one in kinds if _KINDS[one][1] in sees)
    if not seen:
        return Page([])
    wanted = await _wanted(ask, text)
    page = await _page(ask, wanted, _MATTERS, seen, actor, after, limit)
    return Page([_matter(row, wanted) for row in page.rows], page.after)


async def _wanted(ask: Ask, text: str) -> _Wanted:
    if len(text) > LONGEST:
        raise Invalid("page.too_long", longest=LONGEST)
    [row] = await ask(_FLAT, text.split()[:_WORDS])
    words = [str(one) for one in row["words"] if one]
    pieces = dict.fromkeys(piece for word in words for piece in _pieces(word))
    if not pieces:
        raise Invalid("search.too_short")
    return _Wanted(words, " & ".join(f"'{one}'" for one in pieces))


def _pieces(word: str) -> list[str]:
    """As search_words takes a line apart: pairs, but fours of letters and digits, whose pairs stand everywhere.

    A word of one character is looked for among what the others find.
    """
    fours = {at: word[at : at + 4] for at in range(len(word) - 3) if _is_plain(word[at : at + 4])}
    inside = {at + step for at in fours for step in range(3)}
    return [*fours.values(), *(word[at : at + 2] for at in range(len(word) - 1) if at not in inside)]


def _is_plain(piece: str) -> bool:
    return piece.isascii() and piece.isalnum()


async def _page(
    ask: Ask, wanted: _Wanted, query: str, sources: Sequence[str], actor: Actor, after: str, limit: int
) -> Page[Mapping[str, Any]]:
    """Ever more lines are looked at until a page is full of what they may see, or so many were somebody else's."""
    who = _who(actor, query)
    asked, before = _narrowed(wanted.query, sources), await _start(ask, after)
    found: list[Mapping[str, Any]] = []
    step, looked_at = limit + 1, 0
    while len(found) <= limit and looked_at < _MOST_LOOKED_AT:
        block = (before - 1) >> _BLOCK_BITS
        lines = await ask(_LINES, asked, block, before, wanted.patterns, list(sources), step)
        if lines:
            found += await ask(query, [one["id"] for one in lines], *who)
        if len(lines) < step:
            return paging.page(found, limit, key=_key)
        before, looked_at, step = lines[-1]["id"], looked_at + len(lines), step * 2
    if len(found) > limit:
        return paging.page(found, limit, key=_key)
    return Page(found, paging.mark(before))


def _key(row: Mapping[str, Any]) -> tuple[int, ...]:
    return (int(row["id"]),)


def _who(actor: Actor, query: str) -> tuple[object, ...]:
    if actor.scope is None:
        raise MayNot("may_not.talks")
    communities = None if actor.scope.communities is None else sorted(actor.scope.communities)
    office = (actor.scope.office_id,) if query is _MESSAGES else ()
    return (communities, actor.staff_id or 0, *office)


def _narrowed(query: str, sources: Sequence[str]) -> str:
    """Matters are few among many messages, so the index is asked for them by their kind."""
    if "m" in sources:
        return query
    kinds = " | ".join(f"'#{one}'" for one in sources)
    return f"{query} & ({kinds})"


async def _start(ask: Ask, after: str) -> int:
    key = paging.read(after)
    if key is not None:
        return key[0]
    [row] = await ask(_TOP)
    return int(row["id"] or 0) + 1


def _said(row: Mapping[str, Any], wanted: _Wanted) -> Said:
    return Said(
        key=row["id"],
        conversation_id=row["conversation_id"],
        entry=f"{row['source']}{row['row_id']}",
        kind=row["kind"],
        name=row["name"] or "",
        community=row["community"] or "",
        house=row["house"] or "",
        staff=row["staff"] or "",
        at=row["at"],
        excerpt=excerpts.of(row["text"] or "", wanted.words),
    )


def _matter(row: Mapping[str, Any], wanted: _Wanted) -> Matter:
    return Matter(
        key=row["id"],
        kind=_KINDS[row["source"]][0],
        id=row["row_id"],
        number=row["number"],
        title=row["title"],
        status=row["status"],
        community=row["community"] or "",
        house=row["house"] or "",
        place=row["place"] or "",
        at=row["at"],
        excerpt=excerpts.of(row["text"] or "", wanted.words),
    )
