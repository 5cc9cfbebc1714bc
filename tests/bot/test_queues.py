"""Queueing of one person's messages within a process."""

import asyncio

import pytest

from bot.queues import Lines


async def test_one_after_another_and_others_meanwhile() -> None:
    lines, heard = Lines(), []
    first_speaks, first_may_go = asyncio.Event(), asyncio.Event()

    async def speak(person: str, words: str, until: asyncio.Event | None = None) -> None:
        async with lines.of(person):
            heard.append(words)
            if until:
                first_speaks.set()
                await until.wait()

    first = asyncio.create_task(speak("wang", "一", first_may_go))
    second = asyncio.create_task(speak("wang", "二"))
    await first_speaks.wait()
    await speak("li", "别人")
    assert heard == ["一", "别人"]
    first_may_go.set()
    await asyncio.gather(first, second)
    assert heard == ["一", "别人", "二"]
    assert len(lines) == 0


async def test_who_gives_up_waiting_or_fails_leaves_the_line() -> None:
    lines = Lines()
    async with lines.of("wang"):
        waiting = asyncio.create_task(lines.of("wang").__aenter__())
        await asyncio.sleep(0)
        waiting.cancel()
        with pytest.raises(asyncio.CancelledError):
            await waiting
        assert len(lines) == 1
    with pytest.raises(ZeroDivisionError):
        async with lines.of("wang"):
            raise ZeroDivisionError
    assert len(lines) == 0
