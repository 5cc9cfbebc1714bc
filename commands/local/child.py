"""One process that is kept alive: started, its lines passed on, started again when it dies, ended when asked."""

import asyncio
import contextlib
import os
import time
from collections import deque
from collections.abc import Callable, Mapping

from commands import StartError
from commands.local.patience import Patience, worked
from commands.local.program import Program
from commands.local.servers import last_words

FIRST_PAUSE = 0.2  # seconds before a dead process is started again; doubles each time
LONGEST_PAUSE = 15.0
STEADY = 60.0  # who ran so long begins with the first pause again
GRACE = 10.0  # seconds that a process has to end before it is killed
_LINES = 20


class Child:
    """`show` gets every line of a talkative child, and the last lines of a quiet one that died by itself."""

    def __init__(
        self,
        program: Program,
        show: Callable[[str, str], None],
        *,
        environment: Mapping[str, str],
        quiet: bool = False,
    ) -> None:
        self.program = program
        self._show = show
        self._environment = {**os.environ, **environment, "PYTHONUNBUFFERED": "1"}
        self.quiet = quiet
        self._lines: deque[str] = deque(maxlen=_LINES)
        self._process: asyncio.subprocess.Process | None = None
        self._reading: asyncio.Task[None] | None = None
        self._keeping: asyncio.Task[None] | None = None

    async def start(self, ready: Callable[[], bool]) -> None:
        """Start it, wait until it is ready, keep it alive from then on. Raises StartError with its own words.

        It may take as long as it works at it: learning anew on a busy machine takes minutes.
        """
        process = await self._spawn()
        patience = Patience(lambda: worked(process.pid))
        while not ready():
            if self._dead():
                raise StartError(await self._last_words())
            self._wait_on(patience)
            await asyncio.sleep(0.02)
        self._lines.clear()  # how it began is no news when it dies later
        self._keeping = asyncio.create_task(self._keep())

    def _wait_on(self, patience: Patience) -> None:
        name = self.program.name
        try:
            if patience.look():
                self._show(name, f"is still starting, after {patience.waited:.0f} seconds")
        except TimeoutError:
            raise StartError(f"{name} does not answer after {patience.waited:.0f} seconds.") from None

    async def once(self) -> None:
        """Run it to its end. Raises StartError with its own words when it fails."""
        await self._spawn()
        await self._wait()
        if self._failed():
            raise StartError(await self._last_words())

    async def end(self) -> None:
        """Ask it to end, kill it when it does not; afterwards nothing of it runs."""
        if self._keeping:
            self._keeping.cancel()
        if self._process and not self._dead():
            await self._stop(self._process)
        if self._reading:
            await self._reading

    async def _stop(self, process: asyncio.subprocess.Process) -> None:
        with contextlib.suppress(ProcessLookupError):  # it ended by itself this moment
            process.send_signal(self.program.stop)
        try:
            await asyncio.wait_for(process.wait(), GRACE)
        except TimeoutError:
            self._show(self.program.name, f"does not end within {GRACE:.0f} s and is killed")
            process.kill()
            await process.wait()

    async def _keep(self) -> None:
        pause = FIRST_PAUSE
        while True:
            began = time.monotonic()
            await self._wait()
            if time.monotonic() - began > STEADY:
                pause = FIRST_PAUSE
            self._report_death(pause)
            await asyncio.sleep(pause)
            pause = min(pause * 2, LONGEST_PAUSE)
            await self._spawn()

    async def _spawn(self) -> asyncio.subprocess.Process:
        self._lines.clear()
        process = self._process = await asyncio.create_subprocess_exec(
            *self.program.command(),
            cwd=self.program.folder,
            env=self._environment,
            stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.STDOUT,
            start_new_session=True,  # Ctrl-C reaches the supervisor alone, which ends all in order
        )
        assert process.stdout
        self._reading = asyncio.create_task(self._read(process.stdout))
        return process

    async def _read(self, stream: asyncio.StreamReader) -> None:
        while raw := await _line(stream):
            line = raw.decode("utf-8", "replace").rstrip()
            self._lines.append(line)
            if not self.quiet:
                self._show(self.program.name, line)

    async def _wait(self) -> None:
        assert self._process
        await self._process.wait()

    def _failed(self) -> bool:
        return self._process is not None and self._process.returncode != 0

    def _dead(self) -> bool:
        return self._process is not None and self._process.returncode is not None

    def _report_death(self, pause: float) -> None:
        assert self._process
        if self.quiet:
            for line in self._lines:
                self._show(self.program.name, line)
        self._show(
            self.program.name, f"ended with status {self._process.returncode}; starts again in {pause:g} s"
        )

    async def _last_words(self) -> str:
        """What it said before it ended: its own sentence when it refused, else its last line with its name."""
        assert self._process and self._reading
        await self._reading
        words = last_words("\n".join(self._lines))
        return (
            words
            if self._process.returncode == 2 and not self.quiet
            else f"{self.program.name} did not start: {words}"
        )


async def _line(stream: asyncio.StreamReader) -> bytes:
    """The next line; of one that is longer than the buffer, what the buffer holds."""
    try:
        return await stream.readuntil(b"\n")
    except asyncio.IncompleteReadError as end:
        return end.partial
    except asyncio.LimitOverrunError as long:
        return await stream.readexactly(long.consumed)
