"""The company's own list of a house, as staff keep it: lines are added, put right and ended, never deleted."""

from models.community import House, Occupant, Relation
from models.events import SubjectKind
from services import clock, events, spelling, work
from services.actors import Actor
from services.errors import Invalid, NotFound
from services.estate import corrections, reviews
from services.estate.corrections import Written
from services.events import Subject
from services.scope import Field


async def add(house_id: int, someone: Written, *, actor: Actor) -> int:
    """Whoever bound already under that name and phone is confirmed by it. Raises Invalid for who stands there."""
    house = await _house(house_id, actor)
    for one in await Occupant.filter(house_id=house_id, left_at=None):
        if spelling.name_key(one.name) == spelling.name_key(someone.name):
            raise Invalid("residents.on_the_list", name=one.name)
    row = await Occupant.create(
        house_id=house_id, name=someone.name, phone=someone.phone, relation=someone.relation
    )
    await _record(house, row, "listed", actor, {"name": someone.name, "relation": someone.relation.value})
    if someone.phone:
        await reviews.confirm_listed(house_id, someone.name, someone.phone, actor=actor)
    return row.id


async def correct(occupant_id: int, *, name: str, phone: str, relation: str, actor: Actor) -> bool:
    """False when all was so already. An empty phone leaves the number as it is."""
    house, row = await _line(occupant_id, actor)
    right = corrections.checked(name, phone, relation, held=row.phone, phone_needed=False)
    changes = corrections.differences(Written(row.name, row.phone, row.relation), right)
    if not changes:
        return False
    row.name, row.phone, row.relation = right.name, right.phone, right.relation
    await row.save(update_fields=["name", "phone", "relation"])
    await _record(
        house, row, "corrected", actor, {"changes": {name: list(pair) for name, pair in changes.items()}}
    )
    if right.phone:
        await reviews.confirm_listed(house.id, right.name, right.phone, actor=actor)
    return True


async def leave(occupant_id: int, *, actor: Actor) -> None:
    """Lives there no more: the line stays, and confirms nobody."""
    house, row = await _line(occupant_id, actor)
    row.left_at = clock.now()
    await row.save(update_fields=["left_at"])
    await _record(house, row, "left", actor, {"name": row.name})


async def phone(occupant_id: int, *, actor: Actor) -> str:
    """The whole number, which is recorded as read."""
    own = actor.seeing(Field.RESIDENTS)
    row = await Occupant.filter(id=occupant_id).select_related("house").first()
    if row is None or not own.has(row.house.community_id):
        raise NotFound("residents.no_such_member")
    await _record(row.house, row, "phone_read", actor, {"name": row.name})
    return row.phone


async def shown(occupant_id: int, *, actor: Actor) -> Written:
    """As it stands, for the form that puts it right; the phone masked."""
    _, row = await _line(occupant_id, actor)
    return Written(row.name, spelling.masked(row.phone), Relation(row.relation))


async def _house(house_id: int, actor: Actor) -> House:
    own = actor.doing(Field.RESIDENTS)
    house = await work.lock(House.filter(own.own(), id=house_id))
    if house is None:
        raise NotFound("residents.no_such_house")
    return house


async def _line(occupant_id: int, actor: Actor) -> tuple[House, Occupant]:
    own = actor.doing(Field.RESIDENTS)
    row = await Occupant.filter(id=occupant_id, left_at=None).select_related("house").first()
    if row is None or not own.has(row.house.community_id):
        raise NotFound("residents.no_such_member")
    return row.house, row


async def _record(house: House, row: Occupant, verb: str, actor: Actor, body: dict[str, object]) -> None:
    subject = Subject(SubjectKind.HOUSE, house.id, house.community_id)
    await events.record(subject, verb, actor=actor, body={"occupant": row.id, **body})
