"""Finding communities by what an operator types."""

from commands import StartError
from models.community import Community


async def community(code: str) -> Community:
    found = await Community.filter(code=code).first()
    if found is None:
        names = ", ".join(f"{one.code} {one.name}" for one in await Community.all().order_by("id"))
        raise StartError(f"There is no community {code!r}; there are {names or 'none yet'}.")
    return found
