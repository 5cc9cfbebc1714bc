"""A unit of work: what it locks stays locked, and who is woken is woken after its commit."""

import pytest

from models.community import ManagementOffice
from services import work
from services.work import NestedWorkError, OutsideOfWorkError

pytestmark = pytest.mark.usefixtures("database")


async def test_who_should_know_is_woken_once_and_after_the_commit() -> None:
    seen: list[tuple[list[str], bool]] = []
    async with work.unit(wake=lambda names: seen.append((list(names), True))):
        await ManagementOffice.create(name="东区")
        work.wake("deliver")
        work.wake("desk")
        work.wake("deliver")
        assert seen == []
    assert seen == [(["deliver", "desk"], True)]


async def test_what_failed_wakes_nobody_and_leaves_nothing() -> None:
    woken: list[str] = []
    with pytest.raises(ZeroDivisionError):
        async with work.unit(wake=woken.extend):
            await ManagementOffice.create(name="东区")
            work.wake("deliver")
            raise ZeroDivisionError
    assert woken == []
    assert not await ManagementOffice.exists()


async def test_a_process_says_once_whom_it_wakes() -> None:
    woken: list[str] = []
    work.wake_by(woken.extend)
    try:
        async with work.unit():
            work.wake("timers")
    finally:
        work.wake_by(None)
    assert woken == ["timers"]


async def test_a_lock_outside_of_a_unit_is_refused() -> None:
    office = await ManagementOffice.create(name="东区")
    with pytest.raises(OutsideOfWorkError, match=r"work\.unit"):
        await work.lock(ManagementOffice.filter(id=office.id))
    async with work.unit():
        assert await work.lock(ManagementOffice.filter(id=office.id)) == office
        assert await work.lock(ManagementOffice.filter(id=0)) is None


async def test_one_unit_inside_another_is_refused() -> None:
    async with work.unit():
        with pytest.raises(NestedWorkError):
            async with work.unit():
                pass
