"""kill -9 of whatever runs, at the worst moment: everything is handled once, or marked unknown for staff."""

import asyncio
import contextlib
from collections.abc import AsyncIterator

from tests.resilience.chatter import chatter
from tests.resilience.installation import DATABASE, OTHER_WEB, REDIS, WEB, WORKER, Installation
from tests.resilience.parts import until
from tests.resilience.test_messages import REPAIR
from tests.resilience.test_platform import heard_later

_SAY = '{"reply": {"text": "%s"}}'
_WAITING = "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND query ILIKE '%ticket%'"


@contextlib.asynccontextmanager
async def tickets_locked(installation: Installation) -> AsyncIterator[None]:
    """Nobody can write a ticket: a turn that makes one stands still with its message stored, uncommitted."""
    async with installation.connection() as connection, connection.transaction():
        await connection.execute("LOCK TABLE ticket IN EXCLUSIVE MODE")
        yield


async def test_web_killed_in_mid_turn(installation: Installation) -> None:
    """Nothing of the turn remains; the platform's next push of the same message is handled, once."""
    person = await installation.resident()
    async with tickets_locked(installation):
        saying = asyncio.create_task(installation.phones.says(person, REPAIR))
        await until(lambda: installation.one(_WAITING), "the turn waits in its middle")
        installation.parts[WEB].kill()
    await installation.start(WEB)
    said = await saying
    assert said.attempts in (2, 3)
    assert "单号" in said.reply
    assert [one["text"] for one in await installation.inbound(person)].count(REPAIR) == 1
    assert len(await installation.tickets(person)) == 1


async def test_worker_killed_in_mid_delivery(installation: Installation) -> None:
    """What may have arrived is unknown and never sent again; what was not begun goes out."""
    person, other = await installation.phones.sim.followers(2)
    await installation.phones.sim.fault("message/custom/send", times=1, delay_s=1.2, after=True)
    row = await installation.queue(person, f"kill:{person}", _SAY % "第一条")
    await installation.reaches(row, "sending")
    installation.parts[WORKER].kill()
    next_row = await installation.queue(person, f"kill2:{person}", _SAY % "第二条")
    other_row = await installation.queue(other, f"kill:{other}", _SAY % "别人的")
    await installation.start(WORKER)
    await installation.reaches(other_row, "sent")
    assert await installation.status(next_row) == "pending"  # not before the one that may be on its way
    await installation.minutes_pass()
    await installation.reaches(row, "unknown")
    await installation.reaches(next_row, "sent")
    assert (await installation.task(row)).startswith("delivery_unknown ")
    heard = await heard_later(installation, person)
    assert heard.count("第一条") <= 1
    assert heard.count("第二条") == 1


async def test_redis_killed_and_empty(installation: Installation) -> None:
    """Turns go on without it; when it is back, what wakes and the token are made anew."""
    person, other = await installation.phones.sim.followers(2)
    installation.parts[REDIS].kill()
    said = await installation.phones.says(person, "帮助")
    assert said.reply
    assert said.attempts == 1
    row = await installation.queue(person, f"redis:{person}", _SAY % "没有Redis")
    await installation.reaches(row, "sent")

    await installation.phones.sim.forget_tokens()
    await installation.start(REDIS)
    row = await installation.queue(other, f"redis:{other}", _SAY % "Redis回来了")
    await installation.reaches(row, "sent")
    assert (await installation.phones.says(other, "帮助")).reply
    assert installation.parts[WORKER].alive


async def test_postgres_killed_under_load(installation: Installation) -> None:
    """kill -9 while many write; after its recovery every message is there once, with its answer."""
    people = await installation.phones.sim.followers(12)
    before = await _messages(installation)
    async with chatter(installation.phones, people) as talking:
        await until(lambda: _handled(installation, before + 40), "some messages are handled")
        installation.parts[DATABASE].kill()
        await installation.start(DATABASE)
        handled = await _messages(installation)
        await until(lambda: _handled(installation, handled + 60), "messages are handled again")
        answered = await talking.end()
    for person, words in answered.items():
        kept = [one for one in await installation.inbound(person) if one["kind"] == "text"]
        assert [one["text"] for one in kept] == words
        assert all(one["answer"] for one in kept)
    assert all(installation.parts[name].alive for name in (WEB, OTHER_WEB, WORKER))


async def _handled(installation: Installation, number: int) -> bool:
    return await _messages(installation) >= number


async def _messages(installation: Installation) -> int:
    return int(str(await installation.one("SELECT count(*) FROM message")))
