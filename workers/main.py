"""One worker process: sending, photos, timers, and the sweep that finds what a lost wake-up or a crash left."""

import asyncio
import contextlib
import logging
import signal
from collections.abc import AsyncIterator, Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import timedelta

import uvloop
from redis.asyncio import Redis

from bot.scripts import library
from bot.scripts.bot import Bot
from bot.scripts.editions import Editions
from dialogs import shipped
from dialogs.registry import registry
from models import database
from services import clock, holidays, jobs, timekeeping
from services import work as units
from services.actors import SYSTEM
from services.cases import follow_up_rules
from services.delivery import claiming, media, undelivered
from services.delivery.claiming import Letter
from services.delivery.media import Wanted
from services.delivery.pictures import Pictures
from services.desk import changes, opening, search_index, silence
from services.jobs import Claimed
from services.privacy import retention
from settings import Settings
from wechat import news_pages, subscriptions
from wechat.platform import Platform, connect
from workers import schedules, waking
from workers.breaker import Breaker
from workers.delivery import Delivery
from workers.jobs import Jobs
from workers.loop import Loop
from workers.masses import ALLOWED, Masses
from workers.media import Fetching
from workers.nudges import Nudges
from workers.pump import Pump
from workers.templates import usable

log = logging.getLogger(__name__)

_FETCHES = 4
_NUDGES_EVERY_S = 30.0
_CALENDAR_EVERY_S = 6 * 3600.0
_FOLLOW_UPS_EVERY_S = 300.0
_RETENTION_EVERY_S = 1800.0
_CHANGES_EVERY_S = 300.0
_SEARCH_EVERY_S = 2.0  # so much later is found what was written
_OPENING_EVERY_S = 60.0
# Longer than any send or fetch that is still alive can take.
_SENDING_AT_MOST = timedelta(seconds=60)
_FETCHING_AT_MOST = timedelta(seconds=120)
_JOB_SILENT_AT_MOST = timedelta(seconds=60)
_REVIEW_AT_MOST = timedelta(days=2)

Part = Pump[Letter] | Pump[Wanted] | Pump[Claimed] | Loop


@dataclass(frozen=True, slots=True)
class Tools:
    """What the parts of a worker work with."""

    settings: Settings
    platform: Platform
    pictures: Pictures
    nudges: Nudges
    editions: Editions


def run(settings: Settings) -> None:
    """Work until SIGINT or SIGTERM; what is being sent then is finished first."""
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        logging.getLogger("arq").setLevel(logging.WARNING)  # its jobs are wake-ups: not worth two lines each
        runner.run(_until_stopped(settings))


async def _until_stopped(settings: Settings) -> None:
    stop = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    await work(settings, stop)


async def work(settings: Settings, stop: asyncio.Event) -> None:
    """Everything that a worker does, until `stop` is set. Raises when one of its parts ended by itself."""
    async with _tools(settings) as tools:
        parts = _parts(tools)
        running = [asyncio.create_task(part.run(), name=name) for name, part in parts.items()]
        listening = asyncio.create_task(_listen(settings, parts), name="waking")
        stopping = asyncio.create_task(_stopped(stop), name="stop")
        if left := await asyncio.to_thread(media.tidy, settings.media.dir):
            log.info("removed %d files that a worker left half written", left)
        log.info("worker started: %s", ", ".join(parts))
        try:
            ended, _ = await asyncio.wait(
                [*running, listening, stopping], return_when=asyncio.FIRST_COMPLETED
            )
        finally:
            await _end([stopping, *running])
            await _end_listening(listening)
        for task in ended:
            task.result()
        log.info("worker stopped")


async def _stopped(stop: asyncio.Event) -> None:
    await stop.wait()


async def _end_listening(task: asyncio.Future[None]) -> None:
    """redis-py loses a cancellation now and then."""
    while not task.done():
        task.cancel()
        await asyncio.wait([task], timeout=0.5)


async def _end(tasks: Iterable[asyncio.Future[None]]) -> None:
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)


@contextlib.asynccontextmanager
async def _tools(settings: Settings) -> AsyncIterator[Tools]:
    redis = Redis.from_url(settings.redis.url, socket_connect_timeout=1, socket_timeout=2)
    pictures = Pictures(settings.media.max_megapixels)
    await database.open(settings)
    try:
        async with connect(settings.wechat, settings.wechat_api_url, redis) as platform:
            bot = await library.load(registry, shipped.everything(), company=settings.company.name)
            nudges = Nudges(bot.catalogue)
            yield Tools(settings, platform, pictures, nudges, Editions(bot, _for(nudges)))
    finally:
        await pictures.close()
        await database.close()
        await redis.aclose()


