"""A database that was migrated is the one that the code describes."""

import importlib
import re
from pathlib import Path

import asyncpg
import pytest

import settings
from models import database
from models.tasks import StaffTask, TaskKind
from services import staff_tasks
from services.estate import people
from settings import Settings
from tests.world import databases, offices
from tests.world.running import TEMPLATE, Servers, at

COLUMNS = """
SELECT table_name, column_name, data_type, character_maximum_length, is_nullable, column_default
FROM information_schema.columns WHERE table_schema = 'public' AND table_name <> 'tortoise_migrations'
"""
INDEXES = """
SELECT tablename, regexp_replace(indexdef, 'INDEX \\S+ ON', 'INDEX ON')
FROM pg_indexes WHERE schemaname = 'public' AND tablename <> 'tortoise_migrations'
    AND indexname <> 'search_line_words'
"""  # which is over an expression: Tortoise has no words for that
CONSTRAINTS = """
SELECT conrelid::regclass::text, pg_get_constraintdef(oid) FROM pg_constraint
WHERE connamespace = 'public'::regnamespace AND conrelid::regclass::text <> 'tortoise_migrations'
"""


@pytest.fixture
def migrated(servers: Servers) -> Settings:
    if not database.has_migrations():
        pytest.skip("there are no migrations yet")
    return at(settings.load(), servers.database(TEMPLATE))


@pytest.fixture
async def described(servers: Servers, worker_number: int) -> Settings:
    name = f"described_{worker_number}"
    await databases.create(servers.admin, name)
    there = at(settings.load(), servers.database(name))
    await database.create_tables(there)
    return there


# A list of words in a condition is cast as a whole; of one that was dumped and read back each word is.
_CASTS = re.compile(r"[()]|::(?:character varying|text)(?:\[\])?")


async def facts(found: Settings, query: str) -> set[tuple[object, ...]]:
    connection = await asyncpg.connect(found.database.url)
    try:
        return {tuple(_plain(one) for one in row) for row in await connection.fetch(query)}
    finally:
        await connection.close()


def _plain(value: object) -> object:
    return _CASTS.sub("", value) if isinstance(value, str) else value


def test_there_is_one_newest_migration_and_each_stands_behind_what_it_needs() -> None:
    """With two newest, the next one would know nothing of one of them."""
    names = sorted(one.stem for one in Path(database.__file__).with_name("migrations").glob("[0-9]*.py"))
    needs = {name: _needs(name) for name in names}
    needed = {one for each in needs.values() for one in each}
    assert [name for name in names if name not in needed] == names[-1:]
    assert [(name, one) for name, each in needs.items() for one in each if one[:4] >= name[:4]] == []


def _needs(name: str) -> list[str]:
    migration = importlib.import_module(f"{database.MIGRATIONS}.{name}").Migration
    return [needed for _, needed in migration.dependencies]


async def test_every_change_of_a_table_has_its_migration(migrated: Settings) -> None:
    assert await database.missing_migrations(migrated) == []


async def test_migrations_make_what_the_code_describes(migrated: Settings, described: Settings) -> None:
    for query in (COLUMNS, INDEXES, CONSTRAINTS):
        assert await facts(migrated, query) == await facts(described, query)


@pytest.mark.usefixtures("database")
async def test_calls_from_before_go_to_the_office_of_their_ticket_or_home() -> None:
    town = await offices.build()
    stranger = await people.ensure("o_stranger")
    ticket = await offices.ticket(town, 0)
    for kind, person, about in (
        (TaskKind.PHONE, stranger.id, ticket),
        (TaskKind.PHONE, town.place.resident.id, None),
        (TaskKind.PHONE, stranger.id, None),
        (TaskKind.LEFT_MESSAGE, town.place.resident.id, None),
    ):
        key = f"{kind}:{person}:{about}"
        await staff_tasks.add(kind, "other", key=key, person_id=person, ticket_id=about)
    migration = importlib.import_module("models.migrations.0004_calls_have_a_community")
    for statement in migration.STATEMENTS:
        await StaffTask._meta.db.execute_query(statement)
    here = town.place.community.id
    assert [one.community_id for one in await StaffTask.all().order_by("id")] == [here, here, None, None]
