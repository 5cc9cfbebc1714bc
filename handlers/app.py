"""Puts a web process together: what it opens, what it serves. workers/main does the same for a worker."""

import asyncio
from collections.abc import AsyncIterator

from aiohttp import web, web_response
from redis.asyncio import Redis
from tortoise import connections

from bot import understanding
from bot.pipeline import Pipeline
from bot.scripts import library
from bot.scripts.bot import Bot
from bot.scripts.editions import Editions
from dialogs import shipped
from dialogs.registry import registry
from handlers import health, job_page, metrics, news, subscribed, waking
from handlers.callback import PIPELINE, Door, Trouble
from handlers.desk.kept import REDIS
from handlers.watch import Watch
from handlers.web import app as pages
from models import database
from services import timekeeping, work
from settings import Settings, root
from wechat import news_pages, subscriptions
from wechat.allowances import Allowances
from wechat.callback import Callback
from wechat.render import split

_CACHE = root() / "var" / "understanding"
SERVER = "guanjia"
_LOOK_EVERY_S = 2.0  # for scripts that were published


def create_app(settings: Settings) -> web.Application:
    """The callback stands on the outermost application, which has no middleware: sub-applications bring theirs."""
    # Answers to what is no HTTP pass no signal and no middleware, and would name our Python and its server.
    web_response.SERVER_SOFTWARE = SERVER  # type: ignore[attr-defined]  # aiohttp has no setting for it
    app = web.Application()
    _open_doors(app, settings)

    async def database_open(app: web.Application) -> AsyncIterator[None]:
        await database.open(settings)
        yield
        await database.close()

    async def redis_open(app: web.Application) -> AsyncIterator[None]:
        app[REDIS] = Redis.from_url(settings.redis.url, socket_connect_timeout=1, socket_timeout=2)
        yield
        await app[REDIS].aclose()

    async def pipeline_ready(app: web.Application) -> AsyncIterator[None]:
        async with waking.waker(settings.redis.url) as waker:
            work.wake_by(waker.wake)
            app[PIPELINE], editions = await _pipeline(settings, waker)
            beside = [
                asyncio.create_task(editions.run(_LOOK_EVERY_S)),
                asyncio.create_task(timekeeping.keep()),
            ]
            yield
            for task in beside:
                task.cancel()
            await asyncio.wait(beside)
            work.wake_by(None)

    app.cleanup_ctx.extend([database_open, redis_open, pipeline_ready])
    return app


def _open_doors(app: web.Application, settings: Settings) -> None:
    """The platform's callback, the machine's own questions, the pages of residents, technicians and staff."""
    trouble, watch = Trouble(), Watch(settings.wechat.timestamp_window_s)
    app.add_routes(Door(_callback(settings), trouble, watch).routes())
    checks: dict[str, health.Check] = {
        "database": _ask_database, "redis": lambda: _ask_redis(app), "turns": trouble.check,
        "clock": watch.check,
    }  # fmt: skip
    app.add_routes(health.routes(checks))
    app.add_routes(subscribed.routes(subscriptions.of(settings)))
    app.add_routes(news.routes(news_pages.of(settings), subscriptions.of(settings)))
    job_page.add(app, settings, settings.media.dir)
    metrics.add(app, settings.metrics.token)
    pages.add(app, settings)


def _callback(settings: Settings) -> Callback:
    wechat = settings.wechat
    return Callback(
        token=wechat.token,
        app_id=wechat.app_id,
        encoding_aes_key=wechat.encoding_aes_key,
        mode=wechat.mode,
        account=wechat.account_id,
        window_s=wechat.timestamp_window_s,
    )


async def _pipeline(settings: Settings, waker: waking.Waker) -> tuple[Pipeline, Editions]:
    """Blocks for a second, before anybody can knock: the recogniser is read, or learned on the first start."""

    def take(bot: Bot) -> None:
        pipeline.bot = bot

    editions = Editions(
        await library.load(registry, shipped.everything(), company=settings.company.name), take
    )
    pipeline = Pipeline(
        editions.bot,
        understanding.load(_CACHE, margin=settings.understanding.margin),
        split=split,
        allowances=Allowances(settings.wechat.tap_opens_window, settings.wechat.payment_opens_window),
        wake=waker.wake,
        renew=editions.look,
    )
    return pipeline, editions


class ReadOnlyError(Exception):
    """The database takes no changes: it is a standby, or was told so."""


async def _ask_database() -> None:
    _, rows = await connections.get("default").execute_query(
        "SELECT current_setting('transaction_read_only') = 'on' OR pg_is_in_recovery() AS read_only"
    )
    if rows[0]["read_only"]:
        raise ReadOnlyError


async def _ask_redis(app: web.Application) -> None:
    await app[REDIS].ping()
