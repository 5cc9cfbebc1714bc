"""Wake-ups from other processes, as arq jobs. They carry nothing: what there is to do stands in PostgreSQL."""

import asyncio
import logging
from collections.abc import Mapping
from typing import Protocol

import orjson
from arq import ArqRedis
from arq.worker import Function, Worker, func
from redis.asyncio import ConnectionPool
from redis.exceptions import RedisError

log = logging.getLogger(__name__)

_POLL_S = 0.1
_PAUSE_S = 1.0
_JOB_S = 5


class Wakeable(Protocol):
    def wake(self) -> None: ...


async def listen(redis_url: str, sleepers: Mapping[str, Wakeable], *, jobs: int) -> None:
    """Wake the sleepers by name until cancelled. While Redis is away they wake by themselves."""
    reachable = True
    while True:
        pool = ConnectionPool.from_url(redis_url, socket_connect_timeout=2, socket_timeout=5)
        redis = ArqRedis(pool, job_serializer=orjson.dumps, job_deserializer=orjson.loads)
        try:
            await redis.ping()
            if not reachable:
                log.warning("redis is back")
            reachable = True
            await _work(redis, sleepers, jobs)
        except (RedisError, OSError) as fault:
            if reachable:
                log.warning("redis is away, looking every few seconds instead: %s", fault)
            reachable = False
        finally:
            await redis.aclose()
            await pool.aclose()
        await asyncio.sleep(_PAUSE_S)


async def _work(redis: ArqRedis, sleepers: Mapping[str, Wakeable], jobs: int) -> None:
    """An arq worker ends when Redis goes away; each one is used once."""
    worker = Worker(
        functions=[_function(name, sleeper) for name, sleeper in sleepers.items()],
        redis_pool=redis,
        handle_signals=False,
        max_jobs=jobs,
        poll_delay=_POLL_S,
        keep_result=0,
        job_timeout=_JOB_S,
        max_tries=1,
        health_check_interval=30,
        job_serializer=orjson.dumps,
        job_deserializer=orjson.loads,
        log_results=False,
    )
    try:
        await worker.main()
    finally:
        for task in worker.tasks.values():
            task.cancel()
        await asyncio.gather(*worker.tasks.values(), return_exceptions=True)


def _function(name: str, sleeper: Wakeable) -> Function:
    async def wake(ctx: dict[str, object]) -> None:
        sleeper.wake()

    return func(wake, name=name, keep_result=0, timeout=_JOB_S, max_tries=1)
