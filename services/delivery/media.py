"""Photos, voices and videos that people sent: fetching them, and where they are kept.

`workers/media` claims rows, fetches, and says here how it went. Fetching twice does no harm.
"""

import hashlib
import os
import tempfile
import time
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from tortoise.queryset import QuerySet

from models.media import MediaFile, MediaStatus
from services import clock, outbox, work

HALF = ".half"  # the end of the name of what is not written to its end
_HALF_FOR_S = 3600

_CLAIM = """
UPDATE media_file SET status = 'fetching', claimed_at = coalesce($1, now()), attempts = attempts + 1
WHERE id IN (
    SELECT id FROM media_file
    WHERE status = 'pending' AND (next_try_at IS NULL OR next_try_at <= coalesce($1, now()))
    ORDER BY next_try_at NULLS FIRST, id LIMIT $2 FOR UPDATE SKIP LOCKED)
RETURNING id
"""


# Times are the database's: the machine that sweeps need not have the time of the one that claimed.
_RELEASE = """
UPDATE media_file SET status = 'pending'
WHERE status = 'fetching' AND claimed_at < coalesce($1, now()) - $2::interval
RETURNING id
"""


@dataclass(frozen=True, slots=True)
class Wanted:
    """A claimed file: the channel's handle of it, and which attempt this is."""

    id: int
    person_id: int
    kind: str
    media_id: str
    attempts: int


@dataclass(frozen=True, slots=True)
class Kept:
    """What lies in the folder."""

    sha256: str
    size: int
    mime: str
    width: int = 0
    height: int = 0


async def expect(person_id: int, *, kind: str, media_id: str) -> int:
    """Somebody sent it, a worker will fetch it; the row's id, the same one when it is sent again."""
    row = MediaFile(person_id=person_id, kind=kind, media_id=media_id)
    await MediaFile.bulk_create([row], ignore_conflicts=True)
    work.wake("media")
    stored: int = (await MediaFile.get(media_id=media_id).only("id")).id
    return stored


async def claim(limit: int) -> list[Wanted]:
    """Up to `limit` files, now `fetching`."""
    rows = await MediaFile._meta.db.execute_query_dict(_CLAIM, [clock.held(), limit])
    claimed = await MediaFile.filter(id__in=[row["id"] for row in rows]).order_by("id") if rows else []
    return [Wanted(row.id, row.person_id, row.kind, row.media_id, row.attempts) for row in claimed]


async def stored(wanted: Wanted, kept: Kept) -> None:
    await _mine(wanted).update(
        status=MediaStatus.STORED,
        sha256=kept.sha256,
        size=kept.size,
        mime=kept.mime,
        width=kept.width,
        height=kept.height,
        error="",
    )


async def retry(wanted: Wanted, why: str, *, after: timedelta) -> None:
    await _mine(wanted).update(status=MediaStatus.PENDING, error=why, next_try_at=clock.now() + after)


async def failed(wanted: Wanted, why: str) -> None:
    """It will not come. `why` stands where the picture would have been, and who sent a photo is told it in words."""
    given_up = await _mine(wanted).update(status=MediaStatus.FAILED, error=why)
    if given_up and wanted.kind == "image":
        minute = f"{clock.now():%Y%m%d%H%M}"  # photos come in handfuls: one message for those of one minute
        await outbox.tell(
            wanted.person_id, "photo.lost", {"reason": why}, key=f"photo.lost:{wanted.person_id}:{minute}"
        )


async def release_stuck(older_than: timedelta) -> int:
    """Rows whose worker died while fetching wait again. How many there were."""
    stuck = await MediaFile._meta.db.execute_query_dict(_RELEASE, [clock.held(), older_than])
    return len(stuck)


def _mine(wanted: Wanted) -> QuerySet[MediaFile]:
    return MediaFile.filter(id=wanted.id, status=MediaStatus.FETCHING)


def path(folder: Path, sha256: str) -> Path:
    """Where content of this hash lies under `settings.media.dir`."""
    if len(sha256) != 64 or not set(sha256) <= set("0123456789abcdef"):
        raise ValueError("not a SHA-256")
    return folder / sha256[:2] / sha256[2:]


def keep(folder: Path, content: bytes) -> str:
    """Write it durably, whole or not at all, and give its hash. Blocks: call it in a thread."""
    sha256 = hashlib.sha256(content).hexdigest()
    place = path(folder, sha256)
    if place.exists():
        return sha256
    place.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    with tempfile.NamedTemporaryFile(dir=place.parent, suffix=HALF, delete=False) as file:
        try:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
            Path(file.name).replace(place)
        except OSError:
            Path(file.name).unlink()
            raise
    return sha256


def tidy(folder: Path) -> int:
    """Remove what a worker that was killed left half written, an hour ago or more; how many files."""
    before = time.time() - _HALF_FOR_S
    left = [half for half in folder.glob(f"*/*{HALF}") if half.stat().st_mtime < before]
    for half in left:
        half.unlink(missing_ok=True)
    return len(left)
