"""The buildings of a community, for staff who choose one."""

from dataclasses import dataclass

from models.community import Building
from services.actors import Actor
from services.errors import NotFound
from services.scope import Field


@dataclass(frozen=True, slots=True)
class BuildingView:
    id: int
    number: str


async def of(community_id: int, *, actor: Actor) -> list[BuildingView]:
    """In the order of their numbers; none outside of the scope."""
    if not actor.seeing(Field.REPAIRS).has(community_id):
        return []
    rows = await Building.filter(community_id=community_id)
    rows.sort(key=lambda row: (len(row.number), row.number))
    return [BuildingView(row.id, row.number) for row in rows]


async def number(building_id: int) -> str:
    """Its short name, "" for one that there is not."""
    row = await Building.filter(id=building_id).first()
    return row.number if row else ""


async def community(building_id: int, *, actor: Actor) -> int:
    """Where it stands. Raises NotFound outside of the scope."""
    row = await Building.filter(actor.seeing(Field.REPAIRS).rows(), id=building_id).first()
    if row is None:
        raise NotFound("outage.not_found")
    return row.community_id
