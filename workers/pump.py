"""Takes rows out of PostgreSQL and works on several at a time, woken or not."""

import asyncio
import contextlib
import logging
from collections.abc import Awaitable, Callable
from typing import Generic, TypeVar

log = logging.getLogger(__name__)

Row = TypeVar("Row")

_LONGEST_PAUSE_S = 10.0
_GRACE_S = 10.0  # what is under way at the end may finish


class Pump(Generic[Row]):
    """`claim(n)` gives up to n rows that are now ours; `work` does one and says in the database how it went.

    `due_in` tells in how many seconds the next row may be claimed that must not be yet, None without one.
    A row whose `work` raised or was cut short stays claimed: the sweep of its kind decides about it.
    """

    def __init__(
        self,
        name: str,
        claim: Callable[[int], Awaitable[list[Row]]],
        work: Callable[[Row], Awaitable[None]],
        *,
        slots: int,
        every_s: float,
        due_in: Callable[[], Awaitable[float | None]] | None = None,
    ) -> None:
        self.name = name
        self._claim = claim
        self._work = work
        self._slots = slots
        self._every_s = every_s
        self._due_in = due_in
        self._look = asyncio.Event()
        self._starting: asyncio.Future[int] | None = None
        self._running: set[asyncio.Task[None]] = set()

    def wake(self) -> None:
        """There may be something to claim."""
        self._look.set()

    async def run(self) -> None:
        """Until cancelled; then nothing more is claimed and what is under way gets some seconds to finish."""
        try:
            await self._run()
        finally:
            await self._finish()

    async def _run(self) -> None:
        pause = 0.0
        while True:
            self._look.clear()
            try:
                # Rows that were claimed when we are cancelled must still be worked on.
                self._starting = asyncio.ensure_future(self._start_some())
                started = await asyncio.shield(self._starting)
                pause = 0.0
            except Exception as fault:  # noqa: BLE001 - whatever the database does, we go on afterwards
                log.warning("%s cannot claim: %r", self.name, fault)
                pause = min(_LONGEST_PAUSE_S, pause * 2 or 0.5)
                await asyncio.sleep(pause)
                continue
            if not started:
                await self._wait()

    async def _start_some(self) -> int:
        free = self._slots - len(self._running)
        rows = await self._claim(free) if free > 0 else []
        for row in rows:
            task = asyncio.create_task(self._one(row))
            self._running.add(task)
            task.add_done_callback(self._ended)
        return len(rows)

    async def _one(self, row: Row) -> None:
        try:
            await self._work(row)
        except Exception:
            log.exception("%s failed on %r", self.name, getattr(row, "id", row))

    def _ended(self, task: asyncio.Task[None]) -> None:
        self._running.discard(task)
        self._look.set()  # a slot is free, and the next of the same person may go

    async def _wait(self) -> None:
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(await self._rest_s()):
                await self._look.wait()

    async def _rest_s(self) -> float:
        if self._due_in is None or len(self._running) >= self._slots:
            return self._every_s
        try:
            due = await self._due_in()
        except Exception as fault:  # noqa: BLE001 - as for claiming: the next round finds the work
            log.warning("%s cannot tell what is due: %r", self.name, fault)
            return self._every_s
        return self._every_s if due is None else min(self._every_s, due)

    async def _finish(self) -> None:
        if self._starting is not None:
            await asyncio.wait([self._starting], timeout=_GRACE_S)
        if self._running:
            _, late = await asyncio.wait(self._running, timeout=_GRACE_S)
            for task in late:
                task.cancel()
            await asyncio.gather(*late, return_exceptions=True)
