"""What the inbox's handlers share for as long as the process runs."""

from collections.abc import AsyncIterator, Mapping
from pathlib import Path

from aiohttp import web
from redis.asyncio import Redis

from services.delivery.pictures import Pictures
from settings import Settings
from wechat.typed import AccountTemplate

REDIS: web.AppKey[Redis] = web.AppKey("redis", Redis)  # set by the application around the pages
MEDIA: web.AppKey[Path] = web.AppKey("media", Path)
PICTURES: web.AppKey[Pictures] = web.AppKey("pictures", Pictures)
TEMPLATES: web.AppKey[Mapping[str, AccountTemplate]] = web.AppKey("templates", Mapping)


def add(app: web.Application, settings: Settings, templates: dict[str, AccountTemplate]) -> None:
    app[MEDIA] = settings.media.dir
    app[PICTURES] = Pictures(settings.media.max_megapixels)
    app[TEMPLATES] = templates

    async def close(app: web.Application) -> AsyncIterator[None]:
        yield
        await app[PICTURES].close()

    app.cleanup_ctx.append(close)
