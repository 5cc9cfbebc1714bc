"""A task whose transaction could not begin works on as before, once the server is back."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import asyncpg
import pytest
from tortoise import connections
from tortoise.exceptions import IntegrityError, OperationalError
from tortoise.transactions import in_transaction

from models.people import Person
from models.timers import Timer


@pytest.mark.parametrize("moment", ["begin", "middle"])
async def test_the_same_task_begins_again(
    database: str, moment: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with in_transaction():
        assert await Person.all().count() == 0
    with pytest.raises((asyncpg.PostgresError, asyncpg.InterfaceError, OSError)):
        if moment == "begin":
            with monkeypatch.context() as patch:
                patch.setattr(asyncpg.transaction.Transaction, "start", _lost)
                async with in_transaction():
                    pass
        else:
            async with in_transaction() as client:
                await client._connection.close()
                await client._connection.fetch("SELECT 1")
    for _ in range(20):  # more than the pool holds
        async with in_transaction():
            await Person.all().count()
    assert connections.get("default")._pool.get_idle_size() >= 1


@pytest.mark.parametrize(
    ("statement", "fault"),
    [
        ("INSERT INTO person (channel) VALUES ($1)", IntegrityError),
        ("SELECT missing FROM person WHERE channel = $1", OperationalError),
    ],
)
async def test_a_statement_of_our_own_fails_as_the_orm_says(
    database: str, statement: str, fault: type[Exception]
) -> None:
    with pytest.raises(fault):
        async with in_transaction() as client:
            await client.execute_query_dict(statement, ["wechat"])
    assert await Person.all().count() == 0


async def test_times_are_read_aware_and_in_utc(database: str) -> None:
    here = datetime(2026, 11, 28, 9, 30, tzinfo=ZoneInfo("Asia/Shanghai"))
    await Timer.create(key="one", kind="sla", subject_id=1, due_at=here)
    found = (await Timer.get(key="one")).due_at
    assert (found, found.utcoffset()) == (here, timedelta())


async def _lost(self: object) -> None:
    raise asyncpg.ConnectionDoesNotExistError("connection was closed in the middle of operation")
