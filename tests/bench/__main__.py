"""make bench: a full dialog turn beside the hand-written floor, on the same machine, in the same run.

Prints figures and ratios, and writes them as JSON. Nothing here decides pass or fail: machines differ, ratios less.
"""

import argparse
import asyncio
import contextlib
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import settings
from commands.embedded import home, postgres, redis
from commands.embedded.servers import Server, started
from models import database
from services import demo
from tests.bench import floor, people, pushes
from tests.bench.load import Run, run
from tests.conftest import free_port

Figures = dict[str, float]


@contextlib.contextmanager
def servers() -> Iterator[tuple[str, str]]:
    """PostgreSQL with fsync on, and Redis, for this run alone."""
    folder = Path(tempfile.mkdtemp(prefix="guanjia-bench-"))
    folder.chmod(0o711)
    place = home.prepare(folder)
    try:
        postgres.initialise(place)
        both = [
            Server(postgres.program(place), lambda: postgres.ready(place)),
            Server(redis.program(place), lambda: redis.ready(place)),
        ]
        with started(both):
            yield postgres.url(place), redis.url(place)
    finally:
        shutil.rmtree(place.data)
        shutil.rmtree(folder)


@contextlib.contextmanager
def serving(port: int, *command: str) -> Iterator[int]:
    """A server process that listens on the port; the value is its pid."""
    process = subprocess.Popen([sys.executable, *command], stdout=subprocess.DEVNULL)
    try:
        asyncio.run(_listening(port, process))
        yield process.pid
    finally:
        process.terminate()
        process.wait()


async def _listening(port: int, process: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + 60
    while process.poll() is None and time.monotonic() < deadline:
        with contextlib.suppress(OSError):
            _, writer = await asyncio.open_connection("127.0.0.1", port)
            writer.close()
            return
        await asyncio.sleep(0.05)
    raise SystemExit("a server of the bench did not start")


class Talks:
    """Hands out the next messages of everybody, each person a few words further every time."""

    def __init__(self, count: int) -> None:
        self._count = count
        self._said = 0

    def take(self, count: int) -> list[pushes.Request]:
        """The next `count` pushes, one person after another, so that talks of all lengths are mixed."""
        taken = []
        for number in range(self._said, self._said + count):
            person, turn = number % self._count, number // self._count
            stage = (turn + person) % len(people.TALK)
            taken.append(pushes.text(person, number, people.TALK[stage]))
        self._said += count
        return taken


def resident_mib(pid: int) -> float:
    pages = int(Path(f"/proc/{pid}/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 2**20


def measured(port: int, requests: list[pushes.Request], *, rate: float | None = None) -> Run:
    done = asyncio.run(run(port, requests, rate=rate))
    if done.failed:
        raise SystemExit(f"{done.failed} of {len(done.latencies)} requests failed")
    return done


def bench(arguments: argparse.Namespace, url: str, redis_url: str) -> Figures:
    figures: Figures = {}
    talks, size = Talks(arguments.people), arguments.turns
    web, bare = free_port(), free_port()
    os.environ |= {
        "GUANJIA_DATABASE__URL": url,
        "GUANJIA_REDIS__URL": redis_url,
        "GUANJIA_LOG__LEVEL": "warning",
    }
    with (
        serving(bare, "-m", "tests.bench.floor", url, str(bare)),
        serving(web, "run.py", "web", "--port", str(web)) as pid,
    ):
        measured(bare, talks.take(size // 4))
        measured(web, talks.take(arguments.people))  # everybody's first words; also the warm-up
        figures |= rates(talks, size, web, bare)
        figures |= latency(talks, size, web, figures["turns_per_s"])
        figures["resident_mib"] = resident_mib(pid)
        figures |= endurance(talks, arguments.long, web, pid)
        if arguments.grow:
            figures |= growth(talks, size, url, web)
    return figures


def rates(talks: Talks, size: int, web: int, bare: int) -> Figures:
    """Floor and product take turns, so that what else the machine does falls on both."""
    floors, turns, again = [], [], []
    for _ in range(3):
        floors.append(measured(bare, talks.take(size // 3)).rate)
        requests = talks.take(size // 3)
        turns.append(measured(web, requests).rate)
        again.append(measured(web, requests).rate)
    best = {"floor_per_s": max(floors), "turns_per_s": max(turns), "duplicates_per_s": max(again)}
    return best | {
        "turn_ratio": best["turns_per_s"] / best["floor_per_s"],
        "duplicate_ratio": best["duplicates_per_s"] / best["floor_per_s"],
    }


def latency(talks: Talks, size: int, web: int, rate: float) -> Figures:
    paced = measured(web, talks.take(size), rate=0.7 * rate)
    return {"p50_ms": paced.percentile(0.5) * 1000, "p99_ms": paced.percentile(0.99) * 1000}


def endurance(talks: Talks, turns: int, web: int, pid: int) -> Figures:
    if not turns:
        return {}
    first = resident_mib(pid)
    for _ in range(10):
        measured(web, talks.take(turns // 10))
    return {
        "long_turns": turns,
        "long_resident_mib": resident_mib(pid),
        "long_growth_mib": resident_mib(pid) - first,
    }


def growth(talks: Talks, size: int, url: str, web: int) -> Figures:
    before = max(measured(web, talks.take(size // 3)).rate for _ in range(3))
    counts = asyncio.run(people.grow(url))
    measured(web, talks.take(size // 3))
    after = max(measured(web, talks.take(size // 3)).rate for _ in range(3))
    return {
        **{f"rows_{name}": count for name, count in counts.items()},
        "slowdown_when_big": 1 - after / before,
    }


async def prepare(url: str, count: int) -> None:
    found = settings.load()
    there = found.model_copy(update={"database": found.database.model_copy(update={"url": url})})
    settings.use(there)
    await database.migrate(there)
    await database.open(there)
    await demo.load()
    await database.close()
    import asyncpg

    connection = await asyncpg.connect(url)
    await connection.execute(floor.TABLES)
    await connection.close()
    await people.settle(url, count)


def main() -> None:
    parser = argparse.ArgumentParser(prog="make bench", description=__doc__)
    parser.add_argument("--people", type=int, default=5000)
    parser.add_argument("--turns", type=int, default=15000, help="requests of each measurement")
    parser.add_argument(
        "--long", type=int, default=100_000, help="turns of the endurance run; 0 leaves it out"
    )
    parser.add_argument("--no-grow", dest="grow", action="store_false", help="leave out the big database")
    parser.add_argument("--json", type=Path, default=Path("bench.json"))
    arguments = parser.parse_args()
    with servers() as (url, redis_url):
        asyncio.run(prepare(url, arguments.people))
        figures = bench(arguments, url, redis_url)
    arguments.json.write_text(json.dumps(figures, indent=2) + "\n")
    for name, figure in figures.items():
        print(f"{name:22} {figure:12.3f}")


if __name__ == "__main__":
    main()
