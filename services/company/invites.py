"""What the QR codes to print hold: the scenes of a community, its houses, and invites of those who work there."""

from dataclasses import dataclass

from models.community import House
from models.people import Staff, Technician
from services.actors import Actor
from services.scope import Field


@dataclass(frozen=True, slots=True)
class Printed:
    """`id` is of the house or the person; `scene` is what the code holds."""

    id: int
    name: str
    scene: str


async def houses(community_id: int, *, actor: Actor) -> list[Printed]:
    own = actor.seeing(Field.RESIDENTS)
    rows = await House.filter(own.own(), community_id=community_id).order_by("id")
    return [Printed(one.id, one.label, one.code) for one in rows]


async def technicians(community_id: int, *, actor: Actor) -> list[Printed]:
    actor.seeing(Field.REPAIRS)
    rows = await Technician.filter(communities__contains=[community_id], active=True).order_by("id")
    return [Printed(one.id, one.name, one.invite) for one in rows]


async def staff(*, actor: Actor) -> list[Printed]:
    """Those who have an invite."""
    actor.seeing(Field.POLICY)
    rows = await Staff.filter(active=True, invite__isnull=False).order_by("id")
    return [Printed(one.id, one.name, one.invite or "") for one in rows]
