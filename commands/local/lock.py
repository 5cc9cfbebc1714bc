"""One process at a time may run the embedded servers of a folder."""

import contextlib
import fcntl
import os
from collections.abc import Iterator
from pathlib import Path


@contextlib.contextmanager
def only_one(var: Path) -> Iterator[bool]:
    """True inside when no other process holds the folder; the system frees it however this one ends."""
    var.mkdir(parents=True, exist_ok=True)
    with (var / "run.lock").open("a+") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            yield False
            return
        file.truncate(0)
        file.write(str(os.getpid()))
        file.flush()
        yield True


def holder(var: Path) -> str:
    """The process id of who holds the folder."""
    return (var / "run.lock").read_text("utf-8")
