"""The photos of a backup: unpacked beside the others, checked, and put in their places at the end."""

import contextlib
import hashlib
import os
import re
import shutil
import tarfile
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath

from commands import StartError
from commands.archive.writing import MEDIA

_HASHED = re.compile(r"([0-9a-f]{2})/([0-9a-f]{62})")


@dataclass(slots=True)
class Beside:
    """`folder` lies on the same disk as the photos in `media`, so that a photo is moved there in one step."""

    folder: Path
    media: Path
    _unpacked: list[str] = field(default_factory=list)

    def unpack(self, tar: tarfile.TarFile) -> list[str]:
        """Write every photo that is not there already; the names of those that are not what their names say."""
        damaged = []
        for member in tar.getmembers():
            path = PurePosixPath(member.name)
            if not member.isfile() or path.parts[0] != MEDIA or ".." in path.parts:
                continue
            name = str(PurePosixPath(*path.parts[1:]))
            if is_whole(self.media / name, name, member.size):
                continue
            copy_out(tar, member, self.folder / name)
            if is_whole(self.folder / name, name, member.size):
                self._unpacked.append(name)
            else:
                damaged.append(name)
        return damaged

    def settle(self) -> None:
        for name in self._unpacked:
            target = self.media / name
            _private(target.parent)
            (self.folder / name).replace(target)


@contextlib.contextmanager
def beside(media: Path) -> Iterator[Beside]:
    """Nothing of it stays but what was settled."""
    _private(media)
    with tempfile.TemporaryDirectory(prefix=".restore-", dir=media) as folder:
        yield Beside(Path(folder), media)


def is_whole(file: Path, name: str, size: int) -> bool:
    """Photos are named by their content; of anything else only the length can be looked at."""
    if not file.is_file() or file.stat().st_size != size:
        return False
    hashed = _HASHED.fullmatch(name)
    if hashed is None:
        return True
    with file.open("rb") as content:
        return hashlib.file_digest(content, "sha256").hexdigest() == "".join(hashed.groups())


def copy_out(tar: tarfile.TarFile, member: tarfile.TarInfo, target: Path) -> None:
    """By hand: the safe filter of `extract` came only with Python 3.11.4. Its owner alone reads the copy."""
    source = tar.extractfile(member)
    if source is None:
        raise StartError(f"{member.name} in the backup is not a file.")
    _private(target.parent)
    with source, os.fdopen(os.open(target, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as copy:
        shutil.copyfileobj(source, copy)
        copy.flush()
        os.fsync(copy.fileno())


def _private(folder: Path) -> None:
    """Folders that are made are ours alone; those that are there stay as they are."""
    if not folder.is_dir():
        _private(folder.parent)
        folder.mkdir(mode=0o700, exist_ok=True)
