"""Fetching what people sent from the simulated platform."""

import asyncio
import base64
import io
from collections.abc import AsyncIterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from PIL import Image

from models.media import MediaFile, MediaStatus
from models.people import Person
from services import clock
from services.delivery import media
from tests.wechat.simulated import Simulated
from wechat.platform import Platform
from workers.media import Fetching
from workers.picture import clean
from workers.pictures import Pictures

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


async def test_a_voice_message_is_kept_as_it_is(sim: Simulated, platform: Platform, fetching: Fetching):
    row = await sent(sim, platform, b"#!AMR\n" + bytes(200), "voice")
    await fetch(fetching)
    await row.refresh_from_db()
    assert (row.status, row.mime, row.size) == (MediaStatus.STORED, "audio/amr", 206)


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
    assert (row.status, row.error) == (MediaStatus.FAILED, "图片已过期或不存在（40007）")


async def test_a_photo_above_the_cap_is_refused(sim: Simulated, platform: Platform, fetching: Fetching):
    row = await sent(sim, platform, photo(2000, 1000))
    await fetch(fetching)
    await row.refresh_from_db()
    assert (row.status, row.error) == (MediaStatus.FAILED, "图片太大")


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
    assert row.error == "微信没有答复，不知道是否送达"


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
