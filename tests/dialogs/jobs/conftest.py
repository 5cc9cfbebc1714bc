"""What a story of a technician's day happens in: houses with their jobs, one technician, and the day's work."""

import pytest

from models.people import Technician
from tests.world import estate, rounds
from tests.world.estate import Estate
from tests.world.phone import Town
from tests.world.rounds import Round


@pytest.fixture
async def place() -> Estate:
    return await rounds.place()


@pytest.fixture
async def man(place: Estate) -> Technician:
    return await estate.technician(place, "王强", "water", "electric", "door_window")


@pytest.fixture
def work(town: Town, place: Estate, man: Technician) -> Round:
    return Round(town, place, man)
