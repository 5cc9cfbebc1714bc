"""What residents do about their house, each in a unit of its own, and what was recorded of it."""

from models.community import Relation
from models.events import SubjectKind
from models.people import Person
from services import actors, events
from services.estate import bindings, household, people
from services.estate.bindings import Outcome
from services.estate.people import Known
from tests.world.estate import Estate
from tests.world.units import within


async def bind(
    place: Estate,
    *,
    house: int = 0,
    name: str = "王芳",
    phone: str = "13800000001",
    relation: Relation = Relation.OWNER,
    person: Person | Known | None = None,
) -> Outcome:
    who = (person or place.resident).id
    return await within(
        bindings.bind(
            who,
            house_id=place.houses[house].id,
            name=name,
            phone=phone,
            relation=relation,
            notice_version="2026-11",
            actor=actors.person(who),
        )
    )


async def adds(person_id: int, *, name: str, phone: str, relation: Relation) -> None:
    owner = actors.person(person_id)
    await within(household.add(person_id, name=name, phone=phone, relation=relation, actor=owner))


async def removes(person_id: int, name: str) -> None:
    members = await household.members(person_id)
    key = next((one.key for one in members if one.name == name), "listed:0")
    await within(household.remove(person_id, key=key, actor=actors.person(person_id)))


async def calls_from(place: Estate, phone: str) -> None:
    mine = place.resident.id
    await within(people.change_phone(mine, phone, actor=actors.person(mine)))


async def happened(kind: SubjectKind, subject_id: int) -> list[tuple[str, str]]:
    """What was recorded of it, and who did it."""
    return [(one.verb, one.actor_kind) for one in await events.of(kind, subject_id)]
