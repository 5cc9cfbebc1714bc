"""Stored pictures as the platform knows them: uploaded when first needed, known for three days."""

import asyncio
import time
from pathlib import Path

from services.delivery import media
from wechat.errors import Reason, Refused, Unknown, Unreachable
from wechat.platform import Platform

_GOOD_S = 2.5 * 86400
_MOST = 1000


class Uploads:
    """Media ids of stored pictures, for one process."""

    def __init__(self, platform: Platform, folder: Path) -> None:
        self._platform = platform
        self._folder = folder
        self._known: dict[str, tuple[str, float]] = {}

    async def media_id(self, sha256: str) -> str:
        """Raises Unreachable while nothing was sent yet, whatever went wrong, and Refused without the file."""
        media_id, until = self._known.get(sha256, ("", 0.0))
        if time.monotonic() < until:
            return media_id
        content = await asyncio.to_thread(self._read, sha256)
        try:
            media_id = await self._platform.upload("image", f"{sha256[:12]}.jpg", content, "image/jpeg")
        except Unknown as fault:
            raise Unreachable(str(fault)) from fault
        self._remember(sha256, media_id)
        return media_id

    def knows(self, sha256: str) -> bool:
        return sha256 in self._known

    def forget(self, sha256: str) -> None:
        """The platform refused what we remembered."""
        self._known.pop(sha256, None)

    def _read(self, sha256: str) -> bytes:
        try:
            return media.path(self._folder, sha256).read_bytes()
        except (OSError, ValueError) as fault:
            raise Refused(40007, str(Reason.MEDIA)) from fault

    def _remember(self, sha256: str, media_id: str) -> None:
        if len(self._known) >= _MOST:
            self._known.pop(next(iter(self._known)))
        self._known[sha256] = (media_id, time.monotonic() + _GOOD_S)
