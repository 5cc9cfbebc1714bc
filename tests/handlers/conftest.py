"""A browser at the pages of staff."""

from collections.abc import AsyncIterator, Callable
from functools import cache
from pathlib import Path
from types import SimpleNamespace

import pytest
from playwright.async_api import Browser as Chrome
from redis.asyncio import Redis

from bot import understanding
from bot.understanding import Understander
from handlers import app
from services.company import passwords
from settings import Settings
from tests.world import desk, taps
from tests.world import scene as scenes
from tests.world.desk import Browser
from tests.world.scene import Scene


@pytest.fixture
def real_passwords() -> None:
    """For tests that depend on what is stored, or on the time that comparing takes."""


@pytest.fixture(autouse=True)
def quick_passwords(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Signing in would take a tenth of most tests, and nearly all of those that guess."""
    if "real_passwords" not in request.fixturenames:
        monkeypatch.setattr(passwords, "_HASHER", desk.QUICK)


@pytest.fixture(scope="session")
def read_once(pytestconfig: pytest.Config) -> Callable[..., Understander]:
    """What a web process reads as it starts: the same for all, never changed, and a third of a second to read."""
    assert pytestconfig.cache
    folder = pytestconfig.cache.mkdir("understanding")
    return cache(lambda _, *, margin: understanding.load(folder, margin=margin))


@pytest.fixture
def quick_start(monkeypatch: pytest.MonkeyPatch, read_once: Callable[..., Understander]) -> None:
    """For tests that start a whole web process in their own."""
    monkeypatch.setattr(app, "understanding", SimpleNamespace(load=read_once))


@pytest.fixture
async def browser(database: str, test_settings: Settings) -> AsyncIterator[Browser]:
    async with desk.serving(test_settings) as address, desk.browsing(address) as found:
        yield found


@pytest.fixture
async def scene(
    request: pytest.FixtureRequest,
    database: str,
    redis: Redis,
    test_settings: Settings,
    tmp_path: Path,
    chrome: Chrome,
    quick_start: None,
) -> AsyncIterator[Scene]:
    menu_ids = taps.of_story(request)
    async with scenes.opened(test_settings, tmp_path / "media", chrome, menu_ids) as found:
        yield found
