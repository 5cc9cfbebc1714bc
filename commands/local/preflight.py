"""What must stand before a process begins, and the sentence for the person who started it when it does not."""

import asyncio
import time

import asyncpg
from redis.asyncio import Redis
from redis.exceptions import RedisError

from commands import StartError
from models import database
from settings import Settings

_PATIENCE = 5  # seconds
_PAUSE = 0.1


async def servers(settings: Settings) -> None:
    """PostgreSQL and Redis answer, and the database has every migration."""
    await reach_database(settings)
    await reach_redis(settings)
    if missing := await database.pending(settings):
        raise StartError(f"The database lacks {len(missing)} migrations; run: python run.py migrate")


async def reach_database(settings: Settings) -> None:
    try:
        connection = await _connect(settings.database.url)
    except (OSError, asyncpg.PostgresError, asyncpg.InterfaceError, ValueError) as error:
        raise StartError(
            f"Cannot reach the database at {shown(settings.database.url)}: {said(error)}."
        ) from error
    await connection.close()


async def _connect(url: str) -> asyncpg.Connection:
    """A server that is just starting, after a crash for instance, is waited for."""
    deadline = time.monotonic() + _PATIENCE
    while True:
        try:
            return await asyncpg.connect(url, timeout=_PATIENCE)
        except asyncpg.CannotConnectNowError:
            if time.monotonic() > deadline:
                raise
        await asyncio.sleep(_PAUSE)


async def reach_redis(settings: Settings) -> None:
    try:
        client = Redis.from_url(
            settings.redis.url, socket_connect_timeout=_PATIENCE, socket_timeout=_PATIENCE
        )
        async with client:
            await client.ping()
    except (OSError, RedisError, ValueError) as error:
        raise StartError(f"Cannot reach Redis at {shown(settings.redis.url)}: {said(error)}.") from error


def shown(url: str) -> str:
    """The URL without what stands before its @: user and password."""
    scheme, _, rest = url.partition("://")
    return f"{scheme}://{rest.rpartition('@')[2]}"


def said(error: Exception) -> str:
    """The error's own words in one line."""
    if isinstance(error, TimeoutError):
        return f"no answer within {_PATIENCE} seconds"
    return " ".join((str(error) or type(error).__name__).split()).rstrip(".")
