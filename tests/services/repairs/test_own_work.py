"""What a technician asks of their own work."""

from datetime import timedelta

import pytest

from models.people import Role, Staff, Technician
from services import actors, clock
from services.repairs import jobs, own_work
from services.repairs.own_work import Finished, Leader
from tests.world import estate
from tests.world.estate import Estate
from tests.world.units import within

pytestmark = pytest.mark.usefixtures("monday")
DAY = timedelta(days=1)


async def test_finished_jobs_and_what_was_taken_are_those_of_the_time_that_is_asked(
    place: Estate, plumber: Technician
) -> None:
    await estate.finished(place, plumber)
    now = clock.now()
    assert await own_work.finished(plumber.id, since=now - DAY, until=now + DAY) == Finished(1, 3500)
    assert await own_work.finished(plumber.id, since=now - 2 * DAY, until=now - DAY) == Finished(0, 0)


async def test_what_was_given_away_is_with_a_colleague_or_with_nobody(
    place: Estate, plumber: Technician
) -> None:
    passed = await estate.given_to(place, plumber)
    refused = await estate.given_to(place, plumber)
    colleague = await estate.technician(place, "吴海涛", "water")
    mine = actors.technician(plumber.id)
    await within(jobs.transfer(passed.id, actor=mine, to_id=colleague.id))
    await within(jobs.refuse(refused.id, actor=mine, reason="孩子发烧"))
    gone = await own_work.elsewhere(plumber.id, since=clock.now() - DAY)
    assert [(one.job.id, one.technician) for one in gone] == [(refused.id, ""), (passed.id, "吴海涛")]
    assert await own_work.elsewhere(plumber.id, since=clock.now() + DAY) == []
    assert await own_work.elsewhere(colleague.id, since=clock.now() - DAY) == []


async def test_whoever_leads_is_told_with_a_phone_that_somebody_answers(
    place: Estate, plumber: Technician
) -> None:
    assert await own_work.leader(plumber.id) == Leader("主管", place.office.phone)
    await Staff.filter(role=Role.SUPERVISOR).update(phone="13900030002")
    assert await own_work.leader(plumber.id) == Leader("主管", "13900030002")
    await Staff.all().update(active=False)
    assert await own_work.leader(plumber.id) == Leader(place.office.name, place.office.phone)
