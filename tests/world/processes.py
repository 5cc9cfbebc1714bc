"""Processes of the product as children of a test, on its settings, and one address before several of them."""

import asyncio
import contextlib
import sys
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from settings import Settings

_PROGRAM = """
import sys
import settings
from {module} import {function}
read = settings.Settings.model_validate_json(sys.stdin.read())
settings.use(read)
{function}({arguments})
"""
_CHUNK = 65536


@contextlib.asynccontextmanager
async def worker(settings: Settings) -> AsyncIterator[asyncio.subprocess.Process]:
    async with _child(
        settings, _PROGRAM.format(module="workers.main", function="run", arguments="read")
    ) as own:
        yield own


@contextlib.asynccontextmanager
async def web(settings: Settings, port: int) -> AsyncIterator[asyncio.subprocess.Process]:
    """It listens when this begins."""
    program = _PROGRAM.format(module="commands.web", function="serve", arguments=f"read, {port}")
    async with _child(settings, program) as own:
        while not await _listens(port):
            assert own.returncode is None
            await asyncio.sleep(0.1)
        yield own


@contextlib.asynccontextmanager
async def _child(settings: Settings, program: str) -> AsyncIterator[asyncio.subprocess.Process]:
    root = Path(__file__).parents[2]
    child = await asyncio.create_subprocess_exec(
        sys.executable, "-c", program, stdin=asyncio.subprocess.PIPE, cwd=root
    )
    assert child.stdin
    child.stdin.write(settings.model_dump_json().encode())
    child.stdin.close()
    try:
        yield child
    finally:
        if child.returncode is None:
            child.kill()
        await child.wait()


async def _listens(port: int) -> bool:
    try:
        _, writer = await asyncio.open_connection("127.0.0.1", port)
    except OSError:
        return False
    writer.close()
    return True


@dataclass(slots=True)
class Gate:
    """Passes each connection on to the first of the ports at which somebody listens, as a proxy does."""

    ports: Sequence[int]
    passed: dict[int, int] = field(default_factory=dict)  # connections by port

    @contextlib.asynccontextmanager
    async def opened(self) -> AsyncIterator[str]:
        """Its address."""
        server = await asyncio.start_server(self._pass, "127.0.0.1", 0)
        try:
            yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
        finally:
            server.close()

    async def _pass(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        for port in self.ports:
            try:
                behind = await asyncio.open_connection("127.0.0.1", port)
            except ConnectionError:
                continue
            self.passed[port] = self.passed.get(port, 0) + 1
            await asyncio.gather(_pump(reader, behind[1]), _pump(behind[0], writer))
            return
        writer.close()


async def _pump(source: asyncio.StreamReader, goal: asyncio.StreamWriter) -> None:
    """Until one of the two ends."""
    with contextlib.suppress(ConnectionError):
        while part := await source.read(_CHUNK):
            goal.write(part)
            await goal.drain()
    goal.close()
