"""Somebody who lives in a house of ours."""

import pytest

from models.people import Person
from tests.world import places


@pytest.fixture
async def resident(database: str) -> Person:
    return await places.resident(await places.house(await places.community()))
