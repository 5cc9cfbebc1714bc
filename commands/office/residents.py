"""Finding somebody who writes to the account by what an operator types."""

from tortoise.expressions import Q

from commands import StartError
from models.people import Binding, Person
from services import spelling

_SHORTEST_PHONE = 7  # digits; fewer are an id


async def person(text: str) -> int:
    """The id of the one whose id, openid or phone it is. Raises StartError for nobody or several."""
    found = await _found(text)
    if len(found) == 1:
        return found[0].id
    named = ", ".join(f"{one.id} {one.name} {spelling.masked(one.phone)}".strip() for one in found)
    raise StartError(f"More than one person is {text!r}: {named}." if found else f"Nobody is {text!r}.")


async def _found(text: str) -> list[Person]:
    known = Person.filter(channel_id=text)
    if text.isdecimal() and len(text) < _SHORTEST_PHONE:
        known = Person.filter(id=int(text))
    elif not await known.exists() and (number := spelling.phone(text)):
        bound = [one.person_id for one in await Binding.filter(phone=number)]
        known = Person.filter(Q(phone=number) | Q(id__in=bound))
    return await known.order_by("id")
