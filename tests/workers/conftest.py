from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest

from models.conversations import Conversation
from models.people import Person
from services import clock
from settings import Settings
from simulator.config import Config, Mode
from tests.workers.letters import PHRASES, TEMPLATES
from tests.world.simulated import Simulated, running
from wechat.platform import Platform, connect
from workers.delivery import Delivery


@pytest.fixture
async def sim(test_settings: Settings) -> AsyncIterator[Simulated]:
    """The platform of the account in the settings, whose pushes nobody takes."""
    wechat = test_settings.wechat
    config = Config(
        callback="http://127.0.0.1:9/nobody",
        push_timeout=0.2,
        push_pause=0.0,
        app_id=wechat.app_id,
        app_secret=wechat.app_secret,
        token=wechat.token,
        aes_key=wechat.encoding_aes_key,
        account=wechat.account_id,
        mode=Mode(wechat.mode),
    )
    async with running(config) as simulated:
        yield simulated


@pytest.fixture
async def platform(sim: Simulated, test_settings: Settings) -> AsyncIterator[Platform]:
    quick = test_settings.wechat.model_copy(update={"api_timeout_s": 1.0})
    async with connect(quick, sim.url, None) as connected:
        yield connected


@pytest.fixture
def delivery(platform: Platform, tmp_path: Path) -> Delivery:
    return Delivery(platform, PHRASES, TEMPLATES, tmp_path)


@pytest.fixture
async def openid(sim: Simulated) -> str:
    return await sim.follower()


@pytest.fixture
async def person(openid: str) -> Person:
    person = await Person.create(channel_id=openid)
    await Conversation.create(
        person_id=person.id, window_until=clock.now() + timedelta(hours=48), sends_left=5
    )
    return person
