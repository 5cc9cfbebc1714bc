"""Finding communities by what an operator types."""

from commands import StartError
from models.community import Community
from services.scope import Scope


async def communities(seen: Scope) -> list[Community]:
    return [one for one in await Community.all().order_by("id") if seen.has(one.id)]


async def community(code: str, seen: Scope) -> Community:
    rows = await communities(seen)
    found = next((one for one in rows if one.code == code), None)
    if found is None:
        names = ", ".join(f"{one.code} {one.name}" for one in rows)
        raise StartError(f"There is no community {code!r}; there are {names or 'none yet'}.")
    return found
