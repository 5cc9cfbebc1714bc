"""Finding residents and houses: by name, initials, the end of a phone, the house; and the list of all houses.

People are those who are bound and those whom the company's list has; one who is both is one line.
"""

import re
import unicodedata
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from models.community import Building, House, Relation
from models.found_by import asked
from models.people import BindingStatus
from models.rows import Record, records
from services import paging, spelling
from services.actors import Actor
from services.errors import NotFound
from services.estate import houses
from services.paging import Page
from services.scope import Field, Scope

LIMIT = 50
_WORDS = 4  # of one search
_PHONE = re.compile(r"[\d\s()+-]+")
# Spaces within a house: 3 - 2 - 501, 3 栋 2 单元 501.
_LOOSE = re.compile(r"\s+(?=[-栋幢座单号室#])|(?<=[-栋幢座元楼#])\s+(?=[\dA-Za-z])")
_SHORTEST, _WITH_AREA = 7, 10  # digits of a phone

# $1 keys; $2 communities, null for all; $3 houses, null for any; $4 and $5 where the page before ended.
_PEOPLE = """
WITH hit AS (
    SELECT CASE WHEN b.status IN ('active', 'pending') THEN 0 ELSE 2 END AS stage, b.id, b.house_id, b.person_id,
        b.name, b.phone, b.relation, b.status, b.matched
    FROM binding b
    WHERE b.found_by @> $1::text[] AND ($2::int[] IS NULL OR b.community_id = ANY($2))
        AND ($3::int[] IS NULL OR b.house_id = ANY($3))
    UNION ALL
    SELECT 1, o.id, o.house_id, NULL, o.name, o.phone, o.relation, NULL, true
    FROM occupant o JOIN house h ON h.id = o.house_id
    WHERE o.found_by @> $1::text[] AND o.left_at IS NULL AND ($2::int[] IS NULL OR h.community_id = ANY($2))
        AND ($3::int[] IS NULL OR o.house_id = ANY($3))
        AND NOT EXISTS (SELECT FROM binding b WHERE b.house_id = o.house_id AND b.name = o.name
            AND b.phone = o.phone AND b.status IN ('active', 'pending'))
), page AS (
    SELECT * FROM hit WHERE (stage, id) > ($4::int, $5::int) ORDER BY stage, id LIMIT $6
)
SELECT page.*, h.label, m.name AS community FROM page
JOIN house h ON h.id = page.house_id JOIN community m ON m.id = h.community_id
ORDER BY page.stage, page.id
"""
# $1 communities, $2 a building, $3 houses, null for any; $4 to $6 where the page before ended.
_HOUSES = """
WITH page AS (
    SELECT h.* FROM house h
    WHERE ($1::int[] IS NULL OR h.community_id = ANY($1)) AND ($2::int IS NULL OR h.building_id = $2)
        AND ($3::int[] IS NULL OR h.id = ANY($3))
        AND (h.community_id, h.building_id, h.id) > ($4::int, $5::int, $6::int)
    ORDER BY h.community_id, h.building_id, h.id LIMIT $7
)
SELECT h.id, h.community_id, h.building_id, h.label, m.name AS community,
    (SELECT string_agg(o.name, '、' ORDER BY o.id) FROM occupant o
        WHERE o.house_id = h.id AND o.relation = 'owner' AND o.left_at IS NULL) AS owners,
    (SELECT count(*) FROM occupant o WHERE o.house_id = h.id AND o.left_at IS NULL) AS listed,
    (SELECT count(*) FROM binding b WHERE b.house_id = h.id AND b.status = 'active') AS bound,
    (SELECT count(*) FROM binding b WHERE b.house_id = h.id AND b.status = 'pending') AS waiting
FROM page h JOIN community m ON m.id = h.community_id ORDER BY h.community_id, h.building_id, h.id
"""


@dataclass(frozen=True, slots=True)
class Line:
    """Somebody who was found. Their phone is masked; `status` is None for who only stands on the list."""

    id: int
    stage: int
    person_id: int | None
    house_id: int
    community: str
    house: str
    name: str
    phone: str
    relation: Relation
    status: BindingStatus | None
    matched: bool


@dataclass(frozen=True, slots=True)
class HouseLine:
    """`owners` are names of the list; `listed` people stand on it, `bound` use the account, `waiting` are to be
    reviewed."""

    id: int
    community_id: int
    building_id: int
    community: str
    house: str
    owners: str
    listed: int
    bound: int
    waiting: int


@dataclass(frozen=True, slots=True)
class Found:
    houses: Sequence[HouseLine]
    people: Page[Line]


