"""Wakes workers after a commit, off the path of the turn: through Redis, together, and never waited for."""

import asyncio
import contextlib
import logging
from collections.abc import AsyncIterator, Iterable

import orjson
from arq import ArqRedis
from redis.asyncio import ConnectionPool
from redis.exceptions import RedisError

from services.desk import presence

log = logging.getLogger(__name__)

DESK = "desk"  # no worker: the pages that staff have open listen on the channel
CHANNEL = presence.CHANNEL

_PAUSE_S = 0.05  # wakes of this long become one
_GONE_S = 5.0  # a wake that nobody took by then is worthless: the sweep did its work


class Waker:
    """What it is told is passed on within milliseconds. A lost wake costs a few seconds: workers also sweep."""

    def __init__(self, redis: ArqRedis) -> None:
        self._redis = redis
        self._names: set[str] = set()
        self._told = asyncio.Event()
        self._reachable = True
        self._closing = False

    def wake(self, names: Iterable[str]) -> None:
        """The names are those of `services.work.wake`."""
        self._names.update(names)
        if self._names:
            self._told.set()

    def close(self) -> None:
        """Let `run` end. Cancelling it would not do: redis-py loses a cancellation now and then."""
        self._closing = True
        self._told.set()

    async def run(self) -> None:
        """Pass wakes on, until closed."""
        while not self._closing:
            await self._told.wait()
            self._told.clear()
            names, self._names = self._names, set()
            await self._pass_on(names)
            if not self._closing:
                await asyncio.sleep(_PAUSE_S)

    async def _pass_on(self, names: set[str]) -> None:
        try:
            for name in sorted(names - {DESK}):
                await self._redis.enqueue_job(name, _expires=_GONE_S)
            if DESK in names:
                await self._redis.publish(CHANNEL, b"")
        except (RedisError, OSError) as fault:
            self._note(reachable=False, fault=fault)
        else:
            self._note(reachable=True)

    def _note(self, *, reachable: bool, fault: BaseException | None = None) -> None:
        if reachable != self._reachable:
            log.warning("redis %s: %s", "is back" if reachable else "is away, workers sweep", fault or "")
        self._reachable = reachable


@contextlib.asynccontextmanager
async def waker(redis_url: str) -> AsyncIterator[Waker]:
    """A running Waker, until the block ends. Does not need Redis to be there."""
    pool = ConnectionPool.from_url(redis_url, socket_connect_timeout=1, socket_timeout=2)
    redis = ArqRedis(pool, job_serializer=orjson.dumps, job_deserializer=orjson.loads)
    waking = Waker(redis)
    task = asyncio.create_task(waking.run())
    try:
        yield waking
    finally:
        waking.close()
        await task
        await redis.aclose()
        await pool.aclose()
