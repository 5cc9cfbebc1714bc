"""Fetching what people sent from the simulated platform."""

import asyncio
import base64
import errno
import io
import os
from collections.abc import AsyncIterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from PIL import Image

from dialogs import shipped
from models.media import MediaFile, MediaStatus
from models.outbox import Outbox
from models.people import Person
from services import clock, photos
from services.delivery import media, voice, voices
from services.delivery.picture import TOO_LARGE, UNREADABLE, clean
from services.delivery.pictures import Pictures
from services.delivery.voices import Voices
from tests.world.simulated import Simulated
from wechat.errors import Reason, Unknown, Unreachable
from wechat.platform import Platform
from workers.media import NO_ROOM, Fetching

pytestmark = pytest.mark.usefixtures("database")


@pytest.fixture
async def pictures() -> AsyncIterator[Pictures]:
    running = Pictures(1)
    yield running
    await running.close()


@pytest.fixture
def fetching(platform: Platform, pictures: Pictures, tmp_path: Path) -> Fetching:
    return Fetching(platform, pictures, tmp_path)


def photo(width: int = 30, height: int = 20) -> bytes:
    exif = Image.Exif()
    exif.get_ifd(0x8825).update({1: "N", 2: (23.0, 8.0, 4.2)})
    out = io.BytesIO()
    Image.new("RGB", (width, height), "green").save(out, "JPEG", exif=exif)
    return out.getvalue()


async def sent(sim: Simulated, platform: Platform, content: bytes, kind: str = "image") -> MediaFile:
    """A row as a turn leaves it, for a file that the platform has."""
    media_id = await platform.upload(kind, "x", content, "application/octet-stream")
    return await waiting(media_id, kind)


async def waiting(media_id: str, kind: str = "image") -> MediaFile:
    person = await Person.create(channel_id=f"o-{media_id[:20]}")
    return await MediaFile.create(person_id=person.id, media_id=media_id, kind=kind)


async def fetch(fetching: Fetching, at: datetime | None = None) -> None:
    """Everything that is due, until nothing is."""
    with clock.fixed(at or clock.now()):
        while rows := await media.claim(4):
            await asyncio.gather(*(fetching.fetch(row) for row in rows))


async def test_a_photo_is_kept_without_its_position_under_its_hash(
    sim: Simulated, platform: Platform, fetching: Fetching, tmp_path: Path
):
    row = await sent(sim, platform, photo())
    await fetch(fetching)
    await row.refresh_from_db()
    assert (row.status, row.mime, row.width, row.height) == (MediaStatus.STORED, "image/jpeg", 30, 20)
    kept = media.path(tmp_path, row.sha256)
    assert kept.parent.parent == tmp_path
    assert kept.stat().st_size == row.size
    with Image.open(kept) as picture:
        assert not picture.getexif()


SILENCE = b"#!AMR\n" + (b"\x3c" + bytes(31)) * 50  # a second


async def test_a_voice_message_becomes_an_mp3_where_the_library_is(
    sim: Simulated, platform: Platform, fetching: Fetching, tmp_path: Path
):
    av = pytest.importorskip("av", reason="requirements-voice.txt is not installed")
    row = await sent(sim, platform, SILENCE, "voice")
    await fetch(fetching)
    await row.refresh_from_db()
    assert (row.status, row.mime) == (MediaStatus.STORED, "audio/mpeg")
    with av.open(str(media.path(tmp_path, row.sha256))) as heard:
        assert heard.format.name == "mp3"
        assert 0.9 < heard.duration / 1_000_000 < 1.3


