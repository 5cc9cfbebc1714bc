"""Who looks at a talk and who types there. Redis alone keeps it, for seconds: it informs, and decides nothing."""

from dataclasses import dataclass
from typing import cast

from redis.asyncio import Redis
from redis.exceptions import RedisError

from models.people import Staff
from services.actors import Actor

CHANNEL = (
    "guanjia:desk"  # where the open desks listen: the id of a talk, or nothing for whatever was committed
)
_LOOKS_S, _TYPES_S = 45, 6
_LOOKS, _TYPES = "looks", "types"


@dataclass(frozen=True, slots=True)
class Present:
    staff_id: int
    name: str
    types: bool


async def look(redis: Redis, conversation_id: int, *, typing: bool, actor: Actor) -> None:
    """This person has the talk before them. Without Redis nobody is told, and nothing else is missing."""
    if actor.staff_id is None:
        return
    try:
        before = await redis.set(_key(conversation_id, actor.staff_id, _LOOKS), b"1", ex=_LOOKS_S, get=True)
        if typing:
            key = _key(conversation_id, actor.staff_id, _TYPES)
            before = await redis.set(key, b"1", ex=_TYPES_S, get=True) and before
        if not before:
            await redis.publish(CHANNEL, str(conversation_id))
    except (RedisError, OSError):
        return


async def leave(redis: Redis, conversation_id: int, *, actor: Actor) -> None:
    if actor.staff_id is None:
        return
    try:
        await redis.delete(*(_key(conversation_id, actor.staff_id, what) for what in (_LOOKS, _TYPES)))
        await redis.publish(CHANNEL, str(conversation_id))
    except (RedisError, OSError):
        return


async def there(redis: Redis, conversation_ids: list[int], *, actor: Actor) -> dict[int, list[Present]]:
    """The others at each of these talks."""
    colleagues = {one.id: one.name for one in await Staff.filter(active=True).exclude(id=actor.staff_id or 0)}
    asked = [(talk, staff) for talk in conversation_ids for staff in colleagues]
    if not asked:
        return {}
    keys = [_key(talk, staff, what) for talk, staff in asked for what in (_LOOKS, _TYPES)]
    try:
        values = cast("list[bytes | None]", await redis.mget(keys))
    except (RedisError, OSError):
        return {}
    found: dict[int, list[Present]] = {}
    for number, (talk, staff) in enumerate(asked):
        looks, types = values[2 * number], values[2 * number + 1]
        if looks:
            found.setdefault(talk, []).append(Present(staff, colleagues[staff], types is not None))
    return found


def _key(conversation_id: int, staff_id: int, what: str) -> str:
    return f"guanjia:{what}:{conversation_id}:{staff_id}"
