"""The connections of the search, for as long as the process runs."""

from collections.abc import AsyncIterator

from aiohttp import web

from models.aside import Aside
from settings import Settings

ASIDE: web.AppKey[Aside] = web.AppKey("aside", Aside)


def add(app: web.Application, settings: Settings) -> None:
    app[ASIDE] = Aside(settings)

    async def close(app: web.Application) -> AsyncIterator[None]:
        yield
        await app[ASIDE].close()

    app.cleanup_ctx.append(close)
