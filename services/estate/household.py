"""Who lives in a house: what its owner sees and may write on the company's list."""

from dataclasses import dataclass

from models.community import Occupant, Relation
from models.people import Binding, BindingStatus
from services import spelling
from services.errors import Invalid, NotAllowed, NotFound
from services.estate import bindings, homes
from services.estate.homes import Home


@dataclass(frozen=True, slots=True)
class Member:
    """`person_id` is None for somebody on the list who has not bound themselves yet."""

    name: str
    phone: str
    relation: Relation
    person_id: int | None


async def members(person_id: int) -> list[Member]:
    """Of the person's own house; nobody but themselves until the list or staff confirm that they live there.

    Raises NotAllowed for somebody without a house.
    """
    home = await homes.require(person_id)
    bound = await Binding.filter(house_id=home.house_id, status=BindingStatus.ACTIVE).order_by("id")
    if not await _is_confirmed(person_id):
        mine = next(one for one in bound if one.person_id == person_id)
        return [Member(mine.name, mine.phone, mine.relation, person_id)]
    known = {_key(one.name, one.phone) for one in bound}
    listed = await Occupant.filter(house_id=home.house_id).order_by("id")
    return [Member(one.name, one.phone, one.relation, one.person_id) for one in bound] + [
        Member(one.name, one.phone, one.relation, None)
        for one in listed
        if _key(one.name, one.phone) not in known
    ]


async def add(person_id: int, *, name: str, phone: str, relation: Relation) -> None:
    """The owner names a member of the family or a tenant, who then binds without being reviewed."""
    home = await _owner(person_id)
    name, phone = spelling.name(name)[:32], spelling.phone(phone)[:20]
    if relation is Relation.OWNER or not name or not phone:
        raise Invalid("household.bad_member")
    listed = await Occupant.filter(house_id=home.house_id)
    if not any(spelling.same_person((one.name, one.phone), (name, phone)) for one in listed):
        await Occupant.create(house_id=home.house_id, name=name, phone=phone, relation=relation)
    for one in await Binding.filter(
        house_id=home.house_id, status__in=[BindingStatus.ACTIVE, BindingStatus.PENDING]
    ):
        if spelling.same_person((one.name, one.phone), (name, phone)):
            await Binding.filter(id=one.id).update(matched=True)


async def remove(person_id: int, *, name: str, phone: str) -> None:
    """The owner takes somebody off the list; their binding ends. Owners themselves are for staff to remove."""
    home = await _owner(person_id)
    whose = _key(name, phone)
    listed = await Occupant.filter(house_id=home.house_id).exclude(relation=Relation.OWNER)
    listed = [one for one in listed if _key(one.name, one.phone) == whose]
    living = Binding.filter(house_id=home.house_id, status=BindingStatus.ACTIVE)
    bound = await living.exclude(relation=Relation.OWNER)
    bound = [one for one in bound if _key(one.name, one.phone) == whose]
    await Occupant.filter(id__in=[one.id for one in listed]).delete()
    for one in bound:
        await bindings.unbind(one.person_id)
    if not listed and not bound:
        raise NotFound("household.no_such_member")


def _key(name: str, phone: str) -> tuple[str, str]:
    """What two spellings of the same person share."""
    return spelling.name_key(name), spelling.phone_key(phone)


async def _owner(person_id: int) -> Home:
    """An owner whom the company's list confirms: others may not decide who lives there."""
    home = await homes.require(person_id)
    if home.relation is not Relation.OWNER or not await _is_confirmed(person_id):
        raise NotAllowed("household.owner_only")
    return home


async def _is_confirmed(person_id: int) -> bool:
    return await Binding.exists(person_id=person_id, status=BindingStatus.ACTIVE, matched=True)
