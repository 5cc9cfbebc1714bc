"""A backup holds everything, and only what is meant to be thrown away is."""

import stat
from pathlib import Path

import asyncpg
import pytest

from commands import StartError
from commands.archive import reading, writing
from models.community import ManagementOffice
from settings import Settings
from tests.setup import clean
from tests.setup.running import Servers, at


@pytest.fixture
async def other(servers: Servers, test_settings: Settings, tmp_path: Path, worker_number: int) -> Settings:
    """Settings of another installation, whose database is empty."""
    name = f"restored_{worker_number}"
    connection = await asyncpg.connect(servers.admin)
    await connection.execute(f"DROP DATABASE IF EXISTS {name}")
    await connection.close()
    await clean.create(servers.admin, name)
    media = test_settings.media.model_copy(update={"dir": tmp_path / "other"})
    return at(test_settings, servers.database(name)).model_copy(update={"media": media})


async def rows(settings: Settings) -> list[str]:
    connection = await asyncpg.connect(settings.database.url)
    try:
        return [row["name"] for row in await connection.fetch("SELECT name FROM management_office")]
    finally:
        await connection.close()


async def backup(settings: Settings, folder: Path) -> Path:
    await ManagementOffice.create(name="东区管理处")
    photo = settings.media.dir / "ab" / "abcd.jpg"
    photo.parent.mkdir(parents=True)
    photo.write_bytes(b"photo")
    writing.write(settings, folder / "all.tar")
    return folder / "all.tar"


async def test_rows_and_photos_come_back(
    database: str, test_settings: Settings, other: Settings, tmp_path: Path
) -> None:
    file = await backup(test_settings, tmp_path)
    await reading.check_target(other, replace=False)
    reading.restore(other, file)
    assert await rows(other) == ["东区管理处"]
    assert (other.media.dir / "ab" / "abcd.jpg").read_bytes() == b"photo"


async def test_only_the_owner_reads_a_backup(database: str, test_settings: Settings, tmp_path: Path) -> None:
    file = await backup(test_settings, tmp_path)
    assert stat.S_IMODE(file.stat().st_mode) == 0o600


async def test_a_database_with_rows_is_replaced_only_when_told(
    database: str, test_settings: Settings, other: Settings, tmp_path: Path
) -> None:
    file = await backup(test_settings, tmp_path)
    reading.restore(other, file)
    with pytest.raises(StartError, match="not empty; --replace"):
        await reading.check_target(other, replace=False)
    await reading.check_target(other, replace=True)
    reading.restore(other, file)
    assert await rows(other) == ["东区管理处"]


async def test_a_database_in_use_is_left_alone(other: Settings) -> None:
    connection = await asyncpg.connect(other.database.url)
    try:
        with pytest.raises(StartError, match="in use"):
            await reading.check_target(other, replace=True)
    finally:
        await connection.close()


async def test_a_broken_backup_changes_nothing(
    database: str, test_settings: Settings, other: Settings, tmp_path: Path
) -> None:
    file = await backup(test_settings, tmp_path)
    reading.restore(other, file)
    content = file.read_bytes()
    middle = content.index(b"PGDMP") + 600
    file.write_bytes(content[:middle] + b"\0" * 400 + content[middle + 400 :])
    with pytest.raises(StartError, match=r"(pg_restore|psql) failed"):
        reading.restore(other, file)
    assert await rows(other) == ["东区管理处"]


async def test_another_file_is_no_backup(other: Settings, tmp_path: Path) -> None:
    (tmp_path / "letter.txt").write_text("hello")
    with pytest.raises(StartError, match="is not a backup"):
        reading.restore(other, tmp_path / "letter.txt")
