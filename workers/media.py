"""Fetches what people sent while the platform still has it, and keeps what can be shown safely."""

import asyncio
import logging
import time
from datetime import timedelta
from enum import StrEnum
from pathlib import Path

from services import work
from services.delivery import media
from services.delivery.media import Kept, Wanted
from services.delivery.picture import BadPicture
from services.delivery.pictures import Pictures
from services.delivery.voices import MP3, Voices
from wechat.errors import ApiError, Reason, Refused
from wechat.platform import Platform

log = logging.getLogger(__name__)

_PAUSES = tuple(timedelta(seconds=s) for s in (3, 15, 60, 300, 1800, 7200, 21600, 43200, 86400))
NO_ROOM = "no_room"  # the disk is full or its folder may not be written
_SOUNDS = {b"#!AMR": "audio/amr", b"ID3": "audio/mpeg", b"\xff\xfb": "audio/mpeg", b"\xff\xf3": "audio/mpeg"}


class Outcome(StrEnum):
    """What became of one attempt."""

    STORED = "stored"
    LATER = "later"
    GONE = "gone"  # the platform has it no longer
    REFUSED = "refused"  # no picture, or too large
    FAILED = "failed"


class Fetching:
    """Brings media from the platform into `folder`."""

    def __init__(
        self, platform: Platform, pictures: Pictures, folder: Path, voices: Voices | None = None
    ) -> None:
        self._platform = platform
        self._pictures = pictures
        self._folder = folder
        self._voices = voices or Voices()

    async def fetch(self, wanted: Wanted) -> None:
        """One claimed file, to a decision in the database."""
        started = time.perf_counter()
        outcome = await self._fetch(wanted)
        ms = (time.perf_counter() - started) * 1000
        log.info("media id=%d attempt=%d outcome=%s ms=%.0f", wanted.id, wanted.attempts, outcome, ms)

    async def _fetch(self, wanted: Wanted) -> Outcome:
        try:
            content, mime = await self._platform.download(wanted.media_id)
            kept = await self._keep(wanted.kind, content, mime)
        except ApiError as fault:
            return await _missed(wanted, fault)
        except OSError as fault:
            log.error("media id=%d cannot be kept: %s", wanted.id, fault)
            return await _later(wanted, NO_ROOM)
        except (BadPicture, ValueError) as fault:
            await _failed(wanted, str(fault) if isinstance(fault, BadPicture) else "too_large")
            return Outcome.REFUSED
        await media.stored(wanted, kept)
        return Outcome.STORED

    async def _keep(self, kind: str, content: bytes, mime: str) -> Kept:
        if kind == "voice" and (mp3 := await self._voices.mp3(content)):
            return await self._store(mp3, MP3)
        if kind != "image":
            return await self._store(content, _sound(content) or _plain(mime))
        jpeg = await self._pictures.clean(content)
        return await self._store(jpeg.content, "image/jpeg", jpeg.width, jpeg.height)

    async def _store(self, content: bytes, mime: str, width: int = 0, height: int = 0) -> Kept:
        sha256 = await asyncio.to_thread(media.keep, self._folder, content)
        return Kept(sha256, len(content), mime, width, height)


async def _missed(wanted: Wanted, fault: ApiError) -> Outcome:
    """The platform keeps media for three days: most of two of them pass before we give up."""
    if isinstance(fault, Refused) and fault.reason is Reason.MEDIA:
        await _failed(wanted, fault.code)
        return Outcome.GONE
    return await _later(wanted, fault.code)


async def _later(wanted: Wanted, why: str) -> Outcome:
    if wanted.attempts > len(_PAUSES):
        await _failed(wanted, why)
        return Outcome.FAILED
    await media.retry(wanted, why, after=_PAUSES[wanted.attempts - 1])
    return Outcome.LATER


async def _failed(wanted: Wanted, why: str) -> None:
    async with work.unit():
        await media.failed(wanted, why)


def _sound(content: bytes) -> str:
    return next((mime for start, mime in _SOUNDS.items() if content.startswith(start)), "")


def _plain(mime: str) -> str:
    """What we serve again is never something that a browser would run."""
    return mime if mime.startswith(("audio/", "video/")) and len(mime) <= 32 else "application/octet-stream"
