"""Tortoise's engine for asyncpg, whose transactions leave nothing behind when the server goes away.

Tortoise 1.1.9 makes a transaction's connection the one of the running task before it begins the transaction.
When beginning fails, it stays so: every later transaction of that task, after any number of retries, is then
tried on a connection that is dead.
"""

from types import TracebackType
from typing import Any

import asyncpg
from tortoise.backends.asyncpg.client import AsyncpgDBClient, TransactionWrapper
from tortoise.backends.base.client import TransactionalDBClient, TransactionContext, TransactionContextPooled
from tortoise.connection import get_connections
from tortoise.exceptions import TransactionManagementError
from tortoise.fields import DatetimeField

# asyncpg reads aware times in UTC, as they are wanted: Tortoise would look at each of them again, and convert it.
DatetimeField.skip_to_python_if_native = True


class Transaction(TransactionContextPooled):
    """Whatever fails, afterwards the task has the connection again that it had before.

    Every turn passes here: the steps of Tortoise's own context stand in one frame, and nothing is looked up twice.
    """

    async def __aenter__(self) -> TransactionalDBClient:
        client = self.client
        if not client._parent._pool:
            await self.ensure_connection()
        client._connection = await client._parent._pool.acquire()
        self._handler = get_connections()
        self.token = self._handler.set(self.connection_name, client)
        try:
            await client.begin()
        except BaseException:
            await self._give_back()
            raise
        return client

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        fault: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        try:
            if kind is None and not self.client._finalized:
                await self.client.commit()
            elif not self.client._finalized and kind is not TransactionManagementError:
                await self.client.rollback()
        finally:
            await self._give_back()

    async def _give_back(self) -> None:
        try:
            if pool := self.client._parent._pool:
                await pool.release(self.client._connection)
        finally:
            self._handler.reset(self.token)


class _Begun(TransactionWrapper):
    """Statements of our own go straight to the connection; only a fault is passed through Tortoise's translation."""

    async def begin(self) -> None:
        """Beginning breaks no constraint: there is nothing to translate."""
        self.transaction = self._connection.transaction()
        await self.transaction.start()

    async def execute_query_dict(self, query: str, values: list[Any] | None = None) -> list[dict[str, Any]]:
        try:
            async with self._lock:
                return [dict(row) for row in await self._connection.fetch(query, *(values or ()))]
        except asyncpg.PostgresError as fault:
            await self._translate_exceptions(_raise, fault)
            raise


async def _raise(client: AsyncpgDBClient, fault: asyncpg.PostgresError) -> None:
    raise fault


class Client(AsyncpgDBClient):
    def _in_transaction(self) -> TransactionContext:
        return Transaction(_Begun(self), self._pool_init_lock)


client_class = Client
