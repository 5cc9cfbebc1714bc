"""Everything that `make run` starts, with two web processes, as separate processes of one test run.

Nothing here goes through the code under test: processes are killed from outside, phones are driven over HTTP,
rows are read by plain SQL.
"""

import asyncio
import contextlib
import os
import shutil
import socket
import sys
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from pathlib import Path

import aiohttp
import asyncpg

import settings
from commands.local import home, postgres, redis
from commands.local.home import Home
from commands.local.program import Program
from tests.resilience.parts import Part, until
from tests.world import folders, running
from tests.world.phones import Phones
from tests.world.simulated import Simulated

WEB, OTHER_WEB, WORKER, SIMULATOR, DEMO = "web", "web2", "worker", "simulator", "demo"
DATABASE, REDIS = "postgres", "redis"

Cell = str | int | bool | None

_BIND = """
WITH home AS (
    SELECT h.id, h.community_id FROM house h WHERE NOT EXISTS (SELECT 1 FROM binding b WHERE b.house_id = h.id)
    ORDER BY h.id OFFSET $2 LIMIT 1
)
INSERT INTO binding (person_id, house_id, community_id, relation, status, name, phone, found_by, matched, note,
    created_at)
SELECT p.id, home.id, home.community_id, 'owner', 'active', '住户', '13800001234', '{}', true, '', now()
FROM person p, home WHERE p.channel_id = $1
"""
# What makes people of this account write to: a template message of each kind has an id.
_TEMPLATES = '{"repair": "T-repair", "job": "T-job"}'


@dataclass(slots=True)
class Installation:
    folder: Path
    place: Home
    parts: dict[str, Part]
    phones: Phones
    callbacks: tuple[str, str]

    @property
    def media(self) -> Path:
        return self.folder / "media"

    @property
    def database_url(self) -> str:
        return postgres.url(self.place)

    async def start(self, *names: str) -> None:
        for name in names:
            self.parts[name].begin()
        for name in names:
            await self.parts[name].answering()

    async def whole(self) -> None:
        """All run, and the platform has no faults: how every test finds the installation."""
        await self.start(*(name for name, part in self.parts.items() if not part.alive))
        await self.phones.sim.no_faults()
        for part in self.parts.values():
            part.now_on()

    def end(self) -> None:
        """The parts that lean on the servers end first."""
        for names in ((WORKER, WEB, OTHER_WEB, SIMULATOR), (DATABASE, REDIS)):
            for name in names:
                self.parts[name].ask_to_end()
            for name in names:
                self.parts[name].ended()

    @contextlib.asynccontextmanager
    async def connection(self) -> AsyncIterator[asyncpg.Connection]:
        connection = await asyncpg.connect(self.database_url)
        try:
            yield connection
        finally:
            await connection.close()

    async def rows(self, query: str, *values: Cell) -> list[dict[str, Cell]]:
        async with self.connection() as connection:
            return [dict(row) for row in await connection.fetch(query, *values)]

    async def one(self, query: str, *values: Cell) -> Cell:
        """The first value of the first row."""
        async with self.connection() as connection:
            found: Cell = await connection.fetchval(query, *values)
            return found

    async def inbound(self, openid: str) -> list[dict[str, Cell]]:
        """What was kept of a person's messages, in the order of handling."""
        return await self.rows(
            "SELECT m.external_id, m.kind, m.text, a.text AS answer FROM message m "
            "JOIN conversation c ON c.id = m.conversation_id JOIN person p ON p.id = c.person_id "
            "LEFT JOIN message a ON a.answers_id = m.id "
            "WHERE p.channel_id = $1 AND m.external_id IS NOT NULL ORDER BY m.id",
            openid,
        )

    async def photos(self, openid: str) -> list[dict[str, Cell]]:
        """A person's photos in the order of handling."""
        return await self.rows(
            "SELECT f.* FROM media_file f JOIN person p ON p.id = f.person_id WHERE p.channel_id = $1 ORDER BY f.id",
            openid,
        )

    async def tickets(self, openid: str) -> list[dict[str, Cell]]:
        return await self.rows(
            "SELECT t.* FROM ticket t JOIN person p ON p.id = t.reporter_id WHERE p.channel_id = $1", openid
        )

    async def resident(self) -> str:
        """A newcomer who lives in a house of their own."""
        openid = await self.phones.sim.follower()
        await self.bind(openid)
        return openid

    async def bind(self, openid: str, *, nth: int = 0) -> None:
        """Let the person live in the n-th house where nobody does."""
        async with self.connection() as connection:
            assert await connection.execute(_BIND, openid, nth) == "INSERT 0 1"

    async def queue(self, openid: str, key: str, payload: str) -> int:
        """An outbox row as a turn or a job writes it; its id. The worker's sweep finds it."""
        found = await self.one(
            "INSERT INTO outbox (key, person_id, payload, status, rung, attempts, not_before, platform_id, error, "
            "created_at) SELECT $1, id, $2::jsonb, 'pending', 'custom', 0, now(), '', '', now() "
            "FROM person WHERE channel_id = $3 RETURNING id",
            key,
            payload,
            openid,
        )
        assert isinstance(found, int)
        return found

    async def status(self, row: int) -> str:
        return str(await self.one("SELECT status FROM outbox WHERE id = $1", row))

    async def reaches(self, row: int, status: str) -> None:
        async def look() -> bool:
            return await self.status(row) == status

        await until(look, f"outbox row {row} is {status}")

    async def task(self, row: int) -> str:
        """The reason and the cause with which staff have an outbox row on their list; "" while they have not."""
        asked = "SELECT concat_ws(' ', reason, \"values\" ->> 'why') FROM staff_task WHERE key = $1"
        return str(await self.one(asked, f"outbox:{row}") or "")

    async def command(self, *words: str) -> str:
        """What a command of `run.py` prints."""
        process = await asyncio.create_subprocess_exec(
            sys.executable,
            str(settings.root() / "run.py"),
            *words,
            env={**os.environ, **self.parts[WEB].environment},
            stdout=asyncio.subprocess.PIPE,
        )
        said, _ = await process.communicate()
        assert process.returncode == 0
        return said.decode()

    async def hurry(self, row: int) -> None:
        """As if the pause before the next try of a row were over."""
        await self.one("UPDATE outbox SET not_before = now() WHERE id = $1 AND status = 'pending'", row)

    async def minutes_pass(self) -> None:
        """As if what is in a worker's hands had been there for minutes."""
        await self.one(
            "UPDATE outbox SET claimed_at = claimed_at - interval '5 min' WHERE status = 'sending'"
        )
        await self.one(
            "UPDATE media_file SET claimed_at = claimed_at - interval '5 min' WHERE status = 'fetching'"
        )


