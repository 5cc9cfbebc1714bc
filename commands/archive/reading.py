"""Restoring a backup."""

import shutil
import tarfile
import tempfile
from pathlib import Path, PurePosixPath

import asyncpg

from commands import StartError
from commands.archive import client
from commands.archive.writing import DUMP, LABEL, MEDIA
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


def restore(settings: Settings, file: Path) -> None:
    """Put the backup in the place of everything in the database, in one transaction; photos are added."""
    with tempfile.TemporaryDirectory(prefix="restore-") as folder, _opened(file) as tar:
        dump, script = Path(folder, DUMP), Path(folder, "script.sql")
        _copy_out(tar, tar.getmember(DUMP), dump)
        client.write_script(dump, script)
        client.on_database(
            "psql", "--no-psqlrc", "--quiet", "--single-transaction", "--set=ON_ERROR_STOP=1",
            f"--command={_CLEAR}", f"--file={script}", url=settings.database.url,
        )  # fmt: skip
        _restore_media(tar, settings.media.dir)


def _opened(file: Path) -> tarfile.TarFile:
    try:
        tar = tarfile.open(file)  # noqa: SIM115 - the caller closes it
        tar.getmember(LABEL)
    except (OSError, tarfile.TarError, KeyError) as error:
        raise StartError(f"{file} is not a backup of 管家.") from error
    return tar


def _restore_media(tar: tarfile.TarFile, folder: Path) -> None:
    """Photos are named by their content, so that one that is there already is the same one."""
    for member in tar.getmembers():
        path = PurePosixPath(member.name)
        if not member.isfile() or path.parts[0] != MEDIA or ".." in path.parts:
            continue
        target = folder.joinpath(*path.parts[1:])
        if not target.exists():
            target.parent.mkdir(parents=True, exist_ok=True)
            _copy_out(tar, member, target)


def _copy_out(tar: tarfile.TarFile, member: tarfile.TarInfo, target: Path) -> None:
    """By hand: the safe filter of `extract` came only with Python 3.11.4."""
    source = tar.extractfile(member)
    if source is None:
        raise StartError(f"{member.name} in the backup is not a file.")
    with source, target.open("wb") as copy:
        shutil.copyfileobj(source, copy)
