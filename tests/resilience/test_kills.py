"""kill -9 of whatever runs, at the worst moment: everything is handled once, or marked unknown for staff."""

import asyncio
import contextlib
from collections.abc import AsyncIterator

from tests.resilience.chatter import chatter
from tests.resilience.house import DATABASE, OTHER_WEB, REDIS, WEB, WORKER, House
from tests.resilience.parts import until
from tests.resilience.test_messages import REPAIR

_SAY = '{"reply": {"text": "%s"}}'
_WAITING = "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND query ILIKE '%ticket%'"


@contextlib.asynccontextmanager
async def tickets_locked(house: House) -> AsyncIterator[None]:
    """Nobody can write a ticket: a turn that makes one stands still with its message stored, uncommitted."""
    async with house.connection() as connection, connection.transaction():
        await connection.execute("LOCK TABLE ticket IN EXCLUSIVE MODE")
        yield


async def test_web_killed_in_mid_turn(house: House) -> None:
    """Nothing of the turn remains; the platform's next push of the same message is handled, once."""
    person = await house.resident()
    await house.phones.says(person, REPAIR)
    async with tickets_locked(house):
        saying = asyncio.create_task(house.phones.says(person, "提交"))
        await until(lambda: house.one(_WAITING), "the turn waits in its middle")
        house.parts[WEB].kill()
    await house.start(WEB)
    said = await saying
    assert said.attempts in (2, 3)
    assert "单号" in said.reply
    assert [one["text"] for one in await house.inbound(person)].count("提交") == 1
    assert len(await house.tickets(person)) == 1


async def test_worker_killed_in_mid_delivery(house: House) -> None:
    """What may have arrived is unknown and never sent again; what was not begun goes out."""
    person, other = await house.phones.newcomers(2)
    await house.phones.fault("message/custom/send", times=1, delay_s=1.2, after=True)
    row = await house.queue(person, f"kill:{person}", _SAY % "第一条")
    await house.reaches(row, "sending")
    house.parts[WORKER].kill()
    next_row = await house.queue(person, f"kill2:{person}", _SAY % "第二条")
    other_row = await house.queue(other, f"kill:{other}", _SAY % "别人的")
    await house.start(WORKER)
    await house.reaches(other_row, "sent")
    assert await house.status(next_row) == "pending"  # not before the one that may be on its way
    await house.minutes_pass()
    await house.reaches(row, "unknown")
    await house.reaches(next_row, "sent")
    assert "不知道消息是否送达" in await house.task_note(row)
    heard = [one.text for one in await house.phones.heard(person) if one.via == "custom"]
    assert heard.count("第一条") <= 1
    assert heard.count("第二条") == 1


async def test_redis_killed_and_empty(house: House) -> None:
    """Turns go on without it; when it is back, what wakes and the token are made anew."""
    person, other = await house.phones.newcomers(2)
    house.parts[REDIS].kill()
    said = await house.phones.says(person, "帮助")
    assert said.reply
    assert said.attempts == 1
    row = await house.queue(person, f"redis:{person}", _SAY % "没有Redis")
    await house.reaches(row, "sent")

    await house.phones.forget_tokens()
    await house.start(REDIS)
    row = await house.queue(other, f"redis:{other}", _SAY % "Redis回来了")
    await house.reaches(row, "sent")
    assert (await house.phones.says(other, "帮助")).reply
    assert house.parts[WORKER].alive


async def test_postgres_killed_under_load(house: House) -> None:
    """kill -9 while many write; after its recovery every message is there once, with its answer."""
    people = await house.phones.newcomers(12)
    before = await _messages(house)
    async with chatter(house.phones, people) as talking:
        await until(lambda: _handled(house, before + 40), "some messages are handled")
        house.parts[DATABASE].kill()
        await house.start(DATABASE)
        handled = await _messages(house)
        await until(lambda: _handled(house, handled + 60), "messages are handled again")
        answered = await talking.end()
    for person, words in answered.items():
        kept = [one for one in await house.inbound(person) if one["kind"] == "text"]
        assert [one["text"] for one in kept] == words
        assert all(one["answer"] for one in kept)
    assert all(house.parts[name].alive for name in (WEB, OTHER_WEB, WORKER))


async def _handled(house: House, number: int) -> bool:
    return await _messages(house) >= number


async def _messages(house: House) -> int:
    return int(str(await house.one("SELECT count(*) FROM message")))
