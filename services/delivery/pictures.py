"""The process that opens people's pictures: limited in memory and time, replaced when it dies."""

import asyncio
import logging
import sys
from dataclasses import dataclass
from pathlib import Path

import orjson

from services.delivery.picture import UNREADABLE, BadPicture

log = logging.getLogger(__name__)

_LONGEST_S = 20.0
_PROGRAM = Path(__file__).with_name("picture.py")


@dataclass(frozen=True, slots=True)
class Jpeg:
    content: bytes
    width: int
    height: int


class Pictures:
    """One child process; pictures go through it one after another."""

    def __init__(self, megapixels: int, longest_s: float = _LONGEST_S) -> None:
        self._megapixels = megapixels
        self._longest_s = longest_s
        self._turn = asyncio.Lock()
        self._child: asyncio.subprocess.Process | None = None

    async def clean(self, content: bytes) -> Jpeg:
        """Raises BadPicture, also for one that took the process down or too long."""
        async with self._turn:
            child = await self._running()
            try:
                async with asyncio.timeout(self._longest_s):
                    return await self._ask(child, content)
            except (TimeoutError, OSError, asyncio.IncompleteReadError, asyncio.LimitOverrunError) as fault:
                log.warning("picture process lost: %r", fault)
                await self._end()
                raise BadPicture(UNREADABLE) from fault
            except asyncio.CancelledError:
                await self._end()  # its answer would be taken for the next picture's
                raise

    async def close(self) -> None:
        async with self._turn:
            await self._end()

    async def _running(self) -> asyncio.subprocess.Process:
        if self._child is None or self._child.returncode is not None:
            self._child = await asyncio.create_subprocess_exec(
                sys.executable,
                "-I",
                str(_PROGRAM),
                stdin=asyncio.subprocess.PIPE,
                stdout=asyncio.subprocess.PIPE,
                stderr=asyncio.subprocess.DEVNULL,
                env={},
            )
        return self._child

    async def _ask(self, child: asyncio.subprocess.Process, content: bytes) -> Jpeg:
        assert child.stdin
        assert child.stdout
        child.stdin.write(
            orjson.dumps({"size": len(content), "megapixels": self._megapixels}) + b"\n" + content
        )
        await child.stdin.drain()
        line = await child.stdout.readline()
        if not line:
            raise asyncio.IncompleteReadError(line, None)
        header = orjson.loads(line)
        if "error" in header:
            raise BadPicture(header["error"])
        jpeg = await child.stdout.readexactly(header["size"])
        return Jpeg(jpeg, header["width"], header["height"])

    async def _end(self) -> None:
        child, self._child = self._child, None
        if child is not None and child.returncode is None:
            child.kill()
        if child is not None:
            await child.wait()
