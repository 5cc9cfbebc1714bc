"""The search of the desk among 1,000,000 messages, at the end of make bench or alone: `python -m tests.bench.search`.

Each sort of words is asked for by an admin, who sees everything, and by a clerk of one office. Milliseconds of the
clock depend on what else the machine does; beside them stand those of the processor, of this process and of
PostgreSQL together.
"""

import argparse
import asyncio
import contextlib
import itertools
import os
import random
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from http import HTTPStatus
from pathlib import Path
from statistics import median

import aiohttp
import asyncpg

import settings
from models import database
from models.aside import Aside
from models.people import Role, Staff
from services import actors, work
from services.actors import Actor
from services.company import sessions
from services.company.sessions import Browser, Way
from services.desk import search
from settings import Settings

MESSAGES = 1_000_000
ROUNDS = 9
_LINES = """
WITH line AS (
    INSERT INTO search_line (source, row_id, text)
    SELECT 'm', id, search_flat(text) FROM message WHERE answers_id IS NULL AND kind = 'text' AND length(text) > 1
    ORDER BY id ON CONFLICT DO NOTHING RETURNING row_id
), last AS (SELECT max(row_id) AS id FROM line)
UPDATE search_feed SET reached = id, settled = id, mark = id, mark_xmax = NULL FROM last WHERE name = 'message'
"""
_SENTENCES = Path(__file__).parents[1] / "bot" / "understanding"
_NAMES = "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗"
_RARE = {"锅炉": 31, "充电桩": 400, "骆驼": 0, "欧阳锋": 3}  # so often, all over the years
_OLD = "沼气池"  # only in the oldest twentieth, often there
WORDS = {
    "two characters, frequent": "漏水",
    "two characters, in few": "锅炉",
    "two characters, in none": "骆驼",
    "three characters, frequent": "物业费",
    "three characters, in few": "充电桩",
    "three characters, old ones only": _OLD,
    "a name, in three": "欧阳锋",
    "a house": "37-2-1502",
    "a phone": "13900777777",
    "four digits": "1502",
    "two frequent words that seldom meet": "物业费 电梯",
    "a frequent word and a single character": "漏水 楼",
    "a sentence": "厨房水龙头一直漏水关不紧怎么办",
    "letters": "wifi",
}


def sentences() -> list[str]:
    """What people say, from the understanding's own tests; not one of the words that are to be rare."""
    told: list[str] = []
    for path in sorted(_SENTENCES.glob("*_intents.tsv")):
        told += [line.partition("\t")[0] for line in path.read_text("utf-8").splitlines()[1:]]
    rare = (*_RARE, _OLD, "13900777777")
    return [one for one in told if one and not any(word in one for word in rare)]


def messages(count: int) -> Iterator[str]:
    """Oldest first: one or two sentences, half of them with a house, a phone or a name."""
    chance, said = random.Random(1), sentences()  # the same words every time
    rare = {chance.randrange(count): word for word, often in _RARE.items() for _ in range(often)}
    for number in range(count):
        text = "，".join(chance.sample(said, chance.choice((1, 1, 2))))
        kind = chance.randrange(6)
        if kind == 0:
            room = 100 * chance.randrange(1, 34) + chance.randrange(1, 5)
            text += f"，我家{chance.randrange(1, 60)}-{chance.randrange(1, 5)}-{room}"
        elif kind == 1:
            text += f"，电话1{chance.choice('358')}{chance.randrange(10**9):09d}"
        elif kind == 2:
            text = f"我是{chance.choice(_NAMES)}{chance.choice('女士先生')}，{text}"
        if number < count // 20 and number % 7 == 0:
            text += f"，{_OLD}又满了"
        yield text + (f"，{rare[number]}" if number in rare else "")


async def write(url: str, count: int) -> None:
    """Messages over three years in the talks that there are."""
    connection = await asyncpg.connect(url, command_timeout=900)
    talks = [row["id"] for row in await connection.fetch("SELECT id FROM conversation ORDER BY id")]
    first, step = datetime.now(UTC) - timedelta(days=1000), timedelta(days=1000) / count
    rows = (
        (talks[number * 7919 % len(talks)], "text", text, "{}", first + number * step)
        for number, text in enumerate(messages(count))
    )
    columns = ["conversation_id", "kind", "text", "body", "created_at"]
    await connection.copy_records_to_table("message", records=rows, columns=columns)
    await connection.execute("VACUUM ANALYZE message")
    await connection.close()


