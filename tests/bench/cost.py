"""What each sort of the mix costs, counted rather than timed: `python -m tests.bench.cost`, or with --sql, --calls.

A shared machine changes its speed by half within minutes; how many statements and calls of functions a turn takes
does not change at all. Milliseconds of the processor stand beside them, of this process and of PostgreSQL. It all
runs in one process without HTTP, one message after the other, with nobody to wake; the floor is counted likewise.
"""

import argparse
import asyncio
import cProfile
import gc
import os
import pstats
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path
from statistics import mean
from urllib.parse import parse_qsl, urlsplit

import asyncpg
from aiohttp import web
from multidict import MultiDict
from tortoise import connections

import settings
from handlers.app import create_app
from handlers.callback import PIPELINE
from tests.bench import floor, mix, pushes
from tests.bench.__main__ import prepare, servers
from wechat.callback import Callback

Take = Callable[[pushes.Request], Awaitable[object]]

_WARM, _COUNTED = 2, 8  # people of a sort who are not counted, and who are; the others are timed
_MOST = 45  # functions that --calls shows


@dataclass(frozen=True, slots=True)
class Cost:
    """Of one message."""

    statements: float
    calls: float
    here_ms: float
    there_ms: float

    def __str__(self) -> str:
        return f"{self.statements:10.1f} {self.calls:8.0f} {self.here_ms:8.2f} {self.there_ms:8.2f}"


class Counter:
    """Counts what requests cost, on every connection of a pool."""

    def __init__(self, pool: asyncpg.Pool, take: Take) -> None:
        self._pool, self._take = pool, take
        self._pids: set[int] = set()
        self._heard: list[str] = []
        self.sql: list[str] = []  # of those that were counted
        self.profile = cProfile.Profile()

    async def cost(self, requests: list[pushes.Request]) -> Cost:
        for request in requests[:_WARM]:
            await self._take(request)
        calls = await self._calls(requests[_WARM : _WARM + _COUNTED])
        self.sql, self._heard = self._heard, []
        times = [await self._times(request) for request in requests[_WARM + _COUNTED :]]
        here, there = zip(*times, strict=True)
        return Cost(len(self.sql) / _COUNTED, calls / _COUNTED, _undisturbed(here), _undisturbed(there))

    async def _calls(self, requests: list[pushes.Request]) -> int:
        self._listen()
        self._heard = []
        self.profile = cProfile.Profile()
        for request in requests:
            self.profile.enable()
            await self._take(request)
            self.profile.disable()
        return sum(one.callcount for one in self.profile.getstats() if not isinstance(one.code, str))

    async def _times(self, request: pushes.Request) -> tuple[float, float]:
        here, there = time.process_time_ns(), self._spent()
        await self._take(request)
        return (time.process_time_ns() - here) / 1e6, (self._spent() - there) / 1e6

    def _listen(self) -> None:
        for holder in self._pool._holders:
            if holder._con and holder._con.get_server_pid() not in self._pids:
                self._pids.add(holder._con.get_server_pid())
                holder._con.add_query_logger(lambda record: self._heard.append(record.query))

    def _spent(self) -> int:
        return sum(int(Path(f"/proc/{pid}/schedstat").read_text().split()[0]) for pid in self._pids)


def _undisturbed(times: tuple[float, ...]) -> float:
    """The mean of the quicker half."""
    return mean(sorted(times)[: max(len(times) // 2, 1)])


def parts(request: pushes.Request) -> tuple[MultiDict[str], bytes]:
    """Query and body of a prepared request."""
    head, _, body = request.wire.partition(b"\r\n\r\n")
    return MultiDict(parse_qsl(urlsplit(head.split(b" ", 2)[1].decode()).query)), body


async def of_product(arguments: argparse.Namespace) -> None:
    found = settings.load()
    app = create_app(found)
    runner = web.AppRunner(app)
    await runner.setup()
    account = found.wechat
    pipeline = app[PIPELINE]
    pipeline._wake = lambda names: None  # type: ignore[attr-defined]  # workers are not what is counted
    callback = Callback(token=account.token, app_id=account.app_id, encoding_aes_key=account.encoding_aes_key)

    async def take(request: pushes.Request) -> None:
        push = callback.receive(*parts(request))
        callback.answer(push, (await pipeline.handle(push.inbound)).reply)

    counter, cast = Counter(connections.get("default")._pool, take), mix.Cast(0, arguments.people)
    costs = []
    for sort in mix.SORTS:
        persons = cast.of(sort.who)
        if not any(word in sort.name for word in arguments.only):
            continue
        for words in sort.before:
            for request in cast.say(persons, words):
                await take(request)
        costs.append(await counter.cost(cast.say(persons, sort.words)))
        print(f"{sort.name:32} {costs[-1]}", flush=True)
        _explain(counter, arguments)
    columns = [(one.statements, one.calls, one.here_ms, one.there_ms) for one in costs]
    print(f"{'mean':32} {Cost(*map(mean, zip(*columns, strict=True)))}")
    await runner.cleanup()


def _explain(counter: Counter, arguments: argparse.Namespace) -> None:
    if arguments.sql:
        for one in counter.sql[: len(counter.sql) // _COUNTED + 1]:
            print("    ", " ".join(one.split())[:200])
    if arguments.calls:
        pstats.Stats(counter.profile).strip_dirs().sort_stats("ncalls").print_stats(_MOST)


async def of_floor(url: str, count: int) -> None:
    async with asyncpg.create_pool(url, min_size=1, max_size=1) as pool:
        under = floor.Floor(pool)
        requests = [pushes.text(0, 900_000 + number, "你好") for number in range(count)]
        cost = await Counter(pool, lambda request: under.answer(*parts(request))).cost(requests)
        print(f"{'the floor':32} {cost}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--people", type=int, default=30, help="people of each sort")
    parser.add_argument("--only", nargs="+", default=[""], help="parts of the names of sorts")
    parser.add_argument("--sql", action="store_true", help="show the statements of one message")
    parser.add_argument(
        "--calls", action="store_true", help="show what is called most, of all that were counted"
    )
    arguments = parser.parse_args()
    gc.set_threshold(20_000, 20, 50)  # as the web process has it
    with servers() as (url, redis_url):
        os.environ |= {"GUANJIA_LOG__LEVEL": "warning"}
        asyncio.run(prepare(url, 100, arguments.people))
        found = settings.load()
        stores = {"redis": found.redis.model_copy(update={"url": redis_url})}
        settings.use(found.model_copy(update=stores))
        print(f"{'':32} {'statements':>10} {'calls':>8} {'ms':>8} {'pg ms':>8}")
        asyncio.run(of_product(arguments))
        asyncio.run(of_floor(url, arguments.people))


if __name__ == "__main__":
    main()
