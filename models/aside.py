"""A few connections of their own for questions that may take long: they never hold up what answers people."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable, Iterator, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from typing import Any

import asyncpg
from tortoise.connection import get_connections

from models.database import PLANNED_FOR_GROWTH, Connection, credentials
from models.engine import Client
from settings import Settings

CONNECTIONS = 2
LONGEST_S = 2.0  # of one question, and of waiting for a connection


class TooLongError(Exception):
    """The question was given up: it took too long, or others were being answered."""


class _Client(Client):
    """Tables are asked by connections that are lent."""

    def __init__(self, lend: Callable[[], AbstractAsyncContextManager[Any]]) -> None:
        super().__init__(connection_name="default")
        self._lend = lend

    def acquire_connection(self) -> AbstractAsyncContextManager[Any]:  # type: ignore[override]  # all that is used
        return self._lend()


class Aside:
    """Reads only. Opened by the first question, closed with the process."""

    def __init__(self, settings: Settings, *, longest_s: float = LONGEST_S) -> None:
        self._settings, self._longest_s = settings, longest_s
        self._pool: asyncpg.Pool | None = None
        self._opening = asyncio.Lock()
        self._client = _Client(self._lent)

    async def ask(self, query: str, *values: object) -> Sequence[Mapping[str, Any]]:
        """Raises TooLongError."""
        async with self._lent() as connection:
            found: Sequence[Mapping[str, Any]] = await connection.fetch(query, *values)
            return found

    @contextlib.contextmanager
    def tables(self) -> Iterator[None]:
        """Whatever is asked of the tables within goes by these connections too, and raises TooLongError."""
        handler = get_connections()
        token = handler.set("default", self._client)
        try:
            yield
        finally:
            handler.reset(token)

    @contextlib.asynccontextmanager
    async def _lent(self) -> AsyncIterator[Any]:
        pool = await self._opened()
        try:
            async with pool.acquire(timeout=self._longest_s) as connection:
                yield connection
        except (asyncpg.QueryCanceledError, TimeoutError) as error:
            raise TooLongError from error

    async def close(self) -> None:
        if self._pool is not None:
            await self._pool.close()
            self._pool = None

    async def _opened(self) -> asyncpg.Pool:
        async with self._opening:
            if self._pool is None:
                self._pool = await asyncpg.create_pool(
                    **credentials(self._settings.database.url),
                    min_size=0,
                    max_size=CONNECTIONS,
                    connection_class=Connection,
                    server_settings={
                        **PLANNED_FOR_GROWTH,
                        "statement_timeout": str(int(self._longest_s * 1000)),
                        "default_transaction_read_only": "on",
                    },
                )
        return self._pool
