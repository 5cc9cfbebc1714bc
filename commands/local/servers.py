"""The servers of one folder: which are needed, starting them for one command, using those of another."""

import contextlib
import os
import signal
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import settings as current
from commands import StartError
from commands.local import home, postgres, redis
from commands.local.home import Home
from commands.local.lock import only_one
from commands.local.patience import PATIENCE
from commands.local.program import Program
from settings import Settings


@dataclass(frozen=True, slots=True)
class Server:
    program: Program
    ready: Callable[[], bool]


def folder() -> Path:
    return current.root() / "var"


@contextlib.contextmanager
def reachable(settings: Settings) -> Iterator[Settings]:
    """The same settings with URLs that lead to running servers.

    Servers that the settings do not name are the embedded ones: those that another process of this folder is
    running, or ours, for as long as the context lasts.
    """
    if settings.database.url and settings.redis.url:
        yield settings
        return
    place = home.prepare(folder())
    found = with_urls(settings, place)
    current.use(found)
    with only_one(folder()) as alone:
        wanted = needed(settings, place)
        with started(prepared(place, wanted)) if alone else _others(wanted):
            yield found


def with_urls(settings: Settings, place: Home) -> Settings:
    database = settings.database.model_copy(update={"url": settings.database.url or postgres.url(place)})
    cache = settings.redis.model_copy(update={"url": settings.redis.url or redis.url(place)})
    return settings.model_copy(update={"database": database, "redis": cache})


def needed(settings: Settings, place: Home) -> list[Server]:
    """The embedded servers that these settings leave to us."""
    both = [
        (settings.database.url, Server(postgres.program(place), lambda: postgres.ready(place))),
        (settings.redis.url, Server(redis.program(place), lambda: redis.ready(place))),
    ]
    return [server for url, server in both if not url]


def prepared(place: Home, servers: Sequence[Server]) -> Sequence[Server]:
    """Make what they need, and end what an earlier run left of them; the caller holds the lock."""
    if any(server.program.name == postgres.NAME_OF_PROGRAM for server in servers):
        postgres.initialise(place)
        _end_left_over(place)
    redis.end_left_over(place)
    return servers


def _end_left_over(place: Home) -> None:
    pid = postgres.left_over(place)
    if pid is not None:
        os.kill(pid, signal.SIGINT)
        wait_until(
            lambda: postgres.left_over(place) is None, "an earlier PostgreSQL of this folder does not end"
        )


@contextlib.contextmanager
def started(servers: Sequence[Server]) -> Iterator[None]:
    """Run them for as long as the context lasts. Raises StartError with their own words when one cannot."""
    running: list[tuple[Server, subprocess.Popen[bytes]]] = []
    with tempfile.TemporaryFile() as words:
        try:
            for server in servers:
                running.append((server, _start(server.program, words.fileno())))
            for server, process in running:
                _await(server, process, words.fileno())
            yield
        finally:
            for server, process in running:
                process.send_signal(server.program.stop)
            for _, process in running:
                process.wait()


@contextlib.contextmanager
def _others(servers: Sequence[Server]) -> Iterator[None]:
    """Wait until the process that holds the folder has them running."""
    for server in servers:
        wait_until(server.ready, f"another process runs here, but its {server.program.name} does not answer")
    yield


def _start(program: Program, output: int) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        program.command(),
        cwd="/",
        stdin=subprocess.DEVNULL,
        stdout=output,
        stderr=output,
        start_new_session=True,
    )


def _await(server: Server, process: subprocess.Popen[bytes], output: int) -> None:
    wait_until(lambda: server.ready() or process.poll() is not None, f"{server.program.name} does not answer")
    if process.poll() is not None:
        os.lseek(output, 0, os.SEEK_SET)
        raise StartError(
            f"{server.program.name} did not start: {last_words(os.read(output, 100_000).decode())}"
        )


def last_words(output: str) -> str:
    """The line in which a server said why it ended."""
    lines = output.strip().splitlines() or ["it said nothing"]
    return next((line for line in reversed(lines) if "FATAL" in line or "PANIC" in line), lines[-1])


def wait_until(happened: Callable[[], bool], otherwise: str, *, seconds: float = PATIENCE) -> None:
    deadline = time.monotonic() + seconds
    while not happened():
        if time.monotonic() > deadline:
            raise StartError(f"After {seconds:.0f} seconds {otherwise}.")
        time.sleep(0.01)
