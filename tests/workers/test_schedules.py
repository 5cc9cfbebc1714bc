"""Timers: each once, none lost, none fought over."""

import asyncio
import logging
from datetime import timedelta

import pytest
from tortoise.transactions import in_transaction

from models.community import ManagementOffice
from models.timers import Timer
from models.values import Json
from services import clock, outbox, timers
from services.estate import people
from workers import schedules


class Ran:
    """What a timer of the test did, and whether it should fail."""

    def __init__(self) -> None:
        self.subjects: list[int] = []
        self.fails = False

    async def __call__(self, subject_id: int, note: Json) -> None:
        await ManagementOffice.create(name=f"{subject_id} {len(self.subjects)}")
        self.subjects.append(subject_id)
        if self.fails:
            raise RuntimeError("broken")


@pytest.fixture
def ran(database: str) -> Ran:
    return Ran()


async def test_what_is_due_runs_and_what_is_not_waits(ran: Ran) -> None:
    await timers.set_timer("test", 1, clock.now())
    await timers.set_timer("test", 2, clock.now() + timedelta(hours=1))
    assert await schedules.run_due(kinds={"test": ran}) == 1
    assert ran.subjects == [1]
    assert await Timer.all().values_list("subject_id", flat=True) == [2]


async def test_workers_at_once_run_each_timer_once(ran: Ran) -> None:
    for subject in range(30):
        await timers.set_timer("test", subject, clock.now())
    counts = await asyncio.gather(*(schedules.run_due(kinds={"test": ran}) for _ in range(4)))
    assert sum(counts) == 30
    assert sorted(ran.subjects) == list(range(30))
    assert await Timer.all().count() == 0


async def test_who_has_something_to_do_now_is_woken_after_the_commit(database: str) -> None:
    woken: list[str] = []

    async def ringing(subject_id: int, note: Json) -> None:
        person = await people.ensure("o_somebody")
        await outbox.tell(person.id, "repair.accepted", {}, key="once")

    await timers.set_timer("test_wake", 1, clock.now())
    await schedules.run_due(wake=woken.extend, kinds={"test_wake": ringing})
    assert woken == ["deliver"]


async def test_a_failure_undoes_everything_and_is_tried_again_later(
    ran: Ran, caplog: pytest.LogCaptureFixture
) -> None:
    await timers.set_timer("test", 1, clock.now())
    ran.fails = True
    with caplog.at_level(logging.ERROR):
        assert await schedules.run_due(kinds={"test": ran}) == 0
    assert "failed" in caplog.text
    assert await ManagementOffice.all().count() == 0
    timer = await Timer.get()
    assert timer.attempts == 1
    assert timer.due_at > clock.now()
    ran.fails = False
    with clock.fixed(clock.now() + timedelta(minutes=2)):
        assert await schedules.run_due(kinds={"test": ran}) == 1
    assert await Timer.all().count() == 0


async def test_one_that_fails_does_not_stop_the_others(ran: Ran) -> None:
    await timers.set_timer("nobody_knows_this_kind", 1, clock.now() - timedelta(minutes=1))
    await timers.set_timer("test", 2, clock.now())
    assert await schedules.run_due(kinds={"test": ran}) == 1
    assert ran.subjects == [2]


async def test_a_timer_that_sets_itself_anew_stays(database: str) -> None:
    again = clock.now() + timedelta(hours=1)

    async def ringing(subject_id: int, note: Json) -> None:
        await timers.set_timer("test_again", subject_id, again)

    await timers.set_timer("test_again", 1, clock.now())
    assert await schedules.run_due(kinds={"test_again": ringing}) == 1
    assert (await Timer.get()).due_at == again


async def test_a_turn_that_holds_the_subject_may_move_its_timer_while_the_worker_waits(database: str) -> None:
    """The order of locks that would deadlock if the worker held the timer's row."""
    office = await ManagementOffice.create(name="东区")
    held, waiting = asyncio.Event(), asyncio.Event()

    async def ringing(subject_id: int, note: Json) -> None:
        waiting.set()
        await ManagementOffice.filter(id=subject_id).select_for_update().first()

    async def work() -> int:
        await held.wait()
        return await schedules.run_due(kinds={"test_order": ringing})

    await timers.set_timer("test_order", office.id, clock.now())
    worker = asyncio.create_task(work())  # outside the transaction, which a task would inherit
    async with in_transaction():
        await ManagementOffice.filter(id=office.id).select_for_update().first()
        held.set()
        await waiting.wait()
        await timers.set_timer("test_order", office.id, clock.now() + timedelta(hours=1))
    assert await worker == 1
    assert (await Timer.get()).attempts == 0
