"""A few connections of their own for questions that may take long: they never hold up what answers people."""

import asyncio
from collections.abc import Mapping, Sequence
from typing import Any

import asyncpg

from models.database import PLANNED_FOR_GROWTH, Connection, credentials
from settings import Settings

CONNECTIONS = 2
LONGEST_S = 2.0  # of one question, and of waiting for a connection


class TooLongError(Exception):
    """The question was given up: it took too long, or others were being answered."""


class Aside:
    """Reads only. Opened by the first question, closed with the process."""

    def __init__(self, settings: Settings, *, longest_s: float = LONGEST_S) -> None:
        self._settings, self._longest_s = settings, longest_s
        self._pool: asyncpg.Pool | None = None
        self._opening = asyncio.Lock()

    async def ask(self, query: str, *values: object) -> Sequence[Mapping[str, Any]]:
        """Raises TooLongError."""
        pool = await self._opened()
        try:
            async with pool.acquire(timeout=self._longest_s) as connection:
                found: Sequence[Mapping[str, Any]] = await connection.fetch(query, *values)
                return found
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
