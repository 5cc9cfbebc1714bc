"""Folders for the servers of tests: in memory where there is room, for a run makes and removes thousands of files."""

import contextlib
import fcntl
import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

_MEMORY = Path("/dev/shm")
_ROOM = 4 << 30  # bytes; all folders of a run together keep a quarter of it
_OURS = "guanjia-"


@contextlib.contextmanager
def made(kind: str) -> Iterator[Path]:
    """A new one, for as long as the context lasts."""
    with contextlib.ExitStack() as held:
        folder = _made(kind, held)
        folder.chmod(0o711)  # the account that serves in place of root passes through
        try:
            yield folder
        finally:
            shutil.rmtree(folder)


def _made(kind: str, held: contextlib.ExitStack) -> Path:
    """Known as ours for as long as this process lives: what a killed one left would keep the memory."""
    prefix = f"{_OURS}{kind}-"
    if not (_MEMORY.is_dir() and shutil.disk_usage(_MEMORY).free > _ROOM):
        return Path(tempfile.mkdtemp(prefix=prefix))
    with _locked(_MEMORY):  # else one that was just made would look like one that was left
        for left in _MEMORY.glob(f"{_OURS}*"):
            _remove_if_left(left)
        folder = Path(tempfile.mkdtemp(prefix=prefix, dir=_MEMORY))
        held.enter_context(_locked(folder))
    return folder


def _remove_if_left(folder: Path) -> None:
    if folder.stat().st_uid != os.getuid():
        return
    with contextlib.suppress(BlockingIOError), _locked(folder, wait=False):  # somebody's tests run in it
        shutil.rmtree(folder)


@contextlib.contextmanager
def _locked(folder: Path, *, wait: bool = True) -> Iterator[None]:
    """The system frees it however this process ends."""
    opened = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(opened, fcntl.LOCK_EX if wait else fcntl.LOCK_EX | fcntl.LOCK_NB)
        yield
    finally:
        os.close(opened)
