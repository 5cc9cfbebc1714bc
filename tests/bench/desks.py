"""Open desks: streams that stay, what their pages read besides, and how long each push takes to every desk."""

import asyncio
import contextlib
import random
import re
import time
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, field

import aiohttp
import asyncpg
import orjson

import settings
from models import database
from models.people import Role, Staff
from services import actors, work
from services.company import sessions
from services.company.sessions import Browser, Way
from tests.bench.load import answered
from tests.bench.pushes import Request, openid

EXACT_S = 30.0  # as static/desk/streaming.js has it
BESIDE_S = 10.0
_SEEN = re.compile(r'data-seen="([0-9.]+)"')
_CONNECTIONS = 16


@dataclass(slots=True)
class Talk:
    """One resident's. A push is told once the row says that its turn was committed."""

    id: int
    first: int  # turns before the load
    sent: list[float] = field(default_factory=list)
    answered: int = 0


@dataclass(slots=True)
class Told:
    """What all desks together heard: a delay for each push and desk, and what their pages read."""

    delays: list[float] = field(default_factory=list)
    reads: list[float] = field(default_factory=list)
    refused: int = 0
    whole: int = 0  # news that came without rows


@dataclass(slots=True)
class Desk:
    """One clerk's page, with a talk open."""

    http: aiohttp.ClientSession
    port: int
    cookie: str
    talks: dict[int, Talk]
    own: int
    told: Told
    heard: dict[int, int] = field(default_factory=dict)
    seen: str = ""
    exact: asyncio.Task[None] | None = None
    news: asyncio.Task[None] | None = None
    beside: float = 0.0

    async def run(self, opened: asyncio.Event) -> None:
        page = await self.read(f"/desk/talks/{self.own}/open")
        found = _SEEN.search(page)
        self.seen = found.group(1) if found else "0.0.0.0"
        reader, writer = await asyncio.open_connection("127.0.0.1", self.port, limit=8 << 20)
        lines = (
            "GET /desk/stream HTTP/1.0",
            "Host: bench",
            f"Cookie: {self.cookie}",
            "X-Forwarded-Proto: https",
        )
        writer.write("\r\n".join((*lines, "", "")).encode())
        try:
            while not (line := await reader.readline()).startswith(b"data:"):
                if not line:
                    raise SystemExit("a desk's stream did not open")
            opened.set()
            while line := await reader.readline():
                if line.startswith(b"data:") and len(line) > 10:
                    self.hear(orjson.loads(line[5:]))
        finally:
            writer.close()

    def hear(self, news: dict[str, object]) -> None:
        now = time.perf_counter()
        rows: dict[int, int] = {one["id"]: one["turns"] for one in news.get("rows", ())}  # type: ignore[attr-defined]
        ids: list[int] = news.get("talks", [])  # type: ignore[assignment]
        self.told.whole += bool(ids) and not rows
        for talk_id in ids:
            if talk := self.talks.get(talk_id):
                committed = rows[talk_id] - talk.first if rows else talk.answered
                known = self.heard.get(talk_id, 0)
                self.told.delays.extend(now - at for at in talk.sent[known:committed])
                self.heard[talk_id] = max(known, committed)
        if ids and (self.exact is None or self.exact.done()):
            self.exact = asyncio.create_task(self.read_list())
        if self.own in ids and (self.news is None or self.news.done()):
            self.news = asyncio.create_task(self.read_news())

    async def read_list(self) -> None:
        await asyncio.sleep(EXACT_S * (0.5 + random.random() / 2))
        await self.read(f"/desk/talks/list?box=waiting&current={self.own}")

    async def read_news(self) -> None:
        told = orjson.loads(await self.read(f"/desk/talks/{self.own}/news?after={self.seen}") or b"{}")
        self.seen = told.get("seen", self.seen)
        if time.perf_counter() - self.beside > BESIDE_S:
            self.beside = time.perf_counter()
            await self.read(f"/desk/talks/{self.own}/beside")

    async def read(self, path: str) -> str:
        started = time.perf_counter()
        headers = {"Cookie": self.cookie, "X-Forwarded-Proto": "https"}
        async with self.http.get(f"http://127.0.0.1:{self.port}{path}", headers=headers) as answer:
            text = await answer.text()
            self.told.refused += answer.status != 200
        self.told.reads.append(time.perf_counter() - started)
        return text if answer.status == 200 else ""


