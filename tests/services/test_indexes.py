"""What is asked in every turn, about tables of 100,000 rows and more, is found by an index."""

import pytest
from tortoise.transactions import in_transaction

pytestmark = pytest.mark.usefixtures("database")

FREQUENT = (
    ("conversation", "hold = 'queued'"),
    ("occupant", "house_id = 1"),
    ("outbox", "platform_id = '123'"),
    ("outbox", "person_id = 1"),
    ("survey_response", "respondent = 'person:1'"),
    ("ticket", "technician_id = 1"),
    ("ticket", "reporter_id = 1"),
    ("binding", "person_id = 1"),
    ("bill", "house_id = 1"),
    ("staff_task", "kind = 'alert' AND done_at IS NULL"),
    ("binding", "status = 'active' AND NOT matched"),
    ("event", "verb = 'bound' AND id < 9"),
    ("event", "at >= now()"),
    ("complaint", "about_staff_id = 1 OR about_technician_id IN (0, 1)"),
    ("complaint_suspect", "staff_id = 1 OR technician_id IN (0, 1)"),
    ("complaint_suspect", "complaint_id = 1"),
    ("instruction", "acknowledged_at IS NULL AND id < 9"),
    ("house", "label = '3-2-501'"),
    ("house", "community_id = 1 AND building_id = 1 AND id > 5"),
    ("occupant", "found_by @> ARRAY['王芳']"),
    ("binding", "found_by @> ARRAY['王芳', '1234']"),
)


# What the server once counted of a table that other tests filled and emptied would decide the plan.
_UNCOUNTED = "UPDATE pg_class SET reltuples = -1, relpages = 0, relallvisible = 0 WHERE relname = $1"


@pytest.mark.parametrize(("table", "condition"), FREQUENT)
async def test_rows_are_found_by_an_index(table: str, condition: str) -> None:
    async with in_transaction() as connection:
        await connection.execute_query("SET LOCAL enable_seqscan = off")  # the tables here are empty
        await connection.execute_query(_UNCOUNTED, [table])
        question = f"EXPLAIN SELECT id FROM {table} WHERE {condition}"  # noqa: S608 - constants of this file
        plan = await connection.execute_query_dict(question)
    assert any("Index Cond" in line["QUERY PLAN"] for line in plan), plan


async def test_the_tabs_of_complaints_are_counted_from_an_index_alone() -> None:
    async with in_transaction() as connection:
        for way in ("seqscan", "bitmapscan"):
            await connection.execute_query(f"SET LOCAL enable_{way} = off")
        await connection.execute_query(_UNCOUNTED, ["complaint"])
        question = (
            "EXPLAIN SELECT status, count(id) FROM complaint WHERE community_id = 1"
            " AND (about_staff_id IS NULL OR about_staff_id <> 1)"
            " AND (about_technician_id IS NULL OR about_technician_id <> 1) AND id NOT IN (1) GROUP BY status"
        )
        plan = await connection.execute_query_dict(question)
    assert any("Index Only Scan" in line["QUERY PLAN"] for line in plan), plan
