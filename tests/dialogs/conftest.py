"""The town of a story: everybody's phones in the `place` that the story builds."""

import pytest

from bot.understanding import Understander
from tests.world.estate import Estate
from tests.world.phone import Town


@pytest.fixture
def town(place: Estate, understander: Understander) -> Town:
    return Town(understander)
