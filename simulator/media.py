"""Files that people and the account send: kept three days, or for ever as material."""

import secrets
from dataclasses import dataclass
from pathlib import Path

from simulator.clock import Clock
from simulator.config import Config
from simulator.errors import ApiError

_TYPES = {
    b"\xff\xd8\xff": "image/jpeg",
    b"\x89PNG\r\n\x1a\n": "image/png",
    b"GIF8": "image/gif",
    b"BM": "image/bmp",
    b"#!AMR": "audio/amr",
    b"ID3": "audio/mpeg",
}
_ENDINGS = {
    "image/jpeg": "jpg",
    "image/png": "png",
    "image/gif": "gif",
    "image/bmp": "bmp",
    "audio/amr": "amr",
    "audio/mpeg": "mp3",
    "video/mp4": "mp4",
}


@dataclass(frozen=True, slots=True)
class Medium:
    """`ends` is in simulated time and None for material; `path` is None while the bytes are kept in memory."""

    id: str
    kind: str
    content_type: str
    created: float
    ends: float | None
    name: str
    path: Path | None
    held: bytes = b""

    @property
    def filename(self) -> str:
        return f"{self.id}.{_ENDINGS.get(self.content_type, 'bin')}"

    def content(self) -> bytes:
        return self.path.read_bytes() if self.path else self.held


def sniff(content: bytes) -> str:
    """The content type by the first bytes."""
    if content[4:8] == b"ftyp":
        return "video/mp4"
    if content[:4] == b"RIFF" and content[8:12] == b"WEBP":
        return "image/webp"
    found = (kind for magic, kind in _TYPES.items() if content.startswith(magic))
    return next(found, "application/octet-stream")


class MediaStore:
    def __init__(self, config: Config, clock: Clock) -> None:
        self._life = config.media_life
        self._clock = clock
        self._folder = config.state_dir / "media" if config.state_dir else None
        self.all: dict[str, Medium] = {}

    def keep(self, content: bytes, *, kind: str, name: str = "", for_ever: bool = False) -> Medium:
        media_id = secrets.token_urlsafe(48)
        now = self._clock.now()
        medium = Medium(
            id=media_id,
            kind=kind,
            content_type=sniff(content),
            created=now,
            ends=None if for_ever else now + self._life,
            name=name,
            path=self._write(media_id, content),
            held=b"" if self._folder else content,
        )
        self.all[media_id] = medium
        return medium

    def get(self, media_id: str) -> Medium:
        """The medium; 40007 if there is none or its days are over."""
        medium = self.all.get(media_id)
        if medium is None or (medium.ends is not None and medium.ends <= self._clock.now()):
            raise ApiError(40007)
        return medium

    def drop(self, media_id: str) -> None:
        medium = self.all.pop(media_id, None)
        if medium is None:
            raise ApiError(40007)
        if medium.path:
            medium.path.unlink(missing_ok=True)

    def _write(self, media_id: str, content: bytes) -> Path | None:
        if self._folder is None:
            return None
        self._folder.mkdir(parents=True, exist_ok=True)
        path = self._folder / media_id
        path.write_bytes(content)
        return path
