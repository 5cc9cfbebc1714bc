"""Fixtures of every room: settings, an empty migrated database, an empty Redis.

The servers are started once a run: by the controller when pytest-xdist spreads the tests, else by the first
test that wants them. Every worker has a database and a Redis database of its own. Whatever needs Chromium comes
first and together: the longest tests then end nobody's run, and one worker starts the browser for all of them,
for xdist deals the tests in one piece to each worker and takes from the end of it for another who has none left.
"""

import asyncio
import contextlib
import gc
import os
import shutil
import socket
from collections.abc import AsyncIterator, Generator, Iterator
from datetime import UTC, datetime
from pathlib import Path

import asyncpg
import pytest
import uvloop
from playwright.async_api import Browser
from redis.asyncio import Redis

import settings
from bot.understanding import Understander
from bot.understanding import load as load_understander
from commands.rehearsal.scenes import MORNING
from models import database as opened
from services import cache, clock
from services.demo import loading
from settings import Settings
from settings.errors import PREFIX
from tests.world import chromium, databases, running, taps
from tests.world.estate import MONDAY_10
from tests.world.running import Servers

_run = pytest.StashKey[contextlib.ExitStack]()
_servers = pytest.StashKey[Servers]()
_DEMOS = frozenset(("demo", "demo_morning"))


def pytest_addoption(parser: pytest.Parser) -> None:
    told = "run every story in the browser with this coming back of a tapped option"
    parser.addoption("--taps", choices=taps.WAYS, help=told)


def pytest_configure(config: pytest.Config) -> None:
    for name in [name for name in os.environ if name.upper().startswith(PREFIX)]:
        del os.environ[name]  # tests never touch the servers that a developer's shell points to
    asyncio.set_event_loop_policy(uvloop.EventLoopPolicy())  # the loop that the product runs on
    config.stash[_run] = contextlib.ExitStack()
    given = getattr(config, "workerinput", {}).get("servers")
    if given:
        config.stash[_servers] = Servers(*given)
    elif config.getoption("numprocesses", None):
        _start(config)


@pytest.hookimpl(optionalhook=True)
def pytest_configure_node(node: object) -> None:
    """xdist: tell a worker that is about to start where the controller's servers are."""
    started = _start(node.config)  # type: ignore[attr-defined]  # xdist ships no type for its nodes
    node.workerinput["servers"] = (started.admin, started.redis)  # type: ignore[attr-defined]  # as above


@pytest.hookimpl(wrapper=True)
def pytest_collection() -> Generator[None, object, object]:
    """Nothing that collecting makes is ever garbage: looking for some would take a quarter of the time."""
    gc.disable()
    try:
        return (yield)
    finally:
        gc.freeze()
        gc.set_threshold(20_000, 20, 50)  # as the web process has it
        gc.enable()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    items.sort(key=lambda item: item.get_closest_marker("browser") is None)


def pytest_unconfigure(config: pytest.Config) -> None:
    config.stash[_run].close()


def _start(config: pytest.Config) -> Servers:
    if _servers not in config.stash:
        config.stash[_servers] = config.stash[_run].enter_context(running.servers(_cache_folder(config)))
    return config.stash[_servers]


def _cache_folder(config: pytest.Config) -> Path:
    assert config.cache
    return config.cache.mkdir("schema")


@pytest.fixture(scope="session")
def servers(pytestconfig: pytest.Config) -> Servers:
    return _start(pytestconfig)


@pytest.fixture(scope="session")
def worker_number(request: pytest.FixtureRequest) -> int:
    worker: str = getattr(request.config, "workerinput", {}).get("workerid", "gw0")
    return int(worker.removeprefix("gw"))


@pytest.fixture(scope="session")
def database_url(servers: Servers, worker_number: int) -> str:
    """A migrated database of this worker's own."""
    name = f"test_{worker_number}"
    running.in_thread(databases.create(servers.admin, name, running.TEMPLATE))
    return servers.database(name)


