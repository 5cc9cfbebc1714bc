"""The two statements of a turn, as the database sees them."""

import json
from collections.abc import Iterator
from dataclasses import replace

import pytest
from tortoise import BaseDBAsyncClient, connections
from tortoise.transactions import in_transaction

from bot import store
from bot.understanding import Understander
from bot.values import Kind
from models.conversations import Conversation
from models.people import Person
from tests.bot import talks
from tests.bot.talks import Resident

pytestmark = pytest.mark.usefixtures("database")


@pytest.fixture
def resident(understander: Understander) -> Resident:
    return Resident(talks.pipeline(understander))


async def as_written() -> list[object]:
    """What changes whenever a row is written or locked."""
    _, rows = await connections.get("default").execute_query(
        "SELECT ctid::text, xmin::text, xmax::text FROM conversation UNION ALL "
        "SELECT ctid::text, xmin::text, xmax::text FROM message"
    )
    return [tuple(row.values()) for row in rows]


async def test_a_push_that_was_handled_writes_and_locks_nothing(resident: Resident) -> None:
    push = resident.inbound(Kind.TEXT, text="记一条")
    first = await resident.pipeline.handle(push)
    before = await as_written()
    again = await resident.pipeline.handle(replace(push, text="anything"))
    assert (again.duplicate, again.reply) == (True, first.reply)
    assert await as_written() == before


def rows_of(plan: dict[str, object]) -> Iterator[tuple[str, float]]:
    yield str(plan.get("Subplan Name", "")), float(str(plan["Plan Rows"]))
    for part in plan.get("Plans", []):  # type: ignore[attr-defined]  # JSON
        yield from rows_of(part)


def nodes_of(plan: dict[str, object]) -> Iterator[tuple[object, object]]:
    yield plan["Node Type"], plan.get("Relation Name")
    for part in plan.get("Plans", []):  # type: ignore[attr-defined]  # JSON
        yield from nodes_of(part)


async def planned(connection: BaseDBAsyncClient) -> dict[str, object]:
    """The plan that a prepared _LOAD keeps."""
    statement = store._LOAD.replace("$7", "$7::timestamptz")
    await connection.execute_script(f"PREPARE load (text, text, text, text, text, text) AS {statement}")
    await connection.execute_script("SET LOCAL plan_cache_mode = force_generic_plan")
    asked = "EXPLAIN (FORMAT json) EXECUTE load('wechat', 'o_7', 'x:1', 'text', '', '{}', now(), now())"
    plan = (await connection.execute_query_dict(asked))[0]["QUERY PLAN"]
    await connection.execute_script("DEALLOCATE load")
    found: dict[str, object] = json.loads(plan)[0]["Plan"]
    return found


async def test_a_plan_made_for_empty_tables_will_do_when_they_are_full() -> None:
    async with in_transaction() as connection:
        await connection.execute_script("ANALYZE message, conversation, person, outbox")
        found = list(nodes_of(await planned(connection)))
    growing = {"message", "conversation", "person", "binding", "house", "outbox"}
    assert growing <= {table for _, table in found}
    assert not growing & {table for kind, table in found if kind == "Seq Scan"}


async def test_the_planner_expects_one_conversation_in_a_table_that_grew() -> None:
    """Else it finds its lasting plan dear, and plans every turn anew: three times the work of the database."""
    async with in_transaction() as connection:
        await Person.bulk_create([Person(channel="wechat", channel_id=f"o_{n}") for n in range(3000)])
        await connection.execute_script("ANALYZE person")
        people = await Person.all().values_list("id", flat=True)
        await Conversation.bulk_create([Conversation(person_id=one) for one in people])
        await connection.execute_script("ANALYZE conversation")
        await Conversation.all().update(state={"said": "很长" * 300})  # more pages than when it was analysed
        plan = await planned(connection)
    found = dict(rows_of(plan))
    assert found["CTE who"] == 1
