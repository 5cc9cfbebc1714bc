"""What staff put right of a resident: the name, the phone, who they are in the house."""

from collections.abc import Mapping
from dataclasses import dataclass

from models.community import Occupant, Relation
from models.people import Binding, Person
from services import clock, outbox, spelling
from services.actors import Actor
from services.errors import Invalid
from services.estate import people, reviews
from services.outbox import Value

_LONGEST_NAME, _LONGEST_PHONE = 32, 20


@dataclass(frozen=True, slots=True)
class Written:
    """Somebody as they are to stand in a house."""

    name: str
    phone: str
    relation: Relation


Changes = Mapping[str, tuple[str, str]]


def checked(name: str, phone: str, relation: str, *, held: str = "", phone_needed: bool = True) -> Written:
    """In one spelling; a phone that nobody typed is the one that is `held`. Raises Invalid for what is empty, too
    long, no phone or no relation.
    """
    name, typed = spelling.name(name), spelling.phone(phone)
    phone = typed or held
    if phone_needed and not phone:
        raise Invalid("binding.incomplete")
    if not name:
        raise Invalid("residents.no_name")
    if len(name) > _LONGEST_NAME or len(phone) > _LONGEST_PHONE:
        raise Invalid("page.too_long", longest=_LONGEST_NAME if len(name) > _LONGEST_NAME else _LONGEST_PHONE)
    if typed and not spelling.is_phone(typed):
        raise Invalid("residents.bad_phone")
    if relation not in list(Relation):
        raise Invalid("page.unreadable")
    return Written(name, phone, Relation(relation))


async def with_phone_of(binding_id: int, *, name: str, phone: str, relation: str, actor: Actor) -> Written:
    """What was typed; a phone that nobody typed is the one of the binding."""
    held = (await reviews.held(binding_id, reviews.CURRENT, actor=actor)).phone
    return checked(name, phone, relation, held=held)


async def correct(binding_id: int, right: Written, *, actor: Actor) -> bool:
    """The person hears of it; the line of the list that said the same is put right with it. False when all was so.

    Whoever was confirmed stays so. Raises NotFound outside of their scope, NotAllowed for what is over.
    """
    binding = await reviews.held(binding_id, reviews.CURRENT, actor=actor)
    changes = differences(Written(binding.name, binding.phone, binding.relation), right)
    if not changes:
        return False
    line = await _line(binding)
    binding.name, binding.phone, binding.relation = right.name, right.phone, right.relation
    if line is not None:
        line.name, line.phone, line.relation = right.name, right.phone, right.relation
        await line.save(update_fields=["name", "phone", "relation"])
    listed = line is not None or await reviews.is_listed(binding.house_id, right.name, right.phone)
    binding.matched = binding.matched or listed
    await binding.save(update_fields=["name", "phone", "relation", "matched"])
    await _know(binding)
    await reviews.record(binding, "corrected", actor=actor, changes=changes)
    await _tell(binding)
    return True


def differences(before: Written, after: Written) -> Changes:
    """By what was changed; phones are masked."""
    pairs = {
        "name": (before.name, after.name),
        "phone": (spelling.masked(before.phone), spelling.masked(after.phone)),
        "relation": (before.relation.value, after.relation.value),
    }
    changed = {"name": before.name != after.name, "phone": before.phone != after.phone}
    changed["relation"] = before.relation is not after.relation
    return {name: pair for name, pair in pairs.items() if changed[name]}


async def _line(binding: Binding) -> Occupant | None:
    """The line of the company's list that is about the same person."""
    listed = await Occupant.filter(house_id=binding.house_id, left_at=None).order_by("id")
    whose = (binding.name, binding.phone)
    return next((one for one in listed if spelling.same_person((one.name, one.phone), whose)), None)


async def _know(binding: Binding) -> None:
    person: Person = await people.lock(binding.person_id)
    person.name, person.phone = binding.name, binding.phone
    await person.save(update_fields=["name", "phone"])


async def _tell(binding: Binding) -> None:
    values: dict[str, Value] = {
        "house": binding.house.label,
        "name": binding.name,
        "phone": spelling.masked(binding.phone),
        "relation": binding.relation,
    }
    await outbox.tell(
        binding.person_id, "binding.corrected", values, key=f"binding:{binding.id}:corrected:{clock.now()}"
    )
