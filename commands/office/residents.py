"""Finding somebody who writes to the account by what an operator types."""

from commands import StartError
from services.estate import people


async def person(text: str) -> int:
    """The id of the one whose id, openid or phone it is. Raises StartError for nobody or several."""
    found = await people.find(text)
    if len(found) == 1:
        return found[0].id
    named = ", ".join(f"{one.id} {one.name} {one.phone}".strip() for one in found)
    raise StartError(f"More than one person is {text!r}: {named}." if found else f"Nobody is {text!r}.")