def _free_ports(number: int) -> list[int]:
    probes = [socket.socket() for _ in range(number)]
    for probe in probes:
        probe.bind(("127.0.0.1", 0))
    ports = [int(probe.getsockname()[1]) for probe in probes]
    for probe in probes:
        probe.close()
    return ports


def _answers(port: int) -> bool:
    with socket.socket() as client:
        client.settimeout(1)
        return client.connect_ex(("127.0.0.1", port)) == 0


def _environment(place: Home, folder: Path, web: int, simulator: int) -> dict[str, str]:
    return {
        "GUANJIA_DATABASE__URL": postgres.url(place),
        "GUANJIA_REDIS__URL": redis.url(place),
        "GUANJIA_WEB__PORT": str(web),
        "GUANJIA_SIMULATOR__PORT": str(simulator),
        "GUANJIA_MEDIA__DIR": str(folder / "media"),
        "GUANJIA_WORKER__SWEEP_S": "0.3",
        "GUANJIA_WORKER__REST_S": "0.2",
        "GUANJIA_WECHAT__API_TIMEOUT_S": "1.5",
        "GUANJIA_WECHAT__TEMPLATES": _TEMPLATES,
    }


def _own(*words: str) -> Program:
    root = settings.root()
    return Program(words[0], (sys.executable, str(root / "run.py"), *words), folder=root)


def _simulator(port: int, callback: str) -> Program:
    account = settings.load().wechat
    flags = {
        "--port": str(port),
        "--callback": callback,
        "--app-id": account.app_id,
        "--app-secret": account.app_secret,
        "--token": account.token,
        "--aes-key": account.encoding_aes_key,
        "--mode": account.mode.value,
        "--account": account.account_id,
    }
    words = [word for flag in flags.items() for word in flag]
    return Program("simulator", (sys.executable, "-m", "simulator", *words), folder=settings.root())


def _parts(place: Home, folder: Path) -> tuple[dict[str, Part], str, tuple[str, str]]:
    web, other, platform = _free_ports(3)
    environment = _environment(place, folder, web, platform)
    callbacks = (f"http://127.0.0.1:{web}/wechat", f"http://127.0.0.1:{other}/wechat")

    def part(name: str, program: Program, ready: Callable[[], bool]) -> Part:
        return Part(program, environment, folder / f"{name}.log", ready)

    parts: dict[str, Part] = {
        DATABASE: part(DATABASE, postgres.program(place), lambda: postgres.ready(place)),
        REDIS: part(REDIS, redis.program(place), lambda: redis.ready(place)),
        SIMULATOR: part(SIMULATOR, _simulator(platform, callbacks[0]), lambda: _answers(platform)),
        WEB: part(WEB, _own("web"), lambda: _answers(web)),
        OTHER_WEB: part(OTHER_WEB, _own("web", "--port", str(other)), lambda: _answers(other)),
        WORKER: part(WORKER, _own("worker"), lambda: parts[WORKER].said("worker started")),
        DEMO: part(DEMO, _own("demo"), lambda: True),
    }
    return parts, f"http://127.0.0.1:{platform}", callbacks


async def _fill(installation: Installation, cache: Path) -> None:
    """The tables, and while all start the demo's communities and people."""
    there = running.at(settings.load(), installation.database_url)
    running.in_thread(running.make_tables(there, cache))
    installation.parts[DEMO].begin()
    await installation.start(SIMULATOR, WEB, OTHER_WEB, WORKER)
    demo = installation.parts.pop(DEMO)
    assert demo.ended() == 0, demo.words


@contextlib.asynccontextmanager
async def running_installation(cache: Path) -> AsyncIterator[Installation]:
    """An installation where all run, until the block ends."""
    with folders.made("test") as folder:
        async with _running_in(folder, cache) as installation:
            yield installation


@contextlib.asynccontextmanager
async def _running_in(folder: Path, cache: Path) -> AsyncIterator[Installation]:
    place = home.prepare(folder)
    postgres.initialise(place)
    parts, url, callbacks = _parts(place, folder)
    async with aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(60)) as http:
        installation = Installation(folder, place, parts, Phones(Simulated(url, http)), callbacks)
        try:
            await installation.start(DATABASE, REDIS)
            await _fill(installation, cache)
            yield installation
        finally:
            installation.end()
            shutil.rmtree(place.data)
