"""make bench: a full dialog turn beside the hand-written floor, on the same machine, in the same run.

Prints figures and ratios as it gets them, and writes them as JSON. Nothing here decides pass or fail: machines
differ, ratios less. Floor and product take turns in short rounds, so that what else a machine does falls on both;
a figure is the median of its rounds.
"""

import argparse
import asyncio
import contextlib
import itertools
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from statistics import median

import settings
from commands.local import home, postgres, redis
from commands.local.servers import Server, started
from models import database
from services.demo import loading
from tests.bench import crew, delivery, desks, floor, mix, people, pushes, search
from tests.bench.load import Run, run
from tests.conftest import free_port

ROUNDS = 5
PACE = 0.7  # of the throughput of the same round: the load at which answers are timed

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
    """Hands out what everybody says next; messages are numbered, so that no push is given twice."""

    def __init__(self, count: int) -> None:
        self._people = range(count)
        self._numbers = itertools.count()
        self._next = itertools.cycle(self._people)

    def all_say(self, words: str) -> list[pushes.Request]:
        return [pushes.text(person, next(self._numbers), words) for person in self._people]

    def answers(self, count: int) -> list[pushes.Request]:
        """The next `count` answers, one person after another, in the middle of their reports."""
        return [self._answer(next(self._next), next(self._numbers)) for _ in range(count)]

    def _answer(self, person: int, number: int) -> pushes.Request:
        turn = number // len(self._people) + person
        return pushes.text(person, number, people.answer(person, turn))

    def reports(self, fault: str) -> list[pushes.Request]:
        """A whole report of everybody: the fault, the time."""
        return [one for words in (fault, people.answer(0, 0)) for one in self.all_say(words)]


def mixed(arguments: argparse.Namespace, web: int, bare: int) -> Figures:
    """Every sort of message beside the floor."""

    def send(is_floor: bool, requests: list[pushes.Request]) -> float:
        return measured(bare if is_floor else web, requests).rate

    figures: Figures = {}
    for name, ratio in mix.played(mix.Cast(arguments.people, arguments.mix), send):
        figures |= told({f"{name}, of the floor": ratio})
    return figures


def open_desks(arguments: argparse.Namespace, talks: Talks, web: int, pid: int, url: str) -> Figures:
    """So many desks with live streams while residents write steadily, and the turn's throughput beside them."""
    if not arguments.desks:
        return {}
    clerks = asyncio.run(desks.engage(url, arguments.desks))
    size = arguments.turns // ROUNDS
    without = [measured(web, talks.answers(size)).rate for _ in range(2)]
    figures = asyncio.run(_desks(arguments, talks, web, url, clerks))
    without.append(measured(web, talks.answers(size)).rate)
    ratio = figures.pop("desks_turns_per_s") / median(without)
    return figures | {"desks_turn_ratio": ratio, "desks_resident_mib": resident_mib(pid)}


