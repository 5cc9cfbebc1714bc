"""The place of nearly all repairs, and who mends there."""

import pytest

from models.people import Technician
from tests.world import estate
from tests.world.estate import Estate


@pytest.fixture
async def place(database: str) -> Estate:
    return await estate.build()


@pytest.fixture
async def plumber(place: Estate) -> Technician:
    return await estate.technician(place, "水工", "water")
