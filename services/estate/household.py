"""Who lives in a house: what its owner sees and may write on the company's list."""

from dataclasses import dataclass

from models.community import Occupant, Relation
from models.events import SubjectKind
from models.people import Binding, BindingStatus
from services import clock, events, spelling
from services.actors import Actor
from services.errors import Invalid, NotAllowed, NotFound
from services.estate import bindings, homes, reviews
from services.estate.homes import Home
from services.events import Subject

_BOUND, _LISTED = "bound", "listed"


@dataclass(frozen=True, slots=True)
class Member:
    """`key` names them to `remove`; `phone` is masked; not `joined` are those who only stand on the list."""

    key: str
    name: str
    phone: str
    relation: Relation
    joined: bool


async def members(person_id: int) -> list[Member]:
    """Of the person's own house; nobody but themselves until the list or staff confirm that they live there.

    Raises NotAllowed for somebody without a house.
    """
    return await of(await homes.require(person_id))


async def of(home: Home) -> list[Member]:
    """As the one who lives there knows it."""
    bound = await Binding.filter(house_id=home.house_id, status=BindingStatus.ACTIVE).order_by("id")
    if not home.confirmed:
        return [_bound(one) for one in bound if one.person_id == home.person_id]
    known = {_whose(one.name, one.phone) for one in bound}
    listed = await Occupant.filter(house_id=home.house_id, left_at=None).order_by("id")
    return [_bound(one) for one in bound] + [
        _listed(one) for one in listed if _whose(one.name, one.phone) not in known
    ]


async def add(person_id: int, *, name: str, phone: str, relation: Relation, actor: Actor) -> None:
    """The owner names a member of the family or a tenant, who then binds without being reviewed."""
    home = await _owner(person_id)
    name, phone = spelling.name(name)[:32], spelling.phone(phone)[:20]
    if relation is Relation.OWNER or not name or not phone:
        raise Invalid("household.bad_member")
    listed = await Occupant.filter(house_id=home.house_id, left_at=None)
    if not any(spelling.same_person((one.name, one.phone), (name, phone)) for one in listed):
        row = await Occupant.create(house_id=home.house_id, name=name, phone=phone, relation=relation)
        await _record(home, "member_added", actor, {"occupant": row.id, "relation": relation})
    await reviews.confirm_listed(home.house_id, name, phone, actor=actor)


async def remove(person_id: int, *, key: str, actor: Actor) -> None:
    """The owner takes somebody off the list; their binding ends. Owners themselves are for staff to remove."""
    home = await _owner(person_id)
    living = await Binding.filter(house_id=home.house_id, status=BindingStatus.ACTIVE)
    listed = await Occupant.filter(house_id=home.house_id, left_at=None)
    rows: list[Binding | Occupant] = [*living, *listed]
    meant = next((one for one in rows if _key(one) == key), None)
    if meant is None or meant.relation is Relation.OWNER:
        raise NotFound("household.no_such_member")
    whose = _whose(meant.name, meant.phone)
    off = [one.id for one in listed if _is(one, whose)]
    await Occupant.filter(id__in=off).update(left_at=clock.now())
    await _record(home, "member_removed", actor, {"occupants": off})
    for one in living:
        if _is(one, whose):
            await bindings.unbind(one.person_id, actor=actor)


def _is(one: Binding | Occupant, whose: tuple[str, str]) -> bool:
    """Never an owner."""
    return one.relation is not Relation.OWNER and _whose(one.name, one.phone) == whose


def _bound(one: Binding) -> Member:
    return Member(_key(one), one.name, spelling.masked(one.phone), one.relation, joined=True)


def _listed(one: Occupant) -> Member:
    return Member(_key(one), one.name, spelling.masked(one.phone), one.relation, joined=False)


def _key(one: Binding | Occupant) -> str:
    return f"{_BOUND if isinstance(one, Binding) else _LISTED}:{one.id}"


def _whose(name: str, phone: str) -> tuple[str, str]:
    """What two spellings of the same person share."""
    return spelling.name_key(name), spelling.phone_key(phone)


async def _owner(person_id: int) -> Home:
    """An owner whom the company's list confirms: others may not decide who lives there."""
    home = await homes.require(person_id)
    if home.relation is not Relation.OWNER or not home.confirmed:
        raise NotAllowed("household.owner_only")
    return home


async def _record(home: Home, verb: str, actor: Actor, body: dict[str, object]) -> None:
    house = Subject(SubjectKind.HOUSE, home.house_id, home.community_id)
    await events.record(house, verb, actor=actor, body=body)
