"""Whatever people and clocks do to a ticket, in whatever order and at once: its story stays one story."""

import asyncio
import random
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import replace
from datetime import timedelta

import pytest

from models.events import SubjectKind
from models.outbox import Outbox
from models.people import Role, Staff
from models.tasks import StaffTask, TaskKind
from models.timers import Timer
from services import actors, clock, events, work
from services.actors import Actor
from services.errors import DomainError
from services.repairs import corrections, dispatch, handling, jobs, merging, ratings, reporting
from services.repairs.insertion import Submitted
from services.repairs.moves import ENDED, MOVES, Verb
from tests.world import estate
from tests.world.estate import Estate

Act = Callable[[], Awaitable[object]]


@pytest.fixture
async def place(database: str, caplog: pytest.LogCaptureFixture) -> AsyncIterator[Estate]:
    yield await estate.build()
    assert "failed" not in caplog.text  # what the worker runs is never refused and never waits in a ring


class Story:
    """One ticket and everything that anybody could do to it."""

    def __init__(
        self, place: Estate, made: Submitted, main: Submitted, crew: list[Actor], clerk: Actor
    ) -> None:
        self._place, self._made, self._main, self._crew, self._clerk = place, made, main, crew, clerk

    def acts(self, chance: random.Random, count: int) -> list[Act]:
        """So many of them; what ends a ticket is rare, or few stories would have a middle."""
        going, ending = self._going(chance), self._ending(chance)
        return [chance.choice(ending if chance.random() < 0.04 else going) for _ in range(count)]

    def _going(self, chance: random.Random) -> list[Act]:
        it, me, who = self._made.id, actors.person(self._place.resident.id), chance.choice(self._crew)
        other, now = chance.choice(self._crew), clock.now()
        return [
            lambda: reporting.urge(it, actor=me),
            lambda: reporting.add_remark(it, "补充", actor=me),
            lambda: jobs.take(it, actor=who),
            lambda: jobs.confirm(it, actor=who, eta=now + timedelta(hours=chance.randint(1, 9))),
            lambda: jobs.refuse(it, actor=who, reason="忙"),
            lambda: jobs.transfer(it, actor=who, to_id=other.id),
            lambda: jobs.arrive(it, actor=who),
            lambda: jobs.undo_arrive(it, actor=who),
            lambda: jobs.undo_confirm(it, actor=who),
            lambda: corrections.reschedule(it, now + timedelta(hours=chance.randint(1, 30)), actor=me),
            lambda: self._correct(chance.choice(("water", "electric", "elevator"))),
            lambda: jobs.hold(it, actor=who, reason="缺料", until=now + timedelta(days=1)),
            lambda: jobs.resume(it, actor=who),
            lambda: jobs.finish(it, actor=who),
            lambda: ratings.not_fixed(it, actor=me),
            lambda: dispatch.assign(it, technician_id=who.id, actor=self._clerk),
            lambda: handling.accept(it, actor=self._clerk),
        ]

    async def _correct(self, code: str) -> None:
        me = actors.person(self._place.resident.id)
        told = await corrections.as_reported(self._made.id, actor=me)
        await corrections.correct(self._made.id, replace(told, category_code=code), actor=me)

    def _ending(self, chance: random.Random) -> list[Act]:
        it, me, stars = self._made.id, actors.person(self._place.resident.id), chance.randint(1, 5)
        return [
            lambda: reporting.cancel(it, actor=me),
            lambda: handling.decline(it, actor=self._clerk, reason="不属本部门"),
            lambda: merging.merge(it, into_id=self._main.id, actor=self._clerk),
            lambda: ratings.rate(it, actor=me, speed=stars, quality=stars),
            lambda: ratings.close(it, actor=me),
        ]


async def _story(place: Estate) -> tuple[Story, Submitted]:
    crew = [await estate.technician(place, name, "water") for name in ("甲", "乙", "丙")]
    clerk = await Staff.create(login="clerk", name="客服", role=Role.SERVICE)
    main, made = await estate.reported(place), await estate.reported(place)
    return Story(
        place, made, main, [actors.technician(one.id) for one in crew], await actors.staff(clerk.id)
    ), made


async def _attempt(act: Act) -> None:
    """As a turn does: one unit of work, a refusal undoes it."""
    try:
        async with work.unit():
            await act()
    except DomainError:
        return


async def _check(made: Submitted) -> None:
    """The events tell one unbroken story that the table allows; what is over is over."""
    ticket = await estate.ticket(made)
    status = ""
    for event in await events.of(SubjectKind.TICKET, made.id):
        assert event.before == status, event.verb
        if event.verb != Verb.SUBMIT:
            move = MOVES[Verb(event.verb)]
            assert event.before in move.sources
            assert event.after == (move.to or event.before)
        status = event.after
    assert status == ticket.status
    if ticket.status in ENDED:
        assert not await Timer.exists(subject_id=made.id, kind__in=["sla", "dispatch"])
        assert not await StaffTask.exists(ticket_id=made.id, kind=TaskKind.DISPATCH, done_at=None)
    if ticket.status in ENDED - {"closed"}:
        rows = await Outbox.filter(person_id=ticket.reporter_id, status="pending")
        mine = [row.payload["phrase"] for row in rows if row.payload["values"]["ticket"] == ticket.id]
        assert set(mine) <= {"repair.cancelled", "repair.declined", "repair.merged"}


@pytest.mark.parametrize("seed", range(12))
async def test_one_after_the_other(place: Estate, seed: int) -> None:
    chance = random.Random(seed)
    with clock.fixed(estate.MONDAY_10):
        story, made = await _story(place)
    now = estate.MONDAY_10
    for _ in range(60):
        now += timedelta(minutes=chance.choice((0, 1, 10, 60)))
        with clock.fixed(now):
            await _attempt(story.acts(chance, 1)[0])
            if chance.random() < 0.4:
                await estate.run_timers()
    await _check(made)


@pytest.mark.parametrize("seed", range(6))
async def test_all_at_once(place: Estate, seed: int) -> None:
    chance = random.Random(seed)
    story, made = await _story(place)
    for _ in range(6):
        acts = story.acts(chance, 5)
        await asyncio.gather(*(_attempt(act) for act in acts), estate.run_timers(timedelta(hours=1)))
    await _check(made)


async def test_cancelling_while_the_dispatcher_works(place: Estate) -> None:
    await estate.technician(place, "水工")
    for _ in range(10):
        made = await estate.reported(place)
        cancelling = _attempt(
            lambda made=made: reporting.cancel(made.id, actor=actors.person(place.resident.id))
        )
        await asyncio.gather(cancelling, estate.run_timers())
        assert (await estate.ticket(made)).status == "cancelled"
        await _check(made)
