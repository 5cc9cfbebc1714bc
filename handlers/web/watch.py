"""Ending what stays open — a stream of events — soon after its session ends or its owner's rights change.

    with watch.over(request) as ended:
        ...  # send frames; stop as soon as `ended` is set

One question a second to the database answers for every open stream of the process.
"""

import asyncio
import contextlib
import logging
from collections.abc import AsyncIterator, Iterable, Iterator

from aiohttp import web
from tortoise.exceptions import OperationalError

from handlers.web import session
from services.company import sessions

log = logging.getLogger(__name__)

EVERY_S = 1.0  # so that a stream ends within two seconds, the answer and a busy loop included


class Watch:
    """The open streams of this process, by session."""

    def __init__(self) -> None:
        self._open: dict[int, set[tuple[asyncio.Event, ...]]] = {}

    @contextlib.contextmanager
    def over(self, session_id: int, *wakes: asyncio.Event) -> Iterator[asyncio.Event]:
        """`wakes` are set with it: what a stream waits for anyway."""
        ended = asyncio.Event()
        events = (ended, *wakes)
        self._open.setdefault(session_id, set()).add(events)
        try:
            yield ended
        finally:
            self._open[session_id].discard(events)
            if not self._open[session_id]:
                del self._open[session_id]

    async def look(self) -> None:
        """Tell the streams whose session goes on no more."""
        if not self._open:
            return
        for session_id in set(self._open) - await sessions.alive(set(self._open)):
            for events in self._open.get(session_id, ()):
                _set(events)

    def end_all(self) -> None:
        """The process ends: so do its streams, and the browsers ask another one."""
        for events in (one for streams in self._open.values() for one in streams):
            _set(events)

    async def run(self) -> None:
        """Look again and again, until cancelled. While the database is away, streams have nothing to send."""
        while True:
            await asyncio.sleep(EVERY_S)
            try:
                await self.look()
            except (OperationalError, OSError) as fault:
                log.warning("open streams were not looked at: %s", type(fault).__name__)


def _set(events: Iterable[asyncio.Event]) -> None:
    for one in events:
        one.set()


WATCH: web.AppKey[Watch] = web.AppKey("watch", Watch)


async def shut_down(app: web.Application) -> None:
    """For `on_shutdown`: nobody waits for streams that have no end."""
    app[WATCH].end_all()


async def running(app: web.Application) -> AsyncIterator[None]:
    """For `cleanup_ctx`: looks as long as the application serves."""
    looking = asyncio.create_task(app[WATCH].run())
    yield
    looking.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await looking


def over(request: web.Request, *wakes: asyncio.Event) -> contextlib.AbstractContextManager[asyncio.Event]:
    """Set, and `wakes` with it, once the session goes on no more, or its owner's rights are others."""
    return request.config_dict[WATCH].over(request[session.SESSION].id, *wakes)