def _for(nudges: Nudges) -> Callable[[Bot], None]:
    def take(bot: Bot) -> None:
        nudges.catalogue = bot.catalogue

    return take


def _parts(tools: Tools) -> Mapping[str, Part]:
    """By the names that `services.work.wake` uses; each also looks by itself every few seconds."""
    every_s = tools.settings.worker.sweep_s
    parts: dict[str, Part] = {
        "deliver": _delivery(tools, every_s),
        "media": _fetching(tools, every_s),
        "jobs": _jobs(every_s),
        "masses": Loop("masses", Masses(tools.platform, shipped.phrases()).send, every_s=every_s),
        "sweep": Loop("sweep", _sweep, every_s=every_s),
        "nudges": Loop("nudges", tools.nudges.run, every_s=_NUDGES_EVERY_S),
        "clock": Loop("clock", _go_by_the_database, every_s=timekeeping.EVERY_S),
        "calendar": Loop("calendar", _remind_of_holidays, every_s=_CALENDAR_EVERY_S),
        "opening": Loop("opening", _plan_opening, every_s=_OPENING_EVERY_S),
        "follow_ups": Loop("follow_ups", _gather_calls, every_s=_FOLLOW_UPS_EVERY_S),
        "retention": Loop(
            "retention", lambda: _forget_what_is_old(tools.settings), every_s=_RETENTION_EVERY_S
        ),
        "search": Loop("search", search_index.fill, every_s=_SEARCH_EVERY_S),
        "changes": Loop("changes", changes.prune, every_s=_CHANGES_EVERY_S),
        "scripts": Loop("scripts", tools.editions.look, every_s=every_s),
    }
    parts["timers"] = Loop("timers", lambda: schedules.run_due(wake=_wake(parts)), every_s=every_s)
    return parts


def _wake(parts: Mapping[str, Part]) -> Callable[[Iterable[str]], None]:
    """What a timer wrote is sent at once, not with the next sweep."""

    def wake(names: Iterable[str]) -> None:
        for name in names:
            if name in parts:
                parts[name].wake()

    return wake


def _delivery(tools: Tools, every_s: float) -> Part:
    templates = usable(tools.settings)
    breaker = Breaker(tools.settings.worker.rest_s)
    folder = tools.settings.media.dir
    delivery = Delivery(
        tools.platform,
        shipped.phrases(),
        templates,
        folder,
        breaker=breaker,
        subscriptions=subscriptions.of(tools.settings),
        pages=news_pages.of(tools.settings),
        in_masses=ALLOWED[tools.settings.wechat.mass_messages],
    )
    slots = tools.settings.worker.concurrency
    return Pump(
        "deliver", delivery.claim, delivery.deliver, slots=slots, every_s=every_s, due_in=claiming.due_in
    )


def _fetching(tools: Tools, every_s: float) -> Part:
    fetching = Fetching(tools.platform, tools.pictures, tools.settings.media.dir)
    return Pump("media", media.claim, fetching.fetch, slots=_FETCHES, every_s=every_s)


def _jobs(every_s: float) -> Part:
    return Pump("jobs", jobs.claim, Jobs().work, slots=1, every_s=every_s)


async def _go_by_the_database() -> int:
    await timekeeping.measure()
    return 0


async def _plan_opening() -> int:
    """The office hours may have been changed."""
    async with units.unit():
        await opening.plan()
        await silence.keep_to_the_hours()
    return 0


async def _gather_calls() -> int:
    async with units.unit():
        return await follow_up_rules.gather(actor=SYSTEM)


async def _forget_what_is_old(settings: Settings) -> int:
    kept = settings.retention
    days = retention.Days(kept.messages_days, kept.misunderstandings_days, kept.media_days)
    gone = await retention.at_night(days, settings.media.dir)
    if gone:
        log.info("retention removed %d rows and files", gone)
    return gone


async def _remind_of_holidays() -> int:
    missing = await holidays.remind(clock.local(clock.now()).date())
    if missing:
        log.warning("the holidays of %s are not there: only those that the law fixes count", missing)
    return 0


async def _sweep() -> int:
    """What a worker that died had in its hands."""
    async with units.unit():
        found = (
            await undelivered.give_up_on_stuck(_SENDING_AT_MOST)
            + await undelivered.give_up_on_reviews(_REVIEW_AT_MOST)
            + await media.release_stuck(_FETCHING_AT_MOST)
            + await jobs.release_stuck(_JOB_SILENT_AT_MOST)
        )
        await jobs.sweep()
    if found:
        log.warning("sweep found %d", found)
    return found


async def _listen(settings: Settings, parts: Mapping[str, Part]) -> None:
    await waking.listen(settings.redis.url, parts, jobs=settings.worker.concurrency)
