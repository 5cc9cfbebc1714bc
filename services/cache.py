"""Rows that change seldom, kept in the process for some seconds. The database stays the truth."""

import time
from collections.abc import Awaitable, Callable
from typing import Generic, Protocol, TypeVar

T = TypeVar("T")


class _Forgetful(Protocol):
    def forget(self) -> None: ...


_kept: list[_Forgetful] = []


class Cached(Generic[T]):
    """What `load` returned, loaded again after `seconds`."""

    def __init__(self, load: Callable[[], Awaitable[T]], *, seconds: float = 30.0) -> None:
        self._load = load
        self._seconds = seconds
        self._held: tuple[float, T] | None = None
        _kept.append(self)

    async def get(self) -> T:
        if self._held is None or self._held[0] < time.monotonic():
            self._held = (time.monotonic() + self._seconds, await self._load())
        return self._held[1]

    def forget(self) -> None:
        self._held = None


def forget() -> None:
    """Load everything afresh on next use: after demo data, an import, or in a test on another database."""
    for one in _kept:
        one.forget()
