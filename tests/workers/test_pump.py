import asyncio

import pytest

from workers.loop import Loop
from workers.pump import Pump


class Shelf:
    """Rows that are claimed in order."""

    def __init__(self, *rows: int) -> None:
        self.rows = list(rows)
        self.claims: list[int] = []

    async def claim(self, limit: int) -> list[int]:
        self.claims.append(limit)
        taken, self.rows = self.rows[:limit], self.rows[limit:]
        return taken


async def test_no_more_at_once_than_there_are_slots():
    shelf, done, at_once = Shelf(*range(20)), asyncio.Event(), [0, 0]

    async def work(row: int) -> None:
        at_once[0] += 1
        at_once[1] = max(at_once)
        await asyncio.sleep(0)
        at_once[0] -= 1
        if row == 19:
            done.set()

    pump = Pump("t", shelf.claim, work, slots=3, every_s=60)
    await ended(pump, done)
    assert at_once[1] == 3


async def test_one_that_fails_does_not_stop_the_others(caplog: pytest.LogCaptureFixture):
    shelf, done = Shelf(1, 2, 3), asyncio.Event()

    async def work(row: int) -> None:
        if row == 1:
            raise RuntimeError("bug")
        if row == 3:
            done.set()

    await ended(Pump("t", shelf.claim, work, slots=1, every_s=60), done)
    assert "t failed on 1" in caplog.text


async def test_a_database_that_is_away_is_asked_again():
    shelf, done, faults = Shelf(1), asyncio.Event(), [OSError("away")]

    async def claim(limit: int) -> list[int]:
        if faults:
            raise faults.pop()
        return await shelf.claim(limit)

    async def work(row: int) -> None:
        done.set()

    await ended(Pump("t", claim, work, slots=1, every_s=60), done)


async def test_what_was_claimed_when_the_end_came_is_still_done():
    claiming, may_go, worked = asyncio.Event(), asyncio.Event(), []

    async def claim(limit: int) -> list[int]:
        claiming.set()
        await may_go.wait()
        return [7]

    async def work(row: int) -> None:
        worked.append(row)

    task = asyncio.create_task(Pump("t", claim, work, slots=1, every_s=60).run())
    await claiming.wait()
    task.cancel()
    asyncio.get_running_loop().call_soon(may_go.set)
    await asyncio.gather(task, return_exceptions=True)
    assert worked == [7]


async def test_a_loop_works_until_nothing_is_left_and_again_when_woken():
    amounts, rounds = [2, 1, 0, 1, 0], asyncio.Queue[int]()

    async def work() -> int:
        amount = amounts.pop(0) if amounts else 0
        await rounds.put(amount)
        return amount

    loop = Loop("t", work, every_s=60)
    task = asyncio.create_task(loop.run())
    async with asyncio.timeout(5):
        assert [await rounds.get() for _ in range(3)] == [2, 1, 0]
        loop.wake()
        assert [await rounds.get() for _ in range(2)] == [1, 0]
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)


async def ended(pump: Pump[int], done: asyncio.Event) -> None:
    task = asyncio.create_task(pump.run())
    async with asyncio.timeout(5):
        await done.wait()
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
