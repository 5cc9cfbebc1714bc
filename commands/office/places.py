"""Finding communities by what an operator types."""

from commands import StartError
from services.estate import communities
from services.estate.communities import CommunityView
from services.scope import Scope


async def community(code: str, seen: Scope) -> CommunityView:
    rows = await communities.within(seen)
    found = next((one for one in rows if one.code == code), None)
    if found is None:
        names = ", ".join(f"{one.code} {one.name}" for one in rows)
        raise StartError(f"There is no community {code!r}; there are {names or 'none yet'}.")
    return found
