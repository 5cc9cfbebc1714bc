"""run.py check: what it says beside right and wrong."""

from datetime import UTC, datetime, timedelta

import pytest

from commands import StartError, check
from services import clock, holidays
from settings import Settings
from simulator.config import Config
from tests.world.simulated import running

pytestmark = pytest.mark.usefixtures("database")


@pytest.mark.parametrize(
    ("day", "said"),
    [("2026-11-30", "ok     holidays"), ("2026-12-01", "NOTE   holidays: those of 2027 are not")],
)
async def test_missing_holidays_are_said_from_december_on(
    test_settings: Settings, day: str, said: str
) -> None:
    await holidays.seed(since=2026)
    with clock.fixed(datetime.fromisoformat(day).replace(tzinfo=UTC)):
        assert (await check._holidays(test_settings)).startswith(said)


async def _simulated(settings: Settings) -> str:
    wechat = settings.wechat
    async with running(Config(app_id=wechat.app_id, app_secret=wechat.app_secret)) as sim:
        there = wechat.model_copy(update={"api_url": sim.url})
        return await check._clock(settings.model_copy(update={"wechat": there}))


async def test_the_clock_is_compared_with_database_and_platform(test_settings: Settings) -> None:
    said = await _simulated(test_settings)
    assert [one.split()[-2:] for one in said.split(", ")] == [["the", "database's"], ["the", "platform's"]]


@pytest.mark.parametrize("whose", ["_database_time", "_platform_time"])
@pytest.mark.parametrize(("off", "words"), [(700, "700 s behind"), (-700, "700 s ahead of")])
async def test_a_clock_that_is_off_is_wrong(
    test_settings: Settings, monkeypatch: pytest.MonkeyPatch, whose: str, off: int, words: str
) -> None:
    async def told(_: Settings) -> datetime:
        return datetime.now(UTC) + timedelta(seconds=off)

    monkeypatch.setattr(check, whose, told)
    with pytest.raises(StartError, match=words):
        await _simulated(test_settings)