@dataclass(frozen=True, slots=True)
class BuildingView:
    id: int
    name: str


async def find(text: str, *, actor: Actor, community_id: int | None = None, after: str = "") -> Found:
    """All words of `text` together: 王芳, wf, 1234, 3-2-501, 3栋2单元501, or 王芳 3-2-501."""
    communities = _communities(actor.seeing(Field.RESIDENTS), community_id)
    words = _words(unicodedata.normalize("NFKC", text))
    places = [one for one in words if houses.is_label(one)]
    keys = sorted({key for one in words if one not in places for key in asked(one)})
    meant = await _meant(communities, places, words, community_id)
    lines = await _lines(communities, None, meant, None) if meant and not after else []
    if not keys or (places and not meant):
        return Found(lines, Page([]))
    return Found(lines, await _people(communities, keys, meant if places else None, after))


async def listed(
    *, actor: Actor, community_id: int | None = None, building_id: int | None = None, after: str = ""
) -> Page[HouseLine]:
    """Every house of their communities, of one, or of one building."""
    communities = _communities(actor.seeing(Field.RESIDENTS), community_id)
    rows = await _lines(communities, building_id, None, paging.read(after, 3))
    return paging.page(rows, LIMIT, key=lambda one: (one.community_id, one.building_id, one.id))


async def buildings(community_id: int, *, actor: Actor) -> list[BuildingView]:
    """Raises NotFound outside of their scope."""
    _communities(actor.seeing(Field.RESIDENTS), community_id)
    rows = await Building.filter(community_id=community_id).order_by("id")
    return [BuildingView(one.id, one.name) for one in rows]


def _words(text: str) -> list[str]:
    """138 0000 1234 is one word, and so is +86-138…: a phone as people write it. 12-2-1503 is a house."""
    if _PHONE.fullmatch(text):
        digits = spelling.phone_key(text)
        parts = re.findall(r"\d+", text)
        if len(digits) >= _WITH_AREA or (
            len(digits) >= _SHORTEST and len(parts) < 3 and min(map(len, parts)) > 2
        ):
            return [digits]
    return _LOOSE.sub("", text).split()[:_WORDS]


def _communities(seen: Scope, community_id: int | None) -> list[int] | None:
    if community_id is None:
        return None if seen.communities is None else sorted(seen.communities)
    if not seen.has(community_id):
        raise NotFound("residents.no_such_community")
    return [community_id]


async def _meant(
    communities: Collection[int] | None, places: Sequence[str], words: Sequence[str], community_id: int | None
) -> list[int]:
    """The houses that the words name; a number alone is a room where the community is known."""
    rooms = places or [one for one in words if community_id is not None and one.isdecimal()]
    found = [one for word in rooms for one in await houses.within(communities, word)]
    return [one.id for one in found]


async def _people(
    communities: Collection[int] | None, keys: Sequence[str], meant: Sequence[int] | None, after: str
) -> Page[Line]:
    behind = paging.read(after, 2) or (-1, 0)
    of = None if communities is None else list(communities)
    rows = await records(
        House, _PEOPLE, list(keys), of, None if meant is None else list(meant), *behind, LIMIT + 1
    )
    lines = [_line(one) for one in rows]
    return paging.page(lines, LIMIT, key=lambda one: (one.stage, one.id))


async def _lines(
    communities: Collection[int] | None,
    building_id: int | None,
    meant: Sequence[int] | None,
    behind: tuple[int, ...] | None,
) -> list[HouseLine]:
    of = None if communities is None else list(communities)
    only = None if meant is None else list(meant)
    rows = await records(House, _HOUSES, of, building_id, only, *(behind or (0, 0, 0)), LIMIT + 1)
    return [_house_line(one) for one in rows]


def _line(row: Record) -> Line:
    return Line(
        id=row["id"],
        stage=row["stage"],
        person_id=row["person_id"],
        house_id=row["house_id"],
        community=row["community"],
        house=row["label"],
        name=row["name"],
        phone=spelling.masked(row["phone"]),
        relation=Relation(row["relation"]),
        status=BindingStatus(row["status"]) if row["status"] else None,
        matched=row["matched"],
    )


def _house_line(row: Record) -> HouseLine:
    return HouseLine(
        id=row["id"],
        community_id=row["community_id"],
        building_id=row["building_id"],
        community=row["community"],
        house=row["label"],
        owners=row["owners"] or "",
        listed=row["listed"],
        bound=row["bound"],
        waiting=row["waiting"],
    )
