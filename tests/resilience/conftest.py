"""One installation for all these tests, which each test finds whole, whatever the one before did to it."""

from collections.abc import AsyncIterator

import pytest

from tests.resilience.installation import Installation, running_installation


@pytest.fixture(scope="session")
async def started_installation(pytestconfig: pytest.Config) -> AsyncIterator[Installation]:
    assert pytestconfig.cache
    async with running_installation(pytestconfig.cache.mkdir("schema")) as installation:
        yield installation


@pytest.fixture
async def installation(started_installation: Installation) -> Installation:
    await started_installation.whole()
    return started_installation
