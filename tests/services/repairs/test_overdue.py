"""Repairs that are late: whose clock has run out, until they move on."""

from datetime import timedelta

import pytest

from models.people import Staff
from models.timers import Timer
from services import actors, clock
from services.actors import Actor
from services.repairs import jobs, overdue
from tests.world import estate, offices
from tests.world.units import within

pytestmark = pytest.mark.usefixtures("monday")


async def _boss() -> Actor:
    return await actors.staff((await Staff.get(login="boss")).id)


async def test_a_repair_is_late_from_the_deadline_until_it_moves_on(database: str) -> None:
    place = await estate.build()
    plumber = await estate.technician(place, "水工")
    made, boss = await estate.given_to(place, plumber), await _boss()
    worker = actors.technician(plumber.id)
    await within(jobs.confirm(made.id, actor=worker, eta=clock.now() + timedelta(hours=1)))
    assert await overdue.listed(actor=boss) == []
    with clock.fixed(clock.now() + timedelta(hours=1, minutes=31)):
        [unrun] = await overdue.listed(actor=boss)  # no worker has looked yet
        for _ in range(2):
            await estate.run_timers()
        [late] = await overdue.listed(actor=boss)
        assert (unrun.id, late.id) == (made.id, made.id)
        assert (late.why, late.technician, late.house) == ("late", "水工", "1-101")
        assert late.since == clock.now()
        await within(jobs.arrive(made.id, actor=worker))
        assert await overdue.listed(actor=boss) == []


async def test_nobody_sees_what_is_late_elsewhere(database: str) -> None:
    town = await offices.build()
    await offices.ticket(town, 0)
    await Timer.all().delete()
    near, far = [await town.staff(), await town.staff(far=True)]
    assert len(await overdue.listed(actor=await actors.staff(near.id))) == 1
    assert await overdue.listed(actor=await actors.staff(far.id)) == []
