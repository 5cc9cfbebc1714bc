"""Tortoise's engine for asyncpg, whose transactions leave nothing behind when the server goes away.

Tortoise 1.1.9 makes a transaction's connection the one of the running task before it begins the transaction.
When beginning fails, it stays so: every later transaction of that task, after any number of retries, is then
tried on a connection that is dead.
"""

from types import TracebackType

from tortoise.backends.asyncpg.client import AsyncpgDBClient, TransactionWrapper
from tortoise.backends.base.client import TransactionalDBClient, TransactionContext, TransactionContextPooled
from tortoise.connection import get_connections


class Transaction(TransactionContextPooled):
    """Whatever fails, afterwards the task has the connection again that it had before."""

    async def __aenter__(self) -> TransactionalDBClient:
        try:
            return await super().__aenter__()
        except BaseException:
            await self._give_back()
            raise

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        fault: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        try:
            await super().__aexit__(kind, fault, trace)
        finally:
            self._forget()

    async def _give_back(self) -> None:
        if not hasattr(self, "token"):  # it failed before it had a connection
            return
        try:
            await self.client._parent._pool.release(self.client._connection)
        finally:
            self._forget()

    def _forget(self) -> None:
        if not self.token._used:
            get_connections().reset(self.token)


class Client(AsyncpgDBClient):
    def _in_transaction(self) -> TransactionContext:
        return Transaction(TransactionWrapper(self), self._pool_init_lock)


client_class = Client
