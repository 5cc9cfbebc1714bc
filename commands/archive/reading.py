"""Restoring a backup."""

import tarfile
import tempfile
import zlib
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import asyncpg

from commands import StartError
from commands.archive import client
from commands.archive.photos import beside, copy_out
from commands.archive.writing import DUMP, LABEL
from settings import Settings

_TABLES = """
SELECT quote_ident(tablename) FROM pg_tables WHERE schemaname = 'public' AND tablename <> 'tortoise_migrations'
"""
_CLEAR = """
SET client_min_messages = warning;
DO $$
DECLARE name text;
BEGIN
    FOR name IN SELECT nspname FROM pg_namespace WHERE nspname !~ '^pg_' AND nspname <> 'information_schema' LOOP
        EXECUTE format('DROP SCHEMA %I CASCADE', name);
    END LOOP;
    CREATE SCHEMA public;
END $$
"""
_OTHERS = (
    "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
)


async def check_target(settings: Settings, *, replace: bool) -> None:
    """Raises StartError when the database holds rows that nobody said to replace, or somebody is using it."""
    connection = await asyncpg.connect(settings.database.url)
    try:
        if await connection.fetchval(_OTHERS):
            raise StartError("The database is in use; end web and worker processes and start again.")
        if not replace and await _has_rows(connection):
            raise StartError("The database is not empty; --replace throws away what is in it.")
    finally:
        await connection.close()


async def _has_rows(connection: asyncpg.Connection) -> bool:
    tables = [row[0] for row in await connection.fetch(_TABLES)]
    look = "SELECT EXISTS (SELECT 1 FROM public.{})"
    for table in tables:
        if await connection.fetchval(look.format(table)):
            return True
    return False


def restore(settings: Settings, file: Path, *, skip_damaged: bool = False) -> list[str]:
    """Put the backup in the place of everything in the database, in one transaction; photos are added.

    Photos are written beside the others and checked against their hashes first: a full disk or a damaged backup
    changes nothing. Returns the photos that were left out as damaged, which is allowed only with `skip_damaged`.
    """
    with ExitStack() as stack:
        try:
            tar = stack.enter_context(_opened(file))
            folder = stack.enter_context(tempfile.TemporaryDirectory(prefix="restore-"))
            photos = stack.enter_context(beside(settings.media.dir))
            damaged = photos.unpack(tar)
            if damaged and not skip_damaged:
                found = f"{len(damaged)} photos are not what they were, {damaged[0]} first"
                raise StartError(f"{file} is damaged: {found}; --skip-damaged restores the rest.")
            dump, script = Path(folder, DUMP), Path(folder, "script.sql")
            copy_out(tar, _database(tar, file), dump)
            client.write_script(dump, script)
            client.on_database(
                "psql", "--no-psqlrc", "--quiet", "--single-transaction", "--set=ON_ERROR_STOP=1",
                f"--command={_CLEAR}", f"--file={script}", url=settings.database.url,
            )  # fmt: skip
            photos.settle()
        except (OSError, EOFError, tarfile.TarError, zlib.error) as error:
            raise StartError(f"{file} could not be restored: {error}.") from error
    return damaged


@contextmanager
def _opened(file: Path) -> Iterator[tarfile.TarFile]:
    try:
        tar = tarfile.open(file)  # noqa: SIM115 - closed below, once it is known to be one
    except (OSError, tarfile.TarError) as error:
        raise StartError(f"{file} is not a backup of 管家.") from error
    with tar:
        if LABEL not in tar.getnames():
            raise StartError(f"{file} is not a backup of 管家.")
        yield tar


def _database(tar: tarfile.TarFile, file: Path) -> tarfile.TarInfo:
    try:
        return tar.getmember(DUMP)
    except KeyError as error:
        raise StartError(f"{file} holds no database.") from error
