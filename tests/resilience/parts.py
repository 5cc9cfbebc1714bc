"""One process of the installation: started, killed, ended, with what it wrote in a file."""

import asyncio
import os
import subprocess
import time
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from commands.local.program import Program

PATIENCE_S = 30.0
_LOOK_S = 0.03

Seen = TypeVar("Seen")


async def until(look: Callable[[], Awaitable[Seen]], what: str, *, within_s: float = PATIENCE_S) -> Seen:
    """What `look` sees once that is something. Fails with `what` and the last sight after the deadline."""
    deadline = time.monotonic() + within_s
    while not (seen := await look()):
        assert time.monotonic() < deadline, f"not within {within_s:g} s: {what}; last seen: {seen!r}"
        await asyncio.sleep(_LOOK_S)
    return seen


@dataclass(slots=True)
class Part:
    """`ready` is asked until it says so; it may raise OSError while the process is not there yet."""

    program: Program
    environment: Mapping[str, str]
    log: Path
    ready: Callable[[], bool]
    process: subprocess.Popen[bytes] | None = None
    _began: int = 0

    def begin(self) -> None:
        self._began = self.log.stat().st_size if self.log.exists() else 0
        with self.log.open("ab") as output:
            self.process = subprocess.Popen(
                self.program.command(),
                cwd=self.program.folder,
                env={**os.environ, **self.environment, "PYTHONUNBUFFERED": "1"},
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                start_new_session=True,
            )

    async def start(self) -> None:
        self.begin()
        await self.answering()

    async def answering(self) -> None:
        async def look() -> bool:
            assert self.alive, f"{self.program.name} ended: {self.words[-2000:]}"
            return self.ready()

        await until(look, f"{self.program.name} answers")

    @property
    def alive(self) -> bool:
        return self.process is not None and self.process.poll() is None

    @property
    def words(self) -> str:
        """What it wrote since it was started."""
        return self.log.read_bytes()[self._began :].decode("utf-8", "replace") if self.log.exists() else ""

    def said(self, words: str) -> bool:
        """Since it was started, or since the last `now_on`."""
        return words in self.words

    def now_on(self) -> None:
        """Forget what it said so far."""
        self._began = self.log.stat().st_size

    def kill(self) -> None:
        """kill -9; afterwards it is gone."""
        assert self.process
        self.process.kill()
        self.process.wait(10)

    def ask_to_end(self) -> None:
        if self.alive and self.process:
            self.process.send_signal(self.program.stop)

    def ended(self) -> int:
        """Wait for its end; the exit status. One that was never started ended well."""
        return self.process.wait(20) if self.process else 0
