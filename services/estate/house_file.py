"""All that staff know of who lives in a house, and of one resident: members, bindings and their state."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from models.community import House, Occupant, Relation
from models.people import Binding, BindingStatus, Person, PersonMerge
from services import spelling
from services.actors import Actor
from services.errors import NotFound
from services.estate.reviews import CURRENT
from services.scope import Field, Scope


@dataclass(frozen=True, slots=True)
class Member:
    """`binding_id` is None for who only stands on the company's list, `occupant_id` for whom it does not have.

    The phone is masked.
    """

    binding_id: int | None
    occupant_id: int | None
    person_id: int | None
    name: str
    phone: str
    relation: Relation
    status: BindingStatus | None
    matched: bool
    note: str
    since: datetime | None
    until: datetime | None


@dataclass(frozen=True, slots=True)
class HouseFile:
    """`area_cm2` and `floor` are 0 where nobody wrote them down."""

    id: int
    community_id: int
    community: str
    label: str
    area_cm2: int
    floor: int
    members: Sequence[Member]
    former: Sequence[Member]

    @property
    def people(self) -> list[int]:
        return sorted({one.person_id for one in [*self.members, *self.former] if one.person_id is not None})


@dataclass(frozen=True, slots=True)
class Home:
    """One binding of a person, with its house."""

    member: Member
    house_id: int
    community: str
    house: str


@dataclass(frozen=True, slots=True)
class PersonFile:
    """Somebody with an account. `homes` are all bindings, the current one first; the phone is masked."""

    id: int
    name: str
    phone: str
    following: bool
    blocked: bool
    since: datetime
    homes: Sequence[Home]


async def of_house(house_id: int, *, actor: Actor) -> HouseFile:
    """Raises NotFound outside of their scope."""
    own = actor.seeing(Field.RESIDENTS)
    house = await House.filter(own.own(), id=house_id).select_related("community").first()
    if house is None:
        raise NotFound("residents.no_such_house")
    bound = await Binding.filter(house_id=house_id).order_by("-id")
    listed = await Occupant.filter(house_id=house_id).order_by("id")
    return HouseFile(
        id=house.id,
        community_id=house.community_id,
        community=house.community.name,
        label=house.label,
        area_cm2=house.area_cm2,
        floor=house.floor,
        members=_members(bound, listed),
        former=_former(bound, listed),
    )


async def of_person(person_id: int, *, actor: Actor) -> PersonFile:
    """Raises NotFound for somebody of whom no binding was ever in their scope; strangers are everybody's."""
    own = actor.seeing(Field.RESIDENTS)
    person = await Person.filter(id=person_id).first()
    bound = Binding.filter(person_id=person_id).select_related("house", "community").order_by("-id")
    rows = await bound
    seen = [one for one in rows if own.has(one.community_id)]
    if person is None or (rows and not seen) or not (rows or await _is_theirs(person_id, own)):
        raise NotFound("residents.no_such_person")
    seen.sort(key=lambda one: one.status not in CURRENT)
    return PersonFile(
        id=person.id,
        name=(seen[0].name if seen else person.name),
        phone=spelling.masked(seen[0].phone if seen else person.phone),
        following=person.following,
        blocked=person.blocked,
        since=person.created_at,
        homes=[Home(_bound(one, None), one.house_id, one.community.name, one.house.label) for one in seen],
    )


async def _is_theirs(person_id: int, own: Scope) -> bool:
    """Whose bindings went to somebody else belongs where those are."""
    merged = await PersonMerge.filter(absorbed_id=person_id, undone_at=None).first()
    if merged is None:
        return True
    return any(own.has(one.community_id) for one in await Binding.filter(person_id=merged.survivor_id))


async def of_binding(binding_id: int, *, actor: Actor) -> tuple[Member, str]:
    """One binding, and its house in words. Raises NotFound outside of their scope."""
    own = actor.seeing(Field.RESIDENTS)
    row = await Binding.filter(own.rows(), id=binding_id).select_related("house", "community").first()
    if row is None:
        raise NotFound("binding.unknown", number=binding_id)
    return _bound(row, None), f"{row.community.name} {row.house.label}"


def _members(bound: Sequence[Binding], listed: Sequence[Occupant]) -> list[Member]:
    """Owners first, and those who use the account before those who only stand on the list."""
    left = [one for one in listed if one.left_at is None]
    members = []
    for one in sorted((one for one in bound if one.status in CURRENT), key=lambda one: one.id):
        line = next((row for row in left if _same(row, one)), None)
        if line is not None:
            left.remove(line)
        members.append(_bound(one, line))
    return sorted([*members, *map(_listed, left)], key=lambda one: list(Relation).index(one.relation))


def _former(bound: Sequence[Binding], listed: Sequence[Occupant]) -> list[Member]:
    """Bindings that ended, were rejected or shut off, the newest first, and lines whose people left."""
    ended = [one for one in bound if one.status not in CURRENT]
    gone = [one for one in listed if one.left_at is not None]
    unbound = [one for one in gone if not any(_same(one, other) for other in ended)]
    return [*(_bound(one, None) for one in ended), *map(_listed, unbound)]


def _same(row: Occupant, binding: Binding) -> bool:
    return spelling.same_person((row.name, row.phone), (binding.name, binding.phone))


def _bound(row: Binding, line: Occupant | None) -> Member:
    return Member(
        binding_id=row.id,
        occupant_id=line.id if line else None,
        person_id=row.person_id,
        name=row.name,
        phone=spelling.masked(row.phone),
        relation=row.relation,
        status=row.status,
        matched=row.matched,
        note=row.note,
        since=row.created_at,
        until=row.ended_at,
    )


def _listed(row: Occupant) -> Member:
    return Member(
        binding_id=None,
        occupant_id=row.id,
        person_id=None,
        name=row.name,
        phone=spelling.masked(row.phone),
        relation=row.relation,
        status=None,
        matched=True,
        note="",
        since=None,
        until=row.left_at,
    )
