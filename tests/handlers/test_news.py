"""The page behind a template message."""

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest
from aiohttp import ClientSession, web

from handlers import news
from models.conversations import Conversation
from models.outbox import Outbox, OutboxStatus
from models.people import Person
from services import clock
from settings import Settings
from simulator.config import Config
from tests.workers.letters import PHRASES, TEMPLATES, deliver, queued
from tests.world.simulated import Simulated, running
from wechat import news_pages, subscriptions
from wechat.news_pages import NewsPages
from wechat.platform import Platform, connect
from workers.delivery import Delivery

pytestmark = pytest.mark.usefixtures("database")
SAID = {"phrase": "repair.accepted", "values": {"name": "<b>李"}}


@pytest.fixture
def pages(test_settings: Settings) -> NewsPages:
    found = news_pages.of(test_settings)
    assert found
    return found


@pytest.fixture
async def http(test_settings: Settings, pages: NewsPages) -> AsyncIterator[ClientSession]:
    app = web.Application()
    app.add_routes(news.routes(pages, subscriptions.of(test_settings)))
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", test_settings.web.port).start()
    async with ClientSession() as session:
        yield session
    await runner.cleanup()


@pytest.fixture
async def sim(test_settings: Settings) -> AsyncIterator[Simulated]:
    wechat = test_settings.wechat
    config = Config(callback="http://127.0.0.1:9/nobody", app_id=wechat.app_id, app_secret=wechat.app_secret)
    async with running(config) as simulated:
        yield simulated


@pytest.fixture
async def platform(sim: Simulated, test_settings: Settings) -> AsyncIterator[Platform]:
    async with connect(test_settings.wechat, sim.url, None) as connected:
        yield connected


@pytest.fixture
async def card(sim: Simulated, platform: Platform, pages: NewsPages, tmp_path: Path) -> dict:
    """The template message on the phone of somebody who cannot be written to."""
    person = await Person.create(channel_id=await sim.follower())
    await Conversation.create(person_id=person.id, window_until=clock.now())
    await queued(person, SAID)
    await deliver(Delivery(platform, PHRASES, TEMPLATES, tmp_path, pages=pages))
    return next(m for m in await sim.messages(person.channel_id) if m["via"] == "template")


async def test_a_template_message_leads_to_all_that_it_says(http: ClientSession, card: dict) -> None:
    async with http.get(card["url"]) as response:
        page = await response.text()
        assert response.status == 200
        assert response.headers["Cache-Control"] == "no-store"
        assert "<script" not in page and "&lt;b&gt;李师傅已接单。" in page
        assert "subscribemsg" in page  # where the person may agree to one more


async def test_the_page_ends_after_a_week(http: ClientSession, card: dict) -> None:
    await Outbox.all().update(sent_at=clock.now() - timedelta(days=7, seconds=1))
    async with http.get(card["url"]) as response:
        assert response.status == 404


async def test_what_has_not_left_is_shown_to_nobody(http: ClientSession, card: dict) -> None:
    await Outbox.all().update(status=OutboxStatus.FAILED)
    async with http.get(card["url"]) as response:
        assert response.status == 404


async def test_no_address_can_be_guessed(http: ClientSession, card: dict) -> None:
    head, slash, token = card["url"].rpartition("/")
    number, _, seal = token.partition("-")
    for forged in (f"{int(number) + 1}-{seal}", f"{number}-{'0' * 32}", number, f"x{token}", f"{token}0"):
        async with http.get(f"{head}{slash}{forged}") as response:
            assert response.status == 404


def test_a_real_account_that_names_no_address_has_no_pages(test_settings: Settings) -> None:
    real = test_settings.wechat.model_copy(update={"api_url": "https://api.weixin.qq.com"})
    there = test_settings.model_copy(update={"wechat": real})
    assert there.real_account
    assert news_pages.of(there) is None
    named = test_settings.web.model_copy(update={"public_url": "https://wy.example.com/"})
    found = news_pages.of(there.model_copy(update={"web": named}))
    assert found and found.link(5).startswith("https://wy.example.com/news/5-")
