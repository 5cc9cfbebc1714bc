"""The unit of work: one transaction, the wakes that are collected in it, and the waking after its commit.

The edges open units: the pipeline for a message, the worker for a timer, a command, a web request. Services only
work inside one: what they lock stays theirs until it ends, and nobody is woken for what was never committed.
"""

from collections.abc import Callable, Iterable
from contextlib import AbstractAsyncContextManager
from contextvars import ContextVar
from dataclasses import dataclass, field
from types import TracebackType
from typing import TypeVar

from tortoise.backends.base.client import BaseDBAsyncClient
from tortoise.models import Model
from tortoise.queryset import QuerySet
from tortoise.transactions import in_transaction

from models import rows

Wake = Callable[[Iterable[str]], None]
M = TypeVar("M", bound=Model)

_CONNECTION = "default"  # the only one there is: models.database names it so

_collected: ContextVar["_Collected | None"] = ContextVar("_collected", default=None)


@dataclass(slots=True)
class _Collected:
    """Whom to wake, and how often that was asked: after whatever was changed."""

    names: list[str] = field(default_factory=list)
    asked: int = 0


class OutsideOfWorkError(RuntimeError):
    """A row was to be locked although no unit of work holds it."""


class NestedWorkError(RuntimeError):
    """A unit of work was opened inside another, whose end alone decides what is committed."""


def _nobody(names: Iterable[str]) -> None:
    """The sweeps of the workers find everything in time."""


class _Process:
    """Whom this process wakes after a commit unless a unit says otherwise."""

    wake: Wake = staticmethod(_nobody)


def wake_by(wake: Wake | None) -> None:
    """Say once per process how wakes are passed on; None for nobody."""
    _Process.wake = staticmethod(wake or _nobody)


def unit(*, wake: Wake | None = None) -> AbstractAsyncContextManager[BaseDBAsyncClient]:
    """A transaction; whoever should be woken for what it wrote is woken after its commit, and only then.

    `wake` takes the place of what the process does by default. Raises NestedWorkError inside another unit.
    """
    return _Unit(wake)


class _Unit(AbstractAsyncContextManager[BaseDBAsyncClient]):
    """Every turn passes here, and comes back to it at each of its statements: a generator would cost more."""

    __slots__ = ("_collected", "_token", "_transaction", "_wake")

    def __init__(self, wake: Wake | None) -> None:
        self._wake = wake

    async def __aenter__(self) -> BaseDBAsyncClient:
        if _collected.get() is not None:
            raise NestedWorkError("a unit of work is running already")
        self._collected = _Collected()
        self._token = _collected.set(self._collected)
        self._transaction = in_transaction(_CONNECTION)
        try:
            return await self._transaction.__aenter__()
        except BaseException:
            _collected.reset(self._token)
            raise

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        fault: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        try:
            await self._transaction.__aexit__(kind, fault, trace)
        finally:
            _collected.reset(self._token)
        if kind is None:
            (self._wake or _Process.wake)(self._collected.names)


def wake(name: str) -> None:
    """Ask for a worker ("deliver", "media", "timers") or the desk to be woken after the commit. Only a hint."""
    collected = _collected.get()
    if collected is None:
        return
    collected.asked += 1
    if name not in collected.names:
        collected.names.append(name)


def changes() -> int:
    """A number that grows with whatever the unit changes: all that is recorded, queued or timed wakes somebody."""
    collected = _collected.get()
    return collected.asked if collected else 0


async def lock(found: QuerySet[M]) -> M | None:
    """The first row that is found, held until the unit ends; None when there is none.

    Rows that point to it are written by others meanwhile: whoever tells somebody something need not wait for them.
    Raises OutsideOfWorkError without a unit: such a lock would be gone before anybody looked at the row.
    """
    must_run()
    return await found.select_for_update(no_key=True).first()


async def lock_row(table: type[M], row_id: int, *, which: str = "true") -> M | None:
    """As lock, of the row with this id: what most verbs begin with, and quicker than any query that is built.

    `which` is a condition of SQL that has to hold as well, once nobody else holds the row.
    """
    must_run()
    name = table._meta.db_table
    statement = f"SELECT * FROM {name} WHERE id = $1 AND ({which}) FOR NO KEY UPDATE"  # noqa: S608 - no words of people
    return await rows.first(table, statement, row_id)


def must_run() -> None:
    """Raise OutsideOfWorkError unless a unit of work runs."""
    if _collected.get() is None:
        raise OutsideOfWorkError("this must run inside work.unit(): what it locks would not stay locked")
