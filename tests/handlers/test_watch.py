"""A clock that is off is said while pushes would be refused for it."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest

from handlers.watch import ClockIsOffError, Watch
from services import clock

NOW = datetime(2026, 11, 28, 12, tzinfo=UTC)


def _behind(seconds: float) -> None:
    """As the database tells this machine once a minute."""
    clock.go_by(NOW + timedelta(seconds=seconds), asked=NOW, answered=NOW)


@pytest.fixture(autouse=True)
def _right_again() -> Iterator[None]:
    yield
    _behind(0)


@pytest.mark.parametrize("seconds", [601, -601, 86_400])
async def test_a_clock_that_is_off_is_said(seconds: float) -> None:
    watch = Watch(600)
    _behind(seconds)
    with pytest.raises(ClockIsOffError):
        await watch.check()


@pytest.mark.parametrize("seconds", [0, 5, -599])
async def test_what_a_push_may_be_off_by_is_right_enough(seconds: float) -> None:
    _behind(seconds)
    await Watch(600).check()


async def test_where_pushes_come_in_time_the_databases_clock_is_the_one_that_is_off() -> None:
    watch = Watch(600)
    _behind(900)
    watch.agreed()
    await watch.check()
    _behind(0)  # the database's was set
    await watch.check()
    _behind(-900)  # now it is ours
    with pytest.raises(ClockIsOffError):
        await watch.check()
