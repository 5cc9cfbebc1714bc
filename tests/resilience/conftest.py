"""One house for all these tests, which each test finds whole, whatever the one before did to it."""

from collections.abc import AsyncIterator

import pytest

from tests.resilience.house import House, running_house


@pytest.fixture(scope="session")
async def started_house(pytestconfig: pytest.Config) -> AsyncIterator[House]:
    assert pytestconfig.cache
    async with running_house(pytestconfig.cache.mkdir("schema")) as house:
        yield house


@pytest.fixture
async def house(started_house: House) -> House:
    await started_house.whole()
    return started_house