async def engage(url: str, count: int) -> list[tuple[str, int]]:
    """Clerks who are signed in, each with the talk of one resident: cookie and talk."""
    found = settings.load()
    there = found.model_copy(update={"database": found.database.model_copy(update={"url": url})})
    settings.use(there)
    await database.open(there)
    made = []
    connection = await asyncpg.connect(url)
    rows = await connection.fetch("SELECT id FROM conversation ORDER BY id DESC LIMIT $1", count)
    for number, row in enumerate(rows):
        clerk = await Staff.create(login=f"bench{number}", name=f"客服{number}", role=Role.SERVICE)
        async with work.unit():
            actor = await actors.staff(clerk.id)
            token = await sessions.begin(
                clerk.id, way=Way.PASSWORD, browser=Browser("127.0.0.1", "bench", ""), actor=actor
            )
        await connection.execute(
            "UPDATE conversation SET hold = 'staff', held_by_id = $1, held_since = now() WHERE id = $2",
            clerk.id, row["id"],
        )  # fmt: skip
        made.append((f"__Host-session={token}", int(row["id"])))
    await connection.close()
    await database.close()
    return made


async def talks(url: str) -> dict[str, Talk]:
    """By openid, as they stand before the load."""
    connection = await asyncpg.connect(url)
    rows = await connection.fetch(
        "SELECT p.channel_id, c.id, c.turns FROM conversation c JOIN person p ON p.id = c.person_id"
    )
    await connection.close()
    return {row["channel_id"]: Talk(row["id"], row["turns"]) for row in rows}


@contextlib.asynccontextmanager
async def opened(port: int, clerks: Sequence[tuple[str, int]], of: dict[str, Talk]) -> AsyncIterator[Told]:
    """The desks, all of them open, for as long as the context lasts."""
    told, by_id = Told(), {one.id: one for one in of.values()}
    connector = aiohttp.TCPConnector(limit=64)
    async with aiohttp.ClientSession(connector=connector, cookie_jar=aiohttp.DummyCookieJar()) as http:
        ready = [asyncio.Event() for _ in clerks]
        desks = [Desk(http, port, cookie, by_id, own, told) for cookie, own in clerks]
        running = [asyncio.create_task(one.run(event)) for one, event in zip(desks, ready, strict=True)]
        await asyncio.gather(*(event.wait() for event in ready))
        told.reads.clear()
        try:
            yield told
        finally:
            tasks = [*running, *(task for one in desks for task in (one.exact, one.news) if task)]
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)


async def push(port: int, requests: Sequence[Request], rate: float, of: dict[str, Talk]) -> float:
    """Send them at this pace, noting when; the seconds it took."""
    lanes: list[list[tuple[int, Request]]] = [[] for _ in range(_CONNECTIONS)]
    for number, request in enumerate(requests):
        lanes[request.person % _CONNECTIONS].append((number, request))
    start = time.perf_counter()
    await asyncio.gather(*(_lane(port, lane, start, rate, of) for lane in lanes))
    return time.perf_counter() - start


async def _lane(
    port: int, lane: Sequence[tuple[int, Request]], start: float, rate: float, of: dict[str, Talk]
) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    for number, request in lane:
        if (early := start + number / rate - time.perf_counter()) > 0:
            await asyncio.sleep(early)
        talk = of[openid(request.person)]
        talk.sent.append(time.perf_counter())
        writer.write(request.wire)
        if not await answered(reader):
            raise SystemExit("a push failed")
        talk.answered += 1
    writer.close()


async def all_told(told: Told, expected: int, patience_s: float = 30) -> None:
    """Until every desk has heard of every push, or it takes too long."""
    deadline = time.perf_counter() + patience_s
    while len(told.delays) < expected and time.perf_counter() < deadline:  # noqa: ASYNC110 - another program's
        await asyncio.sleep(0.1)


def percentile(of: Sequence[float], share: float) -> float:
    ordered = sorted(of)
    return ordered[min(int(len(ordered) * share), len(ordered) - 1)] if ordered else 0.0
