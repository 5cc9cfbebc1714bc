"""Voice messages as MP3, each in a process that is limited in memory and time; as they came where that fails."""

import asyncio
import logging
import sys
from pathlib import Path

from services.delivery.voice import NO_LIBRARY, container

log = logging.getLogger(__name__)

MP3 = "audio/mpeg"
_LONGEST_S = 20.0
_PROGRAM = Path(__file__).with_name("voice.py")


class Voices:
    """`there` ends with the first voice when the library is not installed: it is not looked for again and again."""

    def __init__(self, longest_s: float = _LONGEST_S) -> None:
        self.there = True
        self._longest_s = longest_s
        self._turn = asyncio.Lock()

    async def mp3(self, content: bytes) -> bytes | None:
        """None when it stays as it came: it needs no change, cannot be read, or there is no library."""
        if not self.there or not container(content):
            return None
        async with self._turn:
            return await self._made(content)

    async def _made(self, content: bytes) -> bytes | None:
        pipe = asyncio.subprocess.PIPE
        child = await asyncio.create_subprocess_exec(
            sys.executable,
            "-I",
            str(_PROGRAM),
            stdin=pipe,
            stdout=pipe,
            stderr=asyncio.subprocess.DEVNULL,
            env={},
        )
        try:
            async with asyncio.timeout(self._longest_s):
                made, _ = await child.communicate(content)
        except TimeoutError:
            log.warning("a voice of %d bytes took too long", len(content))
            return None
        finally:
            if child.returncode is None:
                child.kill()
                await child.wait()
        return self._judged(child.returncode, made)

    def _judged(self, code: int | None, made: bytes) -> bytes | None:
        if code == NO_LIBRARY:
            self.there = False
            log.warning("voices stay as they come: PyAV is not installed (requirements-voice.txt)")
        elif code != 0:
            log.warning("a voice could not be read")
        return made if code == 0 and made else None
