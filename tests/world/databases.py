"""Databases for tests: made as copies of one, emptied between tests, and filled from what was kept."""

from collections.abc import Iterable

import asyncpg

_TABLES = "SELECT quote_ident(tablename) FROM pg_tables WHERE schemaname = $1 AND tablename <> 'tortoise_migrations'"

_COUNTERS = """
SELECT quote_ident(sequencename) AS counter, last_value AS value FROM pg_sequences
WHERE schemaname = 'public' AND last_value IS NOT NULL
"""

_GONE = "DELETE FROM public.{}"
_LARGE = "SELECT name FROM unnest($1::text[]) AS name WHERE pg_relation_size(name::regclass) > 4000000"
_COUNT_ANEW = """
SELECT setval(counter.oid::regclass, 1, false) FROM pg_class AS counter
JOIN pg_depend AS owned ON owned.objid = counter.oid AND owned.deptype IN ('a', 'i')
WHERE counter.relkind = 'S' AND owned.refobjid = ANY ($1::text[]::regclass[]::oid[])
"""


async def create(admin_url: str, name: str, template: str = "template1") -> None:
    connection = await asyncpg.connect(admin_url)
    try:
        await connection.execute(f'CREATE DATABASE "{name}" TEMPLATE "{template}"')
    finally:
        await connection.close()


async def remember_rows(url: str) -> None:
    """Keep a copy of the rows that migrations brought, for `empty` to put back."""
    connection = await asyncpg.connect(url)
    try:
        await keep(connection, "seed")
    finally:
        await connection.close()


async def keep(connection: asyncpg.Connection, name: str) -> None:
    """A copy of every row that there is, for `bring_back`."""
    await connection.execute(f"CREATE SCHEMA {name}")
    for table in await _filled(connection, await _tables(connection, "public")):
        await connection.execute(f"CREATE TABLE {name}.{table} AS TABLE public.{table}")
    await connection.execute(f"CREATE MATERIALIZED VIEW {name}.counters AS {_COUNTERS}")


async def bring_back(connection: asyncpg.Connection, name: str) -> bool:
    """What was kept by that name, in place of all rows. False when nothing was."""
    tables = await _tables(connection, name)
    if tables:
        await _restore(connection, name, tables)
        counters = await connection.fetch(f"TABLE {name}.counters")
        await connection.executemany("SELECT setval($1::text::regclass, $2)", counters)
    return bool(tables)


async def empty(connection: asyncpg.Connection) -> None:
    """The state after migration: no rows but those that migrations brought."""
    seeded = await _tables(connection, "seed")
    tables = await _filled(connection, await _tables(connection, "public"))
    if fresh := [table for table in tables if table not in seeded]:
        if large := [row[0] for row in await connection.fetch(_LARGE, fresh)]:
            await connection.execute(f"TRUNCATE {', '.join(large)} CASCADE")
        await connection.execute(_unchecked(map(_GONE.format, fresh)))
        await connection.execute(_COUNT_ANEW, fresh)
    if seeded:
        await _restore(connection, "seed", seeded)


async def _restore(connection: asyncpg.Connection, name: str, kept: list[str]) -> None:
    gone = map(_GONE.format, kept)
    copies = [f"INSERT INTO public.{table} TABLE {name}.{table}" for table in kept]
    await connection.execute(_unchecked([*gone, *copies]))


def _unchecked(statements: Iterable[str]) -> str:
    """Together, in any order. A few rows are deleted in a moment; TRUNCATE makes and unlinks every index's file."""
    return f"BEGIN; SET LOCAL session_replication_role = replica; {'; '.join(statements)}; COMMIT"


async def _tables(connection: asyncpg.Connection, schema: str) -> list[str]:
    return [row[0] for row in await connection.fetch(_TABLES, schema)]


async def _filled(connection: asyncpg.Connection, tables: list[str]) -> list[str]:
    """Those of the tables that hold a row: emptying an empty one is what would take the time."""
    if not tables:
        return []
    look = "SELECT '{0}' WHERE EXISTS (SELECT 1 FROM public.{0})"
    looks = (look.format(table) for table in tables)
    return [row[0] for row in await connection.fetch(" UNION ALL ".join(looks))]
