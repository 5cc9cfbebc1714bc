"""Where a person lives, as far as they have bound themselves: what decides what they may see."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from models.community import Relation
from models.people import Binding
from services.errors import NotAllowed

# Asked for in nearly every talk, so by hand: building the query through the ORM takes longer than running it.
_HOMES = """
SELECT b.person_id, b.community_id, m.name AS community_name, h.building_id, h.unit_id, h.id AS house_id,
    h.label AS house_label, b.relation, b.name, b.phone, b.matched AS confirmed
FROM binding b JOIN house h ON h.id = b.house_id JOIN community m ON m.id = b.community_id
WHERE b.person_id = ANY($1::int[]) AND b.status = 'active'
"""


@dataclass(frozen=True, slots=True)
class Home:
    person_id: int
    community_id: int
    community_name: str
    building_id: int
    unit_id: int | None
    house_id: int
    house_label: str
    relation: Relation
    name: str
    phone: str
    confirmed: (
        bool  # by the company's list or by staff: what the house owes and who lives there is theirs to see
    )


async def find(person_id: int) -> Home | None:
    """The house of the person's active binding, or None."""
    return (await of([person_id])).get(person_id)


async def of(person_ids: Collection[int]) -> dict[int, Home]:
    """The houses of several people at once; who has none is left out."""
    if not person_ids:
        return {}
    rows = await Binding._meta.db.execute_query_dict(_HOMES, [list(person_ids)])
    return {row["person_id"]: _home(row) for row in rows}


async def community_of(person_id: int) -> int | None:
    """The community that a matter of this person belongs to; None for somebody without a house."""
    home = await find(person_id)
    return home.community_id if home else None


async def require(person_id: int) -> Home:
    """Like find; raises NotAllowed("binding.needed") for somebody without a house."""
    home = await find(person_id)
    if home is None:
        raise NotAllowed("binding.needed")
    return home


async def require_confirmed(person_id: int) -> Home:
    """Like require; raises NotAllowed("binding.unconfirmed_money") until list or staff confirm the binding."""
    home = await require(person_id)
    if not home.confirmed:
        raise NotAllowed("binding.unconfirmed_money")
    return home


def _home(row: Mapping[str, Any]) -> Home:
    return Home(**{**row, "relation": Relation(row["relation"])})
