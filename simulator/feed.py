"""Tells whoever listens that something changed on a phone."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager

from simulator.jsonio import JsonObject


class Feed:
    """One queue a listener; None in it means that the simulator is closing."""

    def __init__(self) -> None:
        self._listeners: set[asyncio.Queue[JsonObject | None]] = set()
        self.changes = 0

    def tell(self, change: JsonObject | None) -> None:
        self.changes += 1
        for listener in self._listeners:
            listener.put_nowait(change)

    @contextmanager
    def listen(self) -> Iterator[asyncio.Queue[JsonObject | None]]:
        queue: asyncio.Queue[JsonObject | None] = asyncio.Queue()
        self._listeners.add(queue)
        try:
            yield queue
        finally:
            self._listeners.discard(queue)
