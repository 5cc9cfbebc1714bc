"""A browser at the pages of staff."""

from collections.abc import AsyncIterator

import pytest

from settings import Settings
from tests.world import desk
from tests.world.desk import Browser


@pytest.fixture
async def browser(database: str, test_settings: Settings) -> AsyncIterator[Browser]:
    async with desk.serving(test_settings) as address, desk.browsing(address) as found:
        yield found
