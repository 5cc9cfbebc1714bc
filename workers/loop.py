"""Does one thing again and again: when woken, and in any case every few seconds."""

import asyncio
import contextlib
import logging
from collections.abc import Awaitable, Callable

log = logging.getLogger(__name__)


class Loop:
    """`work` does what there is to do and says how much that was; it is called again until that is nothing."""

    def __init__(self, name: str, work: Callable[[], Awaitable[int]], *, every_s: float) -> None:
        self.name = name
        self._work = work
        self._every_s = every_s
        self._look = asyncio.Event()

    def wake(self) -> None:
        """There may be something to do."""
        self._look.set()

    async def run(self) -> None:
        """Until cancelled."""
        while True:
            self._look.clear()
            if not await self._once():
                await self._wait()

    async def _once(self) -> int:
        try:
            return await self._work()
        except Exception as fault:  # noqa: BLE001 - whatever it was, the next round finds the work undone
            log.warning("%s failed: %r", self.name, fault)
            return 0

    async def _wait(self) -> None:
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(self._every_s):
                await self._look.wait()
