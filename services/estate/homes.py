"""Where a person lives, as far as they have bound themselves: what decides what they may see."""

from collections.abc import Collection
from dataclasses import dataclass

from models.community import Relation
from models.people import Binding, BindingStatus
from services.errors import NotAllowed


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
    binding = (
        await Binding.filter(person_id=person_id, status=BindingStatus.ACTIVE)
        .select_related("house", "community")
        .first()
    )
    return _home(binding) if binding else None


async def of(person_ids: Collection[int]) -> dict[int, Home]:
    """The houses of several people at once; who has none is left out."""
    bound = Binding.filter(person_id__in=list(person_ids), status=BindingStatus.ACTIVE)
    return {one.person_id: _home(one) for one in await bound.select_related("house", "community")}


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


def _home(binding: Binding) -> Home:
    house = binding.house
    return Home(
        person_id=binding.person_id,
        community_id=binding.community_id,
        community_name=binding.community.name,
        building_id=house.building_id,
        unit_id=house.unit_id,
        house_id=house.id,
        house_label=house.label,
        relation=binding.relation,
        name=binding.name,
        phone=binding.phone,
        confirmed=binding.matched,
    )
