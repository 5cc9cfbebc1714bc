"""Changes that go together are one statement, each with values of its own."""

from datetime import UTC, datetime

from tortoise.transactions import in_transaction

from models import rows
from models.people import Person
from models.rows import Part
from models.timers import Timer

_NAME = "INSERT INTO person (channel, channel_id, following, name, phone, blocked, created_at) "
_MADE = f"{_NAME} VALUES ($1, $2, true, $3, '', false, now()) RETURNING id"
_TIMED = """
INSERT INTO timer (key, kind, subject_id, due_at, note, attempts)
SELECT $1 || id, $1, id, $2::timestamptz, '{}', 0 FROM met
"""


async def test_each_part_keeps_its_own_values_and_sees_what_a_named_one_returns(database: str) -> None:
    due = datetime(2026, 11, 28, tzinfo=UTC)
    async with in_transaction():
        [stored] = await rows.together(
            Person,
            "INSERT INTO timer (key, kind, subject_id, due_at, note, attempts) VALUES ($1, $1, $2, $3, '{}', 0)"
            " RETURNING subject_id",
            "last", 7, due,
            beside=[Part(_MADE, ("wechat", "o_zhang", "张三"), "met"), Part(_TIMED, ("first", due))],
        )  # fmt: skip
    person = await Person.get(channel_id="o_zhang")
    assert (stored["subject_id"], person.name) == (7, "张三")
    keys = set(await Timer.all().values_list("key", "subject_id"))
    assert keys == {(f"first{person.id}", person.id), ("last", 7)}


async def test_only_the_named_columns_of_a_row_are_written(database: str) -> None:
    person = await Person.create(channel_id="o_li", name="李四", phone="13800001234")
    person.name, person.phone = "李四四", ""
    async with in_transaction():
        await rows.together(Person, "SELECT 1", beside=[rows.updating(person, ["name"])])
    stored = await Person.get(id=person.id)
    assert (stored.name, stored.phone) == ("李四四", "13800001234")
