"""The town of a story: everybody's phones in the `place` that the story builds."""

import pytest

from bot.understanding import Understander
from tests.dialogs.phone import Town
from tests.services.estate import Estate


@pytest.fixture
def town(place: Estate, understander: Understander) -> Town:
    return Town(understander)