@pytest.fixture(scope="session")
def redis_url(servers: Servers, worker_number: int) -> str:
    return servers.redis_database(worker_number)


@pytest.fixture
def test_settings(database_url: str, redis_url: str, tmp_path: Path) -> Iterator[Settings]:
    """The shipped settings on this worker's servers, with free ports and a media folder of the test's own."""
    base = settings.load()
    tables = {
        "database": base.database.model_copy(update={"url": database_url}),
        "redis": base.redis.model_copy(update={"url": redis_url}),
        "web": base.web.model_copy(update={"port": free_port()}),
        "simulator": base.simulator.model_copy(update={"port": free_port()}),
        "media": base.media.model_copy(update={"dir": tmp_path / "media"}),
    }
    changed = base.model_copy(update=tables)
    settings.use(changed)
    yield changed
    settings.use(base)


@pytest.fixture
def monday() -> Iterator[None]:
    """For what depends on office hours: it is a working Monday, ten o'clock, whenever the tests run."""
    with clock.fixed(MONDAY_10):
        yield


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    return port


@pytest.fixture(scope="session")
async def cleaner(database_url: str) -> AsyncIterator[asyncpg.Connection]:
    """Tortoise stays open for all tests of a worker: opening it takes longer than most of them."""
    connection = await databases.cleaner(database_url)
    await opened.open(running.at(settings.load(), database_url))
    yield connection
    await opened.close()
    await connection.close()


@pytest.fixture
async def database(
    cleaner: asyncpg.Connection, test_settings: Settings, request: pytest.FixtureRequest
) -> str:
    """Tortoise open on an empty database; the value is its URL."""
    if _DEMOS.isdisjoint(
        request.fixturenames
    ):  # they fill it, and find what another test of theirs left alone
        await databases.empty(cleaner)
    cache.forget()  # what the process kept of another test's rows
    return test_settings.database.url


@pytest.fixture(scope="session")
def kept_pictures(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("kept-pictures")


@pytest.fixture
async def demo_morning(
    database: str, cleaner: asyncpg.Connection, test_settings: Settings, kept_pictures: Path
) -> datetime:
    """The demo, loaded on the morning of its talks; the value is that moment."""
    morning = datetime.fromisoformat(MORNING).astimezone(UTC)
    with clock.fixed(morning):
        await _demo(cleaner, test_settings.media.dir, kept_pictures / "morning")
    return morning


@pytest.fixture
async def demo(
    database: str, cleaner: asyncpg.Connection, test_settings: Settings, kept_pictures: Path
) -> None:
    """The demo, loaded today."""
    today = clock.local(clock.now())
    await _demo(cleaner, test_settings.media.dir, kept_pictures / f"{today:%Y%m%d}")


async def _demo(cleaner: asyncpg.Connection, media: Path, pictures: Path) -> None:
    """Loaded once by each worker: its rows and pictures are kept, which come back in a tenth of the time."""
    rows = f"demo_{pictures.name}"
    if await databases.bring_back(cleaner, rows):
        shutil.copytree(pictures, media, dirs_exist_ok=True)
    else:
        await databases.empty(cleaner)
        await loading.load()
        await databases.keep(cleaner, rows)
        shutil.copytree(media, pictures)
    cache.forget()


@pytest.fixture
async def redis(redis_url: str) -> AsyncIterator[Redis]:
    """A client of an empty Redis database."""
    client = Redis.from_url(redis_url)
    await client.flushdb()
    yield client
    await client.aclose()


@pytest.fixture(scope="session")
async def chrome() -> AsyncIterator[Browser]:
    """One Chromium, in which each test opens browsers of its own."""
    async with chromium.launched() as browser:
        yield browser


@pytest.fixture(scope="session")
def understander(pytestconfig: pytest.Config) -> Understander:
    """The shipped understanding; what it learned is kept between runs, keyed by the examples."""
    return load_understander(pytestconfig.cache.mkdir("understanding"))
