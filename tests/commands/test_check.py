"""run.py check: what it says beside right and wrong."""

from datetime import UTC, datetime

import pytest

from commands import check
from services import clock, holidays
from settings import Settings

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
