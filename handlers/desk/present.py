"""Who else looks at a talk, as far as Redis is there to know."""

from aiohttp import web

from handlers.desk import kept
from services.actors import Actor
from services.desk import presence
from services.desk.presence import Present


async def others(request: web.Request, ids: list[int], actor: Actor) -> dict[int, list[Present]]:
    redis = request.config_dict.get(kept.REDIS)
    return await presence.there(redis, ids, actor=actor) if redis is not None and ids else {}


async def look(request: web.Request, talk_id: int, actor: Actor, *, typing: bool) -> None:
    redis = request.config_dict.get(kept.REDIS)
    if redis is not None:
        await presence.look(redis, talk_id, typing=typing, actor=actor)
