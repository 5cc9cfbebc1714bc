"""Keeps the bot of a running process at what is published: a new version starts new talks without a restart."""

import asyncio
import logging
from collections.abc import Callable
from dataclasses import dataclass, replace

from bot.scripts import library
from bot.scripts.bot import Bot
from services.scripts import versions

log = logging.getLogger(__name__)


@dataclass(slots=True)
class Editions:
    """`take` is given each new bot. Talks in progress find their own version in it as before."""

    bot: Bot
    take: Callable[[Bot], None]
    mark: versions.Mark = versions.NOTHING  # of the rows that were read

    async def look(self) -> int:
        """Read what was published or erased since the last look; 1 when there was something."""
        mark = await versions.mark()
        if mark == self.mark:
            return 0
        catalogue = await library.catalogue(self.bot.registry, before=self.bot.catalogue)
        self.bot, self.mark = replace(self.bot, catalogue=catalogue), mark
        self.take(self.bot)
        return 1

    async def run(self, every_s: float) -> None:
        """Look again and again, until cancelled."""
        while True:
            try:
                await self.look()
            except Exception as fault:  # noqa: BLE001 - the versions at hand still serve; the next look tries again
                log.warning("looking for new scripts failed: %r", fault)
            await asyncio.sleep(every_s)
