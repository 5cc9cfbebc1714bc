"""The town of a story: everybody's phones in its `place`, which a story may build otherwise."""

from dataclasses import replace

import pytest

from bot.talk import arbitration
from bot.talk.arbitration import Rule
from bot.talk.readings import Reading
from bot.talk.talk import Talk
from bot.understanding import Understander
from bot.understanding.acts import Acts
from tests.world import estate, places
from tests.world.estate import Estate
from tests.world.phone import Town


@pytest.fixture
async def place() -> Estate:
    """A resident at home, and a technician who sees to water and electricity."""
    built = await estate.build()
    await estate.technician(built, "王强", "water", "electric")
    await places.bind(built.resident, built.house)
    return built


@pytest.fixture
def town(place: Estate, understander: Understander) -> Town:
    return Town(understander)


@pytest.fixture(autouse=True)
def every_rule_keeps_its_bound(monkeypatch: pytest.MonkeyPatch) -> None:
    """No rule may give a higher score than it says, for what cannot win any more is not looked at."""

    def watched(rule: Rule) -> Rule:
        async def look(talk: Talk, acts: Acts) -> Reading | None:
            reading = await rule.look(talk, acts)
            assert reading is None or reading.score <= rule.at_most, f"{rule.name}: {reading}"
            return reading

        return replace(rule, look=look)

    monkeypatch.setattr(arbitration, "RULES", tuple(map(watched, arbitration.RULES)))
