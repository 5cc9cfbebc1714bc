"""The office hours are changed while people wait: what was for their end happens at the end that holds now."""

from datetime import datetime, timedelta

import pytest

from models.people import Staff
from models.policies import PolicyValue
from services import actors, cache, clock
from services.desk import handover, silence
from services.estate import people
from tests.services.desk.conftest import Desk
from tests.world import estate
from tests.world.estate import told
from tests.world.units import within

MINUTE = timedelta(minutes=1)
MONDAY = datetime(2026, 11, 30, tzinfo=clock.LOCAL)


async def _office_hours(*periods: list[str]) -> None:
    await PolicyValue.update_or_create({"value": list(periods)}, key="office_hours")
    cache.forget()


@pytest.mark.parametrize(
    ("closes", "told_at"),
    [("16:00", 16 * 60), ("14:00", 14 * 60 + 30), ("20:00", 20 * 60)],
    ids=["earlier, ahead", "earlier, past already", "later"],
)
async def test_who_waits_hears_at_the_end_of_the_hours_that_hold_now(
    desk: Desk, closes: str, told_at: int
) -> None:
    await _office_hours(["09:00", "18:00"])
    with clock.fixed(MONDAY + 10 * 60 * MINUTE):
        await within(handover.request(actor=actors.person(desk.resident.id)))
    with clock.fixed(MONDAY + (14 * 60 + 30) * MINUTE):
        await _office_hours(["09:00", closes])
        await within(silence.keep_to_the_hours())
    for minute in (told_at - 1, told_at, 23 * 60):
        with clock.fixed(MONDAY + minute * MINUTE):
            await estate.run_timers()
        heard = (await told(desk.resident.id)).count("human.closed_for_today")
        assert heard == (0 if minute < told_at else 1)


async def test_a_reminder_comes_by_the_hours_that_hold_now(desk: Desk) -> None:
    await _office_hours(["09:00", "18:00"])
    holder = await people.ensure("o_holder")
    await Staff.filter(id=desk.clerk.staff_id).update(person_id=holder.id)
    with clock.fixed(MONDAY + timedelta(hours=17, minutes=55)):
        await desk.taken()
        await desk.hears("到底几点来")
        await within(silence.heard(desk.talk_id))
        await _office_hours(["09:00", "20:00"])
        await within(silence.keep_to_the_hours())
        await estate.run_timers(9 * MINUTE)
        assert await told(holder.id) == []
        await estate.run_timers(10 * MINUTE)
    assert await told(holder.id) == ["staff.talk_waits"]
