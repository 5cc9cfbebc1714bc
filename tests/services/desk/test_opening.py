"""The hour at which the office opens, with and without somebody there."""

from datetime import datetime, timedelta

import pytest

from models.community import Community, ManagementOffice
from models.events import Event, SubjectKind
from models.people import Duty, Role, Staff
from models.policies import PolicyValue
from services import cache, clock, timers
from services.desk import opening
from services.estate import people
from tests.world import estate
from tests.world.estate import Estate, told
from tests.world.units import within

MONDAY = datetime(2026, 11, 30, 8, 0, tzinfo=clock.LOCAL)


@pytest.fixture
async def place(database: str) -> Estate:
    await PolicyValue.create(key="office_hours", value=[["09:00", "12:00"], ["13:30", "18:00"]])
    cache.forget()
    return await estate.build()


async def _employed(login: str, role: Role, office: ManagementOffice | None, duty: Duty) -> Staff:
    person = await people.ensure(f"o_{login}")
    return await Staff.create(
        login=login,
        name=login,
        role=role,
        office=office,
        person_id=person.id,
        duty=duty,
        on_duty=duty is Duty.ON,
    )


async def test_where_nobody_sits_down_the_leader_of_that_office_hears_it_once(place: Estate) -> None:
    west = await ManagementOffice.create(name="西区管理处")
    far = await Community.create(office=west, code="c:far", name="远处")
    leader = await _employed("lead", Role.LEADER, None, Duty.OFF)
    await _employed("here", Role.SERVICE, place.office, Duty.ON)
    await _employed("gone", Role.SERVICE, west, Duty.AWAY)
    with clock.fixed(MONDAY):
        await within(opening.plan())
        await within(opening.plan())
        assert await timers.due_at(opening.KIND, 0) == MONDAY + timedelta(hours=1) + opening.GRACE
        await estate.run_timers(timedelta(hours=1, minutes=4))
        assert await told(leader.person_id or 0) == []
        await estate.run_timers(timedelta(hours=1, minutes=5))
        await estate.run_timers(timedelta(hours=1, minutes=6))
    assert await told(leader.person_id or 0) == ["staff.nobody_at_opening"]
    left = await Event.filter(verb="nobody_on_duty", subject_kind=SubjectKind.COMMUNITY)
    assert [one.subject_id for one in left] == [far.id]
    assert await timers.due_at(opening.KIND, 0) == MONDAY + timedelta(hours=5, minutes=30) + opening.GRACE


async def test_hours_that_were_changed_move_it_and_what_is_due_stays(place: Estate) -> None:
    with clock.fixed(MONDAY):
        await within(opening.plan())
        await PolicyValue.filter(key="office_hours").update(value=[["08:30", "18:00"]])
        cache.forget()
        await within(opening.plan())
        due = MONDAY + timedelta(minutes=30) + opening.GRACE
        assert await timers.due_at(opening.KIND, 0) == due
    for late in (
        timedelta(minutes=-2),
        timedelta(minutes=2),
    ):  # within the grace, and before a worker came to it
        with clock.fixed(due + late):
            await within(opening.plan())
            assert await timers.due_at(opening.KIND, 0) == due