async def test_a_voice_message_stays_as_it_is_where_the_library_is_not(
    sim: Simulated, platform: Platform, pictures: Pictures, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    program = tmp_path / "voice.py"
    program.write_text(f"import sys\nsys.stdin.buffer.read()\nsys.exit({voice.NO_LIBRARY})\n")
    monkeypatch.setattr(voices, "_PROGRAM", program)
    without = Voices()
    row = await sent(sim, platform, SILENCE, "voice")
    await fetch(Fetching(platform, pictures, tmp_path, without))
    await row.refresh_from_db()
    assert (row.status, row.mime, row.size) == (MediaStatus.STORED, "audio/amr", len(SILENCE))
    assert not without.there


@pytest.mark.parametrize("content", [b"#!AMR\n\xff\xff\xff", b"#!AMR\n"])
async def test_what_is_no_voice_is_kept_to_be_downloaded(
    sim: Simulated, platform: Platform, fetching: Fetching, content: bytes
):
    row = await sent(sim, platform, content, "voice")
    await fetch(fetching)
    await row.refresh_from_db()
    assert (row.status, row.size) == (MediaStatus.STORED, len(content))
    assert row.mime != "audio/mpeg"


@pytest.mark.parametrize("content", [b"#EXTM3U\nhttp://127.0.0.1/secret\n", b"ffconcat version 1.0\n", b""])
def test_what_would_lead_elsewhere_is_never_opened_as_a_voice(content: bytes):
    assert voice.container(content) == ""


async def test_the_same_photo_twice_is_one_file(
    sim: Simulated, platform: Platform, fetching: Fetching, tmp_path: Path
):
    rows = [await sent(sim, platform, photo()) for _ in range(2)]
    await fetch(fetching)
    for row in rows:
        await row.refresh_from_db()
    assert rows[0].sha256 == rows[1].sha256
    assert files(tmp_path) == 1


def files(folder: Path) -> int:
    return len([path for path in folder.rglob("*") if path.is_file()])


async def test_a_photo_that_is_gone_is_said_at_once(fetching: Fetching, sim: Simulated):
    row = await waiting("no-such-media")
    await fetch(fetching)
    await row.refresh_from_db()
    assert (row.status, row.error) == (MediaStatus.FAILED, "media")


async def test_a_photo_above_the_cap_is_refused(sim: Simulated, platform: Platform, fetching: Fetching):
    row = await sent(sim, platform, photo(2000, 1000))
    await fetch(fetching)
    await row.refresh_from_db()
    assert (row.status, row.error) == (MediaStatus.FAILED, "too_large")


async def test_a_failed_download_is_retried_and_succeeds(
    sim: Simulated, platform: Platform, fetching: Fetching
):
    row = await sent(sim, platform, photo())
    await sim.fault("media/get", status=502)
    await fetch(fetching)
    await row.refresh_from_db()
    assert row.status == MediaStatus.PENDING
    await fetch(fetching, clock.now() + timedelta(seconds=5))
    await row.refresh_from_db()
    assert (row.status, row.attempts, row.error) == (MediaStatus.STORED, 2, "")


async def test_a_download_that_never_succeeds_is_at_last_marked(
    sim: Simulated, platform: Platform, fetching: Fetching
):
    row = await sent(sim, platform, photo())
    await sim.fault("media/get", times=None, drop=True)
    now = clock.now()
    await fetch(fetching, now)
    await fetch(fetching, now + timedelta(hours=3))
    await row.refresh_from_db()
    assert row.status == MediaStatus.PENDING  # an evening without the platform loses no photo
    for _ in range(10):
        now += timedelta(days=1)
        await fetch(fetching, now)
    await row.refresh_from_db()
    assert (row.status, row.attempts) == (MediaStatus.FAILED, 10)
    assert row.error == "unanswered"


async def test_what_a_dead_worker_was_fetching_is_fetched_again(
    sim: Simulated, platform: Platform, fetching: Fetching
):
    row = await sent(sim, platform, photo())
    assert len(await media.claim(4)) == 1
    with clock.fixed(clock.now() + timedelta(minutes=5)):
        assert await media.release_stuck(timedelta(minutes=2)) == 1
    await fetch(fetching)
    await row.refresh_from_db()
    assert row.status == MediaStatus.STORED


def test_a_hash_from_outside_never_leaves_the_folder(tmp_path: Path):
    for name in ("../../etc/passwd", "", "a" * 63, "A" * 64):
        with pytest.raises(ValueError, match="SHA-256"):
            media.path(tmp_path, name)


def test_a_tiny_gif_is_a_photo_too():
    gif = base64.b64decode("R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7")
    assert clean(gif, 25)[1:] == (1, 1)


def full(*_: object) -> None:
    raise OSError(errno.ENOSPC, "No space left on device")


async def test_a_full_disk_leaves_nothing_behind_and_is_tried_again_for_two_days(
    sim: Simulated, platform: Platform, fetching: Fetching, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    row = await sent(sim, platform, photo())
    monkeypatch.setattr(os, "fsync", full)
    now = clock.now()
    await fetch(fetching, now)
    await row.refresh_from_db()
    assert (row.status, row.attempts, row.error) == (MediaStatus.PENDING, 1, "no_room")
    assert files(tmp_path) == 0
    for _ in range(12):
        now += timedelta(days=1)
        await fetch(fetching, now)
    await row.refresh_from_db()
    assert (row.status, row.attempts, files(tmp_path)) == (MediaStatus.FAILED, 10, 0)


async def test_a_photo_is_stored_once_there_is_room_again(
    sim: Simulated, platform: Platform, fetching: Fetching, monkeypatch: pytest.MonkeyPatch
):
    row = await sent(sim, platform, photo())
    with monkeypatch.context() as disk:
        disk.setattr(os, "fsync", full)
        await fetch(fetching)
    await fetch(fetching, clock.now() + timedelta(seconds=5))
    await row.refresh_from_db()
    assert row.status == MediaStatus.STORED


def test_what_a_killed_worker_left_half_written_is_removed_after_an_hour(tmp_path: Path):
    sha256 = media.keep(tmp_path, b"whole")
    old, fresh = tmp_path / sha256[:2] / f"tmpold{media.HALF}", tmp_path / sha256[:2] / f"tmpnew{media.HALF}"
    for half in (old, fresh):
        half.write_bytes(b"ha")
    os.utime(old, (0, 0))
    assert media.tidy(tmp_path) == 1
    assert fresh.exists() and media.path(tmp_path, sha256).read_bytes() == b"whole"
    assert media.path(tmp_path, sha256).stat().st_mode & 0o077 == 0


async def told(row: MediaFile) -> list[str]:
    return [str(one.payload["phrase"]) for one in await Outbox.filter(person_id=row.person_id)]


async def test_who_sent_a_photo_that_cannot_be_opened_is_told_once_for_a_handful(
    sim: Simulated, platform: Platform, fetching: Fetching
):
    first = await sent(sim, platform, photo()[:40])
    media_id = await platform.upload("image", "x", photo()[:60], "image/jpeg")
    second = await MediaFile.create(person_id=first.person_id, media_id=media_id, kind="image")
    good = await sent(sim, platform, photo())
    with clock.fixed(clock.now()):
        await fetch(fetching, clock.now())
    assert await told(first) == ["photo.lost"] and await told(good) == []
    assert await photos.lost([first.id, second.id, good.id]) == {first.id, second.id}


async def test_a_voice_that_never_came_is_not_called_a_photo(fetching: Fetching, sim: Simulated):
    row = await waiting("no-such-voice", "voice")
    await fetch(fetching)
    assert await told(row) == []


@pytest.mark.parametrize("code", [TOO_LARGE, UNREADABLE, NO_ROOM, Unreachable.code, Unknown.code, *Reason])
def test_whoever_sent_what_was_lost_reads_why(code: str) -> None:
    assert code not in shipped.phrases().reply("photo.lost", {"reason": str(code)}).text
