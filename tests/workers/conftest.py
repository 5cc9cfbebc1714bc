from collections.abc import AsyncIterator

import pytest

from settings import Settings
from simulator.config import Config, Mode
from tests.wechat.simulated import Simulated, running
from wechat.platform import Platform, connect


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