async def _desks(
    arguments: argparse.Namespace, talks: Talks, web: int, url: str, clerks: list[tuple[str, int]]
) -> Figures:
    of = await desks.talks(url)
    pushed = talks.answers(arguments.desk_rate * arguments.desk_seconds)
    async with desks.opened(web, clerks, of) as told:
        seconds = await desks.push(web, pushed, arguments.desk_rate, of)
        expected = len(pushed) * len(clerks)
        await desks.all_told(told, expected)
        figures = {
            "desks": len(clerks),
            "desks_pushes_per_s": len(pushed) / seconds,
            "desks_p50_ms": desks.percentile(told.delays, 0.5) * 1000,
            "desks_p99_ms": desks.percentile(told.delays, 0.99) * 1000,
            "desks_lost": expected - len(told.delays),
            "desks_without_rows": told.whole,
            "desks_reads_per_s": len(told.reads) / seconds,
            "desks_read_p50_ms": desks.percentile(told.reads, 0.5) * 1000,
            "desks_refused": told.refused,
        }
        rates = [(await run(web, talks.answers(arguments.turns // ROUNDS))).rate for _ in range(3)]
        return figures | {"desks_turns_per_s": median(rates)}


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
    if arguments.letters:
        figures |= told(asyncio.run(delivery.measured(url, waiting=arguments.letters)))
    with (
        serving(bare, "-m", "tests.bench.floor", url, str(bare)),
        serving(web, "run.py", "web", "--port", str(web)) as pid,
    ):
        faults = iter(people.FAULTS)
        measured(web, talks.all_say(people.BEGIN))  # everybody's report begins; also the warm-up
        measured(web, talks.all_say(next(faults)))
        figures |= told(rounds(talks, size, web, bare))
        figures |= told(endurance(talks, arguments.long, web, pid))
        figures |= told({"resident_mib": resident_mib(pid)})
        measured(web, talks.all_say(people.DONE))
        figures |= told(open_desks(arguments, talks, web, pid, url))
        if arguments.mix:
            figures |= mixed(arguments, web, bare)
        figures |= told(whole_reports(talks, web, next(faults), figures["floor_per_s"], url))
        if arguments.grow:
            measured(web, talks.all_say(people.BEGIN))
            measured(web, talks.all_say(next(faults)))
            figures |= told(growth(talks, size, url, web))
            figures |= told(searches(talks, size, url, web))
    return figures


def told(figures: Figures) -> Figures:
    """Print at once: what comes later may fail, and what was measured was measured."""
    for name, figure in figures.items():
        print(f"{name:40} {figure:12.3f}", flush=True)
    return figures


@dataclass(frozen=True, slots=True)
class Round:
    """Runs close together in time: as fast as answers come, then paced."""

    floor: Run
    turns: Run
    again: Run
    paced: Run
    floor_paced: Run


def one_round(talks: Talks, size: int, web: int, bare: int) -> Round:
    requests = talks.answers(size)
    floor, turns, again = measured(bare, requests), measured(web, requests), measured(web, requests)
    paced = measured(web, talks.answers(size), rate=PACE * turns.rate)
    return Round(floor, turns, again, paced, measured(bare, talks.answers(size), rate=PACE * floor.rate))


def rounds(talks: Talks, size: int, web: int, bare: int) -> Figures:
    done = [one_round(talks, size // ROUNDS, web, bare) for _ in range(ROUNDS)]
    return {
        "floor_per_s": median(one.floor.rate for one in done),
        "turns_per_s": median(one.turns.rate for one in done),
        "duplicates_per_s": median(one.again.rate for one in done),
        "turn_ratio": median(one.turns.rate / one.floor.rate for one in done),
        "duplicate_ratio": median(one.again.rate / one.floor.rate for one in done),
        "paced_per_s": median(one.paced.rate for one in done),
        "p50_ms": median(one.paced.percentile(0.5) for one in done) * 1000,
        "p99_ms": median(one.paced.percentile(0.99) for one in done) * 1000,
        "p99_worst_ms": max(one.paced.percentile(0.99) for one in done) * 1000,
        "floor_p99_ms": median(one.floor_paced.percentile(0.99) for one in done) * 1000,
        "floor_p99_worst_ms": max(one.floor_paced.percentile(0.99) for one in done) * 1000,
    }


def endurance(talks: Talks, turns: int, web: int, pid: int) -> Figures:
    if not turns:
        return {}
    sizes = [resident_mib(pid)]
    for _ in range(10):
        measured(web, talks.answers(turns // 10))
        sizes.append(resident_mib(pid))
    return {
        "long_turns": turns,
        "long_growth_mib": sizes[-1] - sizes[0],
        "second_half_mib": sizes[-1] - sizes[5],
    }


def whole_reports(talks: Talks, web: int, fault: str, floor_rate: float, url: str) -> Figures:
    """From the first words to the ticket, every service call included."""
    before = asyncio.run(people.tickets(url))
    rate = measured(web, talks.reports(fault)).rate
    made = asyncio.run(people.tickets(url)) - before
    return {"report_turns_per_s": rate, "report_ratio": rate / floor_rate, "tickets_made": made}


def growth(talks: Talks, size: int, url: str, web: int) -> Figures:
    before = median(measured(web, talks.answers(size // ROUNDS)).rate for _ in range(ROUNDS))
    counts = asyncio.run(people.grow(url))
    measured(web, talks.answers(size // 3))
    after = median(measured(web, talks.answers(size // ROUNDS)).rate for _ in range(ROUNDS))
    return {
        **{f"rows_{name}": count for name, count in counts.items()},
        "slowdown_when_big": 1 - after / before,
    }


def searches(talks: Talks, size: int, url: str, web: int) -> Figures:
    """The search among all that was said, and turns beside two clerks who search without a pause."""
    asyncio.run(search.index(url))
    figures = asyncio.run(search.asked(search.at(url)))
    cookie = asyncio.run(search.signed_in(search.at(url)))
    without = median(measured(web, talks.answers(size // ROUNDS)).rate for _ in range(3))

    async def beside() -> Figures:
        async with search.pages(web, cookie) as spans:
            rates = [(await run(web, talks.answers(size // ROUNDS))).rate for _ in range(3)]
        return {"turns_beside_searches": median(rates) / without, "search_page_p50_ms": median(spans) * 1000}

    return figures | asyncio.run(beside())


async def prepare(url: str, count: int, sample: int = 0) -> None:
    """The demo's estate, `count` residents for the rounds, and people for a mix of `sample` a sort."""
    found = settings.load()
    there = found.model_copy(update={"database": found.database.model_copy(update={"url": url})})
    settings.use(there)
    await database.migrate(there)
    await database.open(there)
    await loading.load()
    await crew.engage(mix.technicians(sample))
    await database.close()
    import asyncpg

    connection = await asyncpg.connect(url)
    await connection.execute(floor.TABLES)
    await connection.close()
    await people.settle(url, count + mix.residents(sample), others=mix.others(sample))


def main() -> None:
    parser = argparse.ArgumentParser(prog="make bench", description=__doc__)
    parser.add_argument("--people", type=int, default=5000)
    parser.add_argument("--turns", type=int, default=15000, help="requests of each measurement")
    parser.add_argument(
        "--long", type=int, default=100_000, help="turns of the endurance run; 0 leaves it out"
    )
    parser.add_argument(
        "--mix", type=int, default=300, help="people for each sort of message; 0 leaves it out"
    )
    parser.add_argument("--desks", type=int, default=200, help="open desks; 0 leaves them out")
    parser.add_argument("--desk-seconds", type=int, default=300, help="how long residents write to them")
    parser.add_argument("--desk-rate", type=int, default=100, help="messages a second meanwhile")
    parser.add_argument(
        "--letters", type=int, default=delivery.WAITING, help="messages that a worker sends; 0 leaves it out"
    )
    parser.add_argument("--no-grow", dest="grow", action="store_false", help="leave out the big database")
    parser.add_argument("--json", type=Path, default=Path("bench.json"))
    arguments = parser.parse_args()
    with servers() as (url, redis_url):
        asyncio.run(prepare(url, arguments.people, arguments.mix))
        figures = bench(arguments, url, redis_url)
    arguments.json.write_text(json.dumps(figures, indent=2) + "\n")


if __name__ == "__main__":
    main()
