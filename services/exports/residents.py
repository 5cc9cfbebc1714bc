"""All residents of somebody's communities as rows: who is bound and who stands on the list, once each."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import datetime

from tortoise.expressions import Q

from models.community import House
from models.rows import Record, records
from services import spelling
from services.actors import Actor
from services.errors import NotFound
from services.scope import Field

_HOUSES = 300  # at a time

_PEOPLE = """
SELECT m.name AS community, h.label, r.* FROM (
    SELECT b.house_id, 0 AS stage, b.id, b.name, b.phone, b.relation, b.status, b.matched, b.created_at AS since
    FROM binding b WHERE b.status IN ('active', 'pending') AND b.house_id = ANY($1::int[])
    UNION ALL
    SELECT o.house_id, 1, o.id, o.name, o.phone, o.relation, 'listed', true, NULL
    FROM occupant o WHERE o.left_at IS NULL AND o.house_id = ANY($1::int[])
        AND NOT EXISTS (SELECT FROM binding b WHERE b.house_id = o.house_id AND b.name = o.name
            AND b.phone = o.phone AND b.status IN ('active', 'pending'))
) r JOIN house h ON h.id = r.house_id JOIN community m ON m.id = h.community_id
ORDER BY r.house_id, r.stage, r.id
"""


@dataclass(frozen=True, slots=True)
class Resident:
    """`phone` is masked unless whole ones were asked for; `state` is that of the binding, "listed" without one."""

    community: str
    house: str
    name: str
    relation: str
    phone: str
    state: str
    matched: bool
    since: datetime | None


@dataclass(frozen=True, slots=True)
class Wanted:
    """`phones` is for those who decide what the company is made of: whole numbers."""

    community_id: int | None = None
    phones: bool = False


async def houses(wanted: Wanted, *, actor: Actor) -> int:
    """How many there are to go through. Raises what `parts` raises."""
    return await House.filter(_where(wanted, actor)).count()


async def parts(wanted: Wanted, *, actor: Actor) -> AsyncIterator[tuple[int, list[Resident]]]:
    """How many houses come with each part, and their residents. Raises MayNot, NotFound outside of the scope."""
    where, last = _where(wanted, actor), 0
    while True:
        found = (
            await House.filter(where, id__gt=last).order_by("id").limit(_HOUSES).values_list("id", flat=True)
        )
        if not found:
            return
        ids = [int(str(one)) for one in found]
        last = ids[-1]
        rows = await records(House, _PEOPLE, ids)
        yield len(ids), [_resident(row, whole=wanted.phones) for row in rows]


def _where(wanted: Wanted, actor: Actor) -> Q:
    own = actor.doing(Field.RESIDENTS)
    if wanted.phones:
        actor.doing(Field.POLICY)
    if wanted.community_id is None:
        return own.own()
    if not own.has(wanted.community_id):
        raise NotFound("residents.no_such_community")
    return Q(community_id=wanted.community_id)


def _resident(row: Record, *, whole: bool) -> Resident:
    return Resident(
        community=row["community"],
        house=row["label"],
        name=row["name"],
        relation=row["relation"],
        phone=row["phone"] if whole else spelling.masked(row["phone"]),
        state=row["status"],
        matched=row["matched"],
        since=row["since"],
    )
