"""Everything one simulated platform knows, put together in one place."""

import asyncio
from collections.abc import Coroutine
from dataclasses import dataclass, field

from aiohttp import web

from simulator.calls import Calls
from simulator.clock import Clock
from simulator.codes import Codes
from simulator.config import Config
from simulator.crypto import Envelope
from simulator.faults import Faults
from simulator.feed import Feed
from simulator.habits import Habits, habits_of
from simulator.jsonio import JsonObject
from simulator.media import MediaStore
from simulator.oauth import Consents
from simulator.people import People
from simulator.pushes import Pusher
from simulator.quota import Daily
from simulator.replies import ReplyReader
from simulator.tags import Tags
from simulator.templates import Templates
from simulator.tokens import Tokens


@dataclass(slots=True, kw_only=True)
class World:
    """`menu` is the account's menu as it was created, None without one."""

    config: Config
    clock: Clock
    feed: Feed
    people: People
    tokens: Tokens
    daily: Daily
    media: MediaStore
    codes: Codes
    tags: Tags
    templates: Templates
    consents: Consents
    pusher: Pusher
    habits: Habits
    faults: Faults = field(default_factory=Faults)
    calls: Calls = field(default_factory=Calls)
    menu: JsonObject | None = None
    mass_ids: dict[str, int] = field(default_factory=dict)
    _jobs: set[asyncio.Task[None]] = field(default_factory=set)

    def start(self, job: Coroutine[None, None, None]) -> None:
        """Run something beside the answer; a failure in it is the loop's to report."""
        task = asyncio.get_running_loop().create_task(job)
        self._jobs.add(task)
        task.add_done_callback(self._jobs.discard)

    async def stop(self) -> None:
        for job in list(self._jobs):
            job.cancel()
        await asyncio.gather(*self._jobs, return_exceptions=True)


WORLD: web.AppKey[World] = web.AppKey("world", World)


def create(config: Config) -> World:
    clock, feed = Clock(), Feed()
    media = MediaStore(config, clock)
    envelope = Envelope(config.aes_key, config.app_id)
    return World(
        config=config,
        clock=clock,
        feed=feed,
        people=People(feed),
        tokens=Tokens(config, clock),
        daily=Daily(config, clock),
        media=media,
        codes=Codes(clock),
        tags=Tags(),
        templates=Templates(config, clock),
        consents=Consents(clock),
        pusher=Pusher(config, envelope, ReplyReader(config, envelope, media)),
        habits=habits_of(config),
    )
