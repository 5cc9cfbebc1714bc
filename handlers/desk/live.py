"""Telling every open desk of this process what changed: one question to the database, however many desks are open.

The hub asks as soon as Redis says that something was committed, and every second in any case: without Redis news
comes later and none is missed. It asks at most five times a second, so no desk gets more frames than that; what comes
meanwhile for a desk whose line is slow becomes one frame.
"""

import asyncio
import contextlib
import logging
from collections.abc import AsyncIterator, Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from aiohttp import web
from redis.asyncio import Redis
from redis.exceptions import RedisError
from tortoise.exceptions import BaseORMException

from handlers import waking
from handlers.desk import pushing
from handlers.desk.pushing import Drawn
from services import scope
from services.desk import changes
from services.desk.changes import Changes, Told
from services.scope import Scope
from settings import Settings

log = logging.getLogger(__name__)

EVERY_S = 1.0  # when nobody wakes it
PAUSE_S = 0.2  # between two questions: five frames a second
_AGAIN_S = 1.0  # after Redis or the database was away


@dataclass(slots=True, eq=False)
class Listener:
    """One open stream: what it has to tell next, and that there is something."""

    staff_id: int
    waiting: Told = field(default_factory=Told)
    told: asyncio.Event = field(default_factory=asyncio.Event)

    def tell(self, news: Told) -> None:
        if news:
            self.waiting |= news
            self.told.set()

    def take(self) -> Told:
        taken, self.waiting = self.waiting, Told()
        self.told.clear()
        return taken


class Hub:
    """The open streams of this process. `cursor` is up to where all of them have been told."""

    def __init__(self) -> None:
        self.cursor = ""
        self.scopes: Mapping[int, Scope] = {}
        self.drawn = Drawn()
        self._listeners: set[Listener] = set()
        self._woken = asyncio.Event()
        self._besides: set[int] = set()

    @contextlib.contextmanager
    def listening(self, staff_id: int) -> Iterator[Listener]:
        listener = Listener(staff_id)
        self._listeners.add(listener)
        try:
            yield listener
        finally:
            self._listeners.discard(listener)

    def wake(self, talk_id: int | None = None) -> None:
        """Something was committed, or changed in this talk that no row tells."""
        if talk_id is not None:
            self._besides.add(talk_id)
        self._woken.set()

    async def begin(self) -> None:
        """From here on nothing is missed."""
        if not self.cursor:
            cursor = await changes.now()
            self.cursor = self.cursor or cursor

    async def look(self) -> None:
        """Ask what changed, and tell each stream what its owner may know at this moment."""
        if not self.cursor:
            return await self.begin()
        besides = self._besides
        self._besides = set()
        news = await changes.since(self.cursor, besides=besides)
        # Whoever begins to listen from here on catches up from a later moment than that of the question.
        listeners = list(self._listeners)
        if news and listeners:
            self.scopes = await scope.of_many({one.staff_id for one in listeners})
            self.drawn = await self._draw(news)
            self._tell(listeners, news)
        self.cursor = news.cursor
        return None

    def rows(self, told: Told, staff_id: int) -> bytes:
        """What the last look drew of this, for the frame of one desk; nothing when some of it is older."""
        scope = self.scopes.get(staff_id)
        return self.drawn.of(told, scope, staff_id) if scope else b""

    def _tell(self, listeners: Iterable[Listener], news: Changes) -> None:
        """Those of one scope are told the same, unless a talk is told them because they have it."""
        holders = {one.holder for one in news.talks}
        found: dict[tuple[Scope, int], Told] = {}
        for one in listeners:
            if scope := self.scopes.get(one.staff_id):
                key = (scope, one.staff_id if one.staff_id in holders else 0)
                if key not in found:
                    found[key] = news.told_to(*key)
                one.tell(found[key])

    async def _draw(self, news: Changes) -> Drawn:
        """A row that cannot be drawn keeps nobody from hearing that it changed: they read it themselves."""
        try:
            return await pushing.draw([one.id for one in news.talks], set(self.scopes.values()))
        except (BaseORMException, OSError):
            raise
        except Exception:
            log.exception("rows of the list could not be drawn")
            return Drawn()

    async def run(self) -> None:
        """Look again and again, until cancelled. What was not told while the database was away is told then."""
        while True:
            await self._pause()
            try:
                await self.look()
            except (BaseORMException, OSError) as fault:
                log.warning("open desks were told nothing: %s", type(fault).__name__)
                await asyncio.sleep(_AGAIN_S)
            await asyncio.sleep(PAUSE_S)

    async def _pause(self) -> None:
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self._woken.wait(), EVERY_S)
        self._woken.clear()

    async def hear(self, redis: Redis) -> None:
        """Be woken through Redis, until cancelled."""
        while True:
            try:
                await self._hear(redis)
            except (RedisError, OSError) as fault:
                log.warning(
                    "open desks are told every %s s: redis is away, %s", EVERY_S, type(fault).__name__
                )
                await asyncio.sleep(_AGAIN_S)

    async def _hear(self, redis: Redis) -> None:
        async with redis.pubsub(ignore_subscribe_messages=True) as heard:
            await heard.subscribe(waking.CHANNEL)
            self.wake()  # for whatever was said before
            async for message in heard.listen():
                words = bytes(message["data"])
                self.wake(int(words) if words.isdigit() else None)


HUB: web.AppKey[Hub] = web.AppKey("hub", Hub)


def add(app: web.Application, settings: Settings) -> None:
    app[HUB] = hub = Hub()

    async def running(app: web.Application) -> AsyncIterator[None]:
        redis = Redis.from_url(settings.redis.url, socket_connect_timeout=1, health_check_interval=20)
        tasks = [asyncio.create_task(hub.run()), asyncio.create_task(hub.hear(redis))]
        yield
        while tasks:  # redis-py loses a cancellation now and then
            for one in tasks:
                one.cancel()
            _, left = await asyncio.wait(tasks, timeout=0.5)
            tasks = list(left)
        await redis.aclose()

    app.cleanup_ctx.append(running)
