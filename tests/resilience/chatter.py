"""Several people who write without a pause, each the next message as soon as the last one is answered."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Sequence

from tests.world.phones import Phones

NOBODY_LISTENS = "connection: ClientConnectorError"


class Chatter:
    def __init__(self, phones: Phones, people: Sequence[str], forgiven: Sequence[str]) -> None:
        self._phones = phones
        self._forgiven = forgiven
        self._quiet = asyncio.Event()
        self.tasks = {person: asyncio.create_task(self._chat(person)) for person in people}

    async def end(self) -> dict[str, list[str]]:
        """By person, in order, what they wrote and what was answered; what failed as forgiven is not in it."""
        self._quiet.set()
        await asyncio.gather(*self.tasks.values())
        return {person: task.result() for person, task in self.tasks.items()}

    async def _chat(self, person: str) -> list[str]:
        answered: list[str] = []
        while not self._quiet.is_set():
            words = f"你好{len(answered)}"
            said = await self._phones.says(person, words)
            if said.failure not in self._forgiven:
                assert said.failure == "", said
                assert said.reply
                answered.append(words)
        return answered


@contextlib.asynccontextmanager
async def chatter(
    phones: Phones, people: Sequence[str], *, forgiven: Sequence[str] = ()
) -> AsyncIterator[Chatter]:
    """They write until `end`. A failure that is not forgiven is raised there."""
    running = Chatter(phones, people, forgiven)
    try:
        yield running
    finally:
        for task in running.tasks.values():
            task.cancel()
        await asyncio.gather(*running.tasks.values(), return_exceptions=True)
