"""Databases for tests: made as copies of one, and emptied between tests."""

import asyncpg

_TABLES = "SELECT quote_ident(tablename) FROM pg_tables WHERE schemaname = $1 AND tablename <> 'tortoise_migrations'"


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
        await connection.execute("CREATE SCHEMA seed")
        for table in await _filled(connection, await _tables(connection, "public")):
            await connection.execute(f"CREATE TABLE seed.{table} AS TABLE public.{table}")
    finally:
        await connection.close()


async def empty(connection: asyncpg.Connection) -> None:
    """The state after migration: no rows but those that migrations brought."""
    seeded = await _tables(connection, "seed")
    tables = await _filled(connection, await _tables(connection, "public"))
    if fresh := [table for table in tables if table not in seeded]:
        await connection.execute(f"TRUNCATE {', '.join(fresh)} RESTART IDENTITY CASCADE")
    if seeded:
        await _restore(connection, seeded)


async def _restore(connection: asyncpg.Connection, seeded: list[str]) -> None:
    copies = "; ".join(f"INSERT INTO public.{table} TABLE seed.{table}" for table in seeded)
    await connection.execute(
        f"BEGIN; SET LOCAL session_replication_role = replica; TRUNCATE {', '.join(seeded)} CASCADE; {copies}; COMMIT"
    )


async def _tables(connection: asyncpg.Connection, schema: str) -> list[str]:
    return [row[0] for row in await connection.fetch(_TABLES, schema)]


async def _filled(connection: asyncpg.Connection, tables: list[str]) -> list[str]:
    """Those of the tables that hold a row: emptying an empty one is what would take the time."""
    if not tables:
        return []
    look = "SELECT '{0}' WHERE EXISTS (SELECT 1 FROM public.{0})"
    looks = (look.format(table) for table in tables)
    return [row[0] for row in await connection.fetch(" UNION ALL ".join(looks))]
