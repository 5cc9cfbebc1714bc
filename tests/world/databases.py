"""Databases for tests: made as copies of one, and put back between tests into a state that was kept."""

from collections.abc import Iterable

import asyncpg

SEED = "seed"  # the state after migration: no rows but those that migrations brought
_TABLES = "SELECT quote_ident(tablename) FROM pg_tables WHERE schemaname = $1 AND tablename <> 'tortoise_migrations'"
_COUNTERS = """
SELECT quote_ident(sequencename) AS counter, last_value AS value FROM pg_sequences WHERE schemaname = 'public'
"""

# Whoever writes a row leaves the number of the transaction on it: no row was written, changed or deleted while
# neither the rows nor the sum of these numbers differ.
_MARK = "SELECT '{0}' AS name, count(*) AS rows, sum(xmin::text::bigint) AS written FROM public.{0}"
_CHANGED = """
SELECT name, coalesce(marks.rows, 0) > 0 AS kept, pg_relation_size(name::regclass) > 4000000 AS large
FROM ({looks}) AS now LEFT JOIN {state}.marks USING (name)
WHERE (now.rows, now.written) IS DISTINCT FROM (coalesce(marks.rows, 0), marks.written)
"""
_GONE = "DELETE FROM public.{}"
_COPY = "INSERT INTO public.{1} TABLE {0}.{1}"
_MARKED = """
UPDATE {state}.marks SET written = rows * pg_current_xact_id()::text::bigint
WHERE rows > 0 AND name IN ({names})
"""
_COUNT_AS_THEN = """
SELECT setval(kept.counter::regclass, coalesce(kept.value, 1), kept.value IS NOT NULL)
FROM {state}.counters AS kept JOIN ({counters}) AS now USING (counter) WHERE now.value IS DISTINCT FROM kept.value
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
        await keep(connection, SEED)
    finally:
        await connection.close()


async def cleaner(url: str) -> asyncpg.Connection:
    """A connection to put rows back by, whatever refers to them. Changing its role each time would cost all plans."""
    return await asyncpg.connect(url, server_settings={"session_replication_role": "replica"})


async def keep(connection: asyncpg.Connection, state: str) -> None:
    """A copy of every row that there is, for `bring_back`."""
    tables = await _tables(connection, "public")
    await connection.execute(f"CREATE SCHEMA {state}")
    await connection.execute(f"CREATE TABLE {state}.marks AS {_looks(tables)}")
    await connection.execute(f"CREATE TABLE {state}.counters AS {_COUNTERS}")
    for row in await connection.fetch(f"TABLE {state}.marks"):
        if row["rows"]:
            await connection.execute(f"CREATE TABLE {state}.{row['name']} AS TABLE public.{row['name']}")


async def bring_back(connection: asyncpg.Connection, state: str) -> bool:
    """What was kept by that name, in place of all rows. False when nothing was."""
    if not await _tables(connection, state):
        return False
    looks = _looks(await _tables(connection, "public"))
    changed = await connection.fetch(_CHANGED.format(looks=looks, state=state))
    if large := [one["name"] for one in changed if one["large"] and not one["kept"]]:
        await connection.execute(f"TRUNCATE {', '.join(large)} CASCADE")
        changed = await connection.fetch(_CHANGED.format(looks=looks, state=state))
    if changed:
        await connection.execute(_restored(changed, state))
    await connection.fetch(_COUNT_AS_THEN.format(state=state, counters=_COUNTERS))
    return True


async def empty(connection: asyncpg.Connection) -> None:
    await bring_back(connection, SEED)


def _restored(changed: Iterable[asyncpg.Record], state: str) -> str:
    """Together, in any order. A few rows are deleted in a moment; TRUNCATE makes and unlinks every index's file."""
    names = [one["name"] for one in changed]
    gone = map(_GONE.format, names)
    copies = [_COPY.format(state, one["name"]) for one in changed if one["kept"]]
    marked = _MARKED.format(state=state, names=", ".join(f"'{name}'" for name in names))
    done = "; ".join([*gone, *copies, marked])
    return f"BEGIN; {done}; COMMIT"


def _looks(tables: Iterable[str]) -> str:
    return " UNION ALL ".join(map(_MARK.format, tables))


async def _tables(connection: asyncpg.Connection, schema: str) -> list[str]:
    return [row[0] for row in await connection.fetch(_TABLES, schema)]
