"""What every other test leans on: each begins on an empty database and an empty Redis."""

from datetime import datetime

import pytest
from redis.asyncio import Redis

from models.community import DutyPhone, House, ManagementOffice
from models.people import Person


@pytest.mark.parametrize("turn", [1, 2])
async def test_a_test_never_sees_the_rows_of_another(database: str, turn: int) -> None:
    assert await ManagementOffice.all().count() == 0
    office = await ManagementOffice.create(name=f"第{turn}管理处")
    assert office.id == 1


@pytest.mark.parametrize("turn", [1, 2])
async def test_a_test_finds_the_demo_whole(demo_morning: datetime, turn: int) -> None:
    """Whatever the one before wrote, changed, deleted or counted on."""
    assert await Person.filter(name="无名").count() == await House.filter(room="0").count() == 0
    first, last = await DutyPhone.all().order_by("id").first(), await House.all().order_by("-id").first()
    assert first and last and first.name != "无名"
    await DutyPhone.filter(id=first.id).delete()
    await House.filter(id=last.id).update(room="0")
    made = await Person.create(channel_id="o_nobody", name="无名")
    kept = await Person.exclude(id=made.id).order_by("-id").first()
    assert kept and made.id == kept.id + 1


@pytest.mark.parametrize("turn", [1, 2])
async def test_a_test_finds_no_demo_that_it_did_not_ask_for(database: str, turn: int) -> None:
    assert await House.all().count() == 0


@pytest.mark.parametrize("turn", [1, 2])
async def test_a_test_never_sees_the_keys_of_another(redis: Redis, turn: int) -> None:
    assert await redis.dbsize() == 0
    await redis.set("key", turn)