async def index(url: str) -> None:
    """Lines of all of it, as the worker would have written them in an hour; the index is made at the end, at once."""
    connection = await asyncpg.connect(url, command_timeout=1800)
    made: str = await connection.fetchval(
        "SELECT indexdef FROM pg_indexes WHERE indexname = 'search_line_words'"
    )
    await connection.execute("DROP INDEX search_line_words")
    await connection.execute(_LINES)
    await connection.execute(made)
    await connection.execute("VACUUM ANALYZE search_line")
    await connection.close()


async def asked(there: Settings) -> dict[str, float]:
    """First pages of each sort of words."""
    settings.use(there)
    await database.open(there)
    aside = Aside(there)
    figures: dict[str, float] = {}
    for who, role in (("", Role.ADMIN), (", a clerk", Role.SERVICE)):
        actor = await actors.staff((await _first(role)).id)
        for name, words in WORDS.items():
            figures |= await _timed(aside, f"{name}{who}", _asking(aside, words, actor))
    await aside.close()
    await database.close()
    return figures


async def _first(role: Role) -> Staff:
    found = await Staff.filter(role=role).order_by("id").first()
    assert found, "the demo has one of each role"
    return found


def _asking(aside: Aside, words: str, actor: Actor) -> Callable[[], Awaitable[object]]:
    return lambda: search.messages(aside.ask, words, actor=actor)


async def _timed(
    aside: Aside, name: str, ask: Callable[[], Awaitable[object]], *, rounds: int = ROUNDS
) -> dict[str, float]:
    await ask()
    pids = [
        row["pid"]
        for row in await aside.ask("SELECT pid FROM pg_stat_activity WHERE datname = current_database()")
    ]
    spans, before = [], _processor(pids)
    for _ in range(rounds):
        began = time.perf_counter()
        await ask()
        spans.append(time.perf_counter() - began)
    used = _processor(pids) - before
    return {
        f"search: {name}, ms": median(spans) * 1000,
        f"search: {name}, ms of processor": used / rounds * 1000,
    }


def _processor(pids: Sequence[int]) -> float:
    """Seconds of this process and of those of the server."""
    ticks = 0
    for pid in pids:
        try:
            fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
        except FileNotFoundError:
            continue
        ticks += int(fields[11]) + int(fields[12])
    return time.process_time() + ticks / os.sysconf("SC_CLK_TCK")


async def signed_in(there: Settings) -> str:
    """The cookie of a clerk."""
    settings.use(there)
    await database.open(there)
    clerk = await _first(Role.SERVICE)
    async with work.unit():
        browser, actor = Browser("127.0.0.1", "bench", ""), await actors.staff(clerk.id)
        token = await sessions.begin(clerk.id, way=Way.PASSWORD, browser=browser, actor=actor)
    await database.close()
    return f"__Host-session={token}"


@contextlib.asynccontextmanager
async def pages(port: int, cookie: str) -> AsyncIterator[list[float]]:
    """Two windows that search without a pause; how many seconds each page took so far."""
    spans: list[float] = []
    headers = {"Cookie": cookie, "X-Forwarded-Proto": "https"}
    async with aiohttp.ClientSession(headers=headers, cookie_jar=aiohttp.DummyCookieJar()) as http:
        asking = [asyncio.create_task(_asks(http, port, start, spans)) for start in range(2)]
        yield spans
        for one in asking:
            one.cancel()
        await asyncio.gather(*asking, return_exceptions=True)


async def _asks(http: aiohttp.ClientSession, port: int, start: int, spans: list[float]) -> None:
    words = list(WORDS.values())
    for number in itertools.count(start):
        began = time.perf_counter()
        params = {"q": words[number % len(words)], "in": "messages"}
        address = f"http://127.0.0.1:{port}/desk/search"
        async with http.get(address, params=params, allow_redirects=False) as answer:
            await answer.read()
            if answer.status != HTTPStatus.OK:
                raise SystemExit(f"a search was answered {answer.status}")
        spans.append(time.perf_counter() - began)


def at(url: str) -> Settings:
    found = settings.load()
    return found.model_copy(update={"database": found.database.model_copy(update={"url": url})})


def main() -> None:
    from tests.bench.__main__ import prepare, servers, told

    parser = argparse.ArgumentParser(prog="python -m tests.bench.search", description=__doc__)
    parser.add_argument("--people", type=int, default=5000)
    parser.add_argument("--messages", type=int, default=MESSAGES)
    arguments = parser.parse_args()
    with servers() as (url, _):
        asyncio.run(prepare(url, arguments.people))
        asyncio.run(write(url, arguments.messages))
        asyncio.run(index(url))
        told(asyncio.run(asked(at(url))))


if __name__ == "__main__":
    main()
