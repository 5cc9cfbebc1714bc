"""python -m tests.bench.delivery: how fast a worker sends what waits, behind a long history.

A worker process as `run.py worker` starts it, beside a platform that takes everything at once. A few people have most
of what was ever sent, as technicians do, and everybody has messages waiting; each is sent by itself, in its order.
"""

import argparse
import asyncio
import contextlib
import os
import sys
import time
from collections import Counter
from collections.abc import AsyncIterator

import asyncpg
from aiohttp import web

from tests.conftest import free_port

OLD, WAITING = 15_000, 2_000
PEOPLE, BUSY = 100, 5  # and how many of them have most of the history
_BUSY_SHARE = 0.75
_PATIENCE_S = 300.0
_LOOK_S = 0.1

_PEOPLE = """
WITH made AS (
    INSERT INTO person (channel, channel_id, following, name, phone, blocked, created_at)
    SELECT 'wechat', 'o_letters_' || n, true, '', '', false, now() FROM generate_series(1, $1::int) AS n
    RETURNING id
)
INSERT INTO conversation (person_id, state, hold, window_until, sends_left, minute_left, subscriptions_left,
    turns, options_shown, pressing, snoozed, replies_held)
SELECT id, '{}', 'bot', now() + interval '48 hours', 1000000, 0, 0, 0, 1000, false, false, false FROM made
"""
_ROWS = """
INSERT INTO outbox (key, person_id, payload, status, rung, attempts, not_before, platform_id, error, created_at,
    sent_at)
SELECT 'letters:' || $1 || ':' || n, (SELECT id FROM person WHERE channel_id = 'o_letters_' || 1 + n % $3),
    '{"reply": {"text": "您的报修有了新进度"}}', $1, 'custom', 0, now() - interval '1 hour', '', '', now(),
    CASE WHEN $1 = 'sent' THEN now() - interval '1 hour' END
FROM generate_series($4::int, $4 + $2 - 1) AS n
"""
_LEFT = "SELECT count(*) FROM outbox WHERE key LIKE 'letters:pending:%' AND status IN ('pending', 'sending')"
_SENT = """
SELECT count(*) AS rows, extract(epoch FROM max(sent_at) - min(sent_at)) AS seconds
FROM outbox WHERE key LIKE 'letters:pending:%' AND status = 'sent'
"""
_GONE = (
    "DELETE FROM outbox WHERE key LIKE 'letters:%'",
    "DELETE FROM conversation WHERE person_id IN (SELECT id FROM person WHERE channel_id LIKE 'o_letters_%')",
    "DELETE FROM person WHERE channel_id LIKE 'o_letters_%'",
)


async def _write(connection: asyncpg.Connection, old: int, waiting: int) -> None:
    """The history, and what is to be sent."""
    busy = int(old * _BUSY_SHARE)
    await connection.execute(_PEOPLE, PEOPLE)
    await connection.execute(_ROWS, "sent", busy, BUSY, 1)
    await connection.execute(_ROWS, "sent", old - busy, PEOPLE, busy + 1)
    await connection.execute(_ROWS, "pending", waiting, PEOPLE, 1)
    await connection.execute("ANALYZE outbox")


@contextlib.asynccontextmanager
async def _platform(port: int) -> AsyncIterator[Counter[str]]:
    """Takes everything; how often each person of the bench was sent something: others have messages of their own."""
    seen: Counter[str] = Counter()

    async def take(request: web.Request) -> web.Response:
        if request.path.endswith("stable_token"):
            return web.json_response({"access_token": "bench", "expires_in": 7200})
        if (touser := (await request.json()).get("touser", "")).startswith("o_letters_"):
            seen[touser] += 1
        return web.json_response({"errcode": 0, "errmsg": "ok"})

    app = web.Application()
    app.router.add_route("*", "/{path:.*}", take)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", port).start()
    try:
        yield seen
    finally:
        await runner.cleanup()


async def _all_sent(connection: asyncpg.Connection, worker: asyncio.subprocess.Process) -> None:
    deadline = time.monotonic() + _PATIENCE_S
    while await connection.fetchval(_LEFT):
        if worker.returncode is not None or time.monotonic() > deadline:
            raise SystemExit("the worker of the bench did not send what waits")
        await asyncio.sleep(_LOOK_S)


async def measured(url: str, old: int = OLD, waiting: int = WAITING) -> dict[str, float]:
    """Rows a second from the first that was sent to the last; nothing of it is left in the database."""
    port = free_port()
    connection = await asyncpg.connect(url)
    try:
        await _write(connection, old, waiting)
        async with _platform(port) as seen:
            worker = await asyncio.create_subprocess_exec(
                sys.executable,
                "run.py",
                "worker",
                env={**os.environ, "GUANJIA_WECHAT__API_URL": f"http://127.0.0.1:{port}"},
                stdout=asyncio.subprocess.DEVNULL,
            )
            try:
                await _all_sent(connection, worker)
            finally:
                worker.terminate()
                await worker.wait()
        rows, seconds = await connection.fetchrow(_SENT)
        return {
            "letters_old": old,
            "letters_waiting": waiting,
            "letters_per_s": rows / float(seconds),
            "letters_lost": waiting - rows,
            "letters_doubled": sum(seen.values()) - rows,
        }
    finally:
        for statement in _GONE:
            await connection.execute(statement)
        await connection.close()


def main() -> None:
    from tests.bench.__main__ import prepare, servers, told

    parser = argparse.ArgumentParser(prog="python -m tests.bench.delivery", description=__doc__)
    parser.add_argument("--old", type=int, default=OLD, help="messages that were sent before")
    parser.add_argument("--waiting", type=int, default=WAITING, help="messages that wait")
    arguments = parser.parse_args()
    with servers() as (url, redis_url):
        os.environ |= {"GUANJIA_DATABASE__URL": url, "GUANJIA_REDIS__URL": redis_url}
        asyncio.run(prepare(url, 1))
        told(asyncio.run(measured(url, arguments.old, arguments.waiting)))


if __name__ == "__main__":
    main()
