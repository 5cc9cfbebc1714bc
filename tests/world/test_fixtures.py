"""What every other test leans on: each begins on an empty database and an empty Redis."""

import pytest
from redis.asyncio import Redis

from models.community import ManagementOffice


@pytest.mark.parametrize("turn", [1, 2])
async def test_a_test_never_sees_the_rows_of_another(database: str, turn: int) -> None:
    assert await ManagementOffice.all().count() == 0
    office = await ManagementOffice.create(name=f"第{turn}管理处")
    assert office.id == 1


@pytest.mark.parametrize("turn", [1, 2])
async def test_a_test_never_sees_the_keys_of_another(redis: Redis, turn: int) -> None:
    assert await redis.dbsize() == 0
    await redis.set("key", turn)
