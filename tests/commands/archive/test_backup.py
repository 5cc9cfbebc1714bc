"""A backup holds everything, and only what is meant to be thrown away is."""

import errno
import shutil
import stat
import subprocess
import tarfile
from pathlib import Path
from typing import IO

import asyncpg
import pytest

from commands import StartError
from commands.archive import client, reading, writing
from models.community import ManagementOffice
from services.delivery import media
from settings import Settings
from tests.world import databases
from tests.world.running import Servers, at


@pytest.fixture
async def other(servers: Servers, test_settings: Settings, tmp_path: Path, worker_number: int) -> Settings:
    """Settings of another installation, whose database is empty."""
    name = f"restored_{worker_number}"
    connection = await asyncpg.connect(servers.admin)
    await connection.execute(f"DROP DATABASE IF EXISTS {name}")
    await connection.close()
    await databases.create(servers.admin, name)
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


async def kept(settings: Settings, count: int = 3) -> list[str]:
    """Photos as workers keep them."""
    await ManagementOffice.create(name="东区管理处")
    return [media.keep(settings.media.dir, b"photo %d " % number * 5000) for number in range(count)]


def photos(settings: Settings) -> dict[str, bytes]:
    folder = settings.media.dir
    return {str(one.relative_to(folder)): one.read_bytes() for one in folder.rglob("*") if one.is_file()}


async def test_photos_come_back_for_their_owner_alone(
    database: str, test_settings: Settings, other: Settings, tmp_path: Path
) -> None:
    await kept(test_settings)
    (test_settings.media.dir / f"tmpx{media.HALF}").write_bytes(b"half")
    writing.write(test_settings, tmp_path / "all.tar")
    assert reading.restore(other, tmp_path / "all.tar") == []
    (test_settings.media.dir / f"tmpx{media.HALF}").unlink()
    assert photos(other) == photos(test_settings)
    found = [other.media.dir, *other.media.dir.rglob("*")]
    assert {stat.S_IMODE(one.stat().st_mode) for one in found if one.is_file()} == {0o600}
    assert {stat.S_IMODE(one.stat().st_mode) for one in found if one.is_dir()} == {0o700}


async def test_half_a_photo_that_an_earlier_restore_left_is_replaced(
    database: str, test_settings: Settings, other: Settings, tmp_path: Path
) -> None:
    first, *_ = await kept(test_settings)
    writing.write(test_settings, tmp_path / "all.tar")
    half = media.path(other.media.dir, first)
    half.parent.mkdir(parents=True)
    half.write_bytes(b"photo 0 phot")
    reading.restore(other, tmp_path / "all.tar")
    assert photos(other) == photos(test_settings)


async def test_a_full_disk_changes_neither_database_nor_photos(
    database: str, test_settings: Settings, other: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    await kept(test_settings)
    writing.write(test_settings, tmp_path / "all.tar")
    await clean_rows(other, "西区管理处")
    written: list[int] = []

    def fills_up(source: IO[bytes], copy: IO[bytes]) -> None:
        written.append(copy.write(source.read(20_000)))
        if len(written) == 2:
            raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(shutil, "copyfileobj", fills_up)
    with pytest.raises(StartError, match="No space left"):
        reading.restore(other, tmp_path / "all.tar", skip_damaged=True)
    assert await rows(other) == ["西区管理处"] and photos(other) == {}
    assert list(other.media.dir.rglob("*")) == []


async def clean_rows(settings: Settings, name: str) -> None:
    """A database that was in use: a backup of it holds the office of that name."""
    connection = await asyncpg.connect(settings.database.url)
    try:
        await connection.execute("CREATE TABLE management_office (name text)")
        await connection.execute("INSERT INTO management_office VALUES ($1)", name)
    finally:
        await connection.close()


async def test_a_damaged_photo_is_not_restored_and_nothing_else_unless_told(
    database: str, test_settings: Settings, other: Settings, tmp_path: Path
) -> None:
    await kept(test_settings)
    writing.write(test_settings, tmp_path / "all.tar")
    content = bytearray((tmp_path / "all.tar").read_bytes())
    content[content.index(b"photo 1 ") + 100] ^= 1
    (tmp_path / "all.tar").write_bytes(content)
    with pytest.raises(StartError, match=r"1 photos are not what they were.*--skip-damaged"):
        reading.restore(other, tmp_path / "all.tar")
    assert photos(other) == {}
    (left_out,) = reading.restore(other, tmp_path / "all.tar", skip_damaged=True)
    assert await rows(other) == ["东区管理处"]
    assert photos(other) == {name: one for name, one in photos(test_settings).items() if name != left_out}


async def test_a_file_with_a_label_alone_or_cut_short_is_refused_in_words(
    database: str, test_settings: Settings, other: Settings, tmp_path: Path
) -> None:
    with tarfile.open(tmp_path / "label.tar", "w") as tar:
        writing._add_label(tar)
    with pytest.raises(StartError, match="holds no database"):
        reading.restore(other, tmp_path / "label.tar")
    await kept(test_settings)
    writing.write(test_settings, tmp_path / "all.tar")
    content = (tmp_path / "all.tar").read_bytes()
    for length in (len(content) // 2, content.index(b"photo 0 ") + 20_000):
        (tmp_path / "cut.tar").write_bytes(content[:length])
        with pytest.raises(StartError):
            reading.restore(other, tmp_path / "cut.tar")


def test_a_program_that_ends_without_words_is_told_in_words(monkeypatch: pytest.MonkeyPatch) -> None:
    silent = subprocess.CompletedProcess([], 1, stdout="", stderr=" ")
    monkeypatch.setattr(client.subprocess, "run", lambda *_, **__: silent)
    with pytest.raises(StartError, match="pg_restore failed: it ended with status 1 and it said nothing"):
        client.write_script(Path("a"), Path("b"))
