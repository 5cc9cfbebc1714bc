"""Somebody is in danger."""

from datetime import timedelta

import pytest

from models.community import Community, DutyPhone, ManagementOffice
from models.people import Role, Staff
from models.tasks import StaffTask, TaskKind
from services import actors, clock, staff_tasks
from services.actors import Actor
from services.cases import hazards
from services.errors import NotAllowed, NotFound
from services.estate import people
from tests.world import estate
from tests.world.estate import Estate, told
from tests.world.units import within

pytestmark = pytest.mark.usefixtures("monday")


@pytest.fixture
async def place(database: str) -> Estate:
    built = await estate.build()
    await DutyPhone.create(community=built.community, name="水电", phone="2")
    await DutyPhone.create(community=built.community, name="值班室", phone="1", emergency=True, sort=9)
    other = await ManagementOffice.create(name="西区")
    far = await Community.create(office=other, code="c:far", name="远处")
    await DutyPhone.create(community=far, name="值班室", phone="3", emergency=True)
    away = await people.ensure("o_away")
    await Staff.create(login="away", name="别处", role=Role.SERVICE, office=other, person_id=away.id)
    return built


async def _alert(place: Estate, text: str = "电梯困人", *, community: bool = True) -> list[str]:
    community_id = place.community.id if community else None
    found = await hazards.alert(place.resident.id, community_id=community_id, kind="trapped", text=text)
    return [one.phone for one in found]


async def _boss() -> Actor:
    return await actors.staff((await Staff.get(login="boss")).id)


async def _away() -> int:
    return (await people.ensure("o_away")).id


async def test_duty_staff_of_the_place_are_alerted_and_the_phones_come_back(place: Estate) -> None:
    assert await _alert(place) == ["1", "2"]
    assert await told(place.supervisor.id) == ["hazard.alert"]
    assert await told(await _away()) == []
    task = await StaffTask.get()
    assert (task.kind, task.person_id) == (TaskKind.ALERT, place.resident.id)


async def test_without_a_place_everybody_on_duty_is_alerted(place: Estate) -> None:
    assert await _alert(place, community=False) == ["1", "3", "2"]
    assert await told(place.supervisor.id) == ["hazard.alert"]
    assert await told(await _away()) == ["hazard.alert"]


async def test_technicians_are_alerted_when_no_staff_can_be_reached(place: Estate) -> None:
    await Staff.filter(login="boss").update(on_duty=False)
    plumber = await estate.technician(place, "水工")
    await _alert(place)
    assert await told(plumber.person_id or 0) == ["hazard.alert"]


async def test_words_of_the_next_minutes_belong_to_the_same_alert(place: Estate) -> None:
    await _alert(place)
    await _alert(place, "快来人")
    task = await StaffTask.get()
    assert "快来人" in task.values["text"]
    assert await told(place.supervisor.id) == ["hazard.alert"]
    with clock.fixed(clock.now() + timedelta(minutes=6)):
        await _alert(place, "还没人来")
    assert await told(place.supervisor.id) == ["hazard.alert"] * 2


async def test_an_alert_that_nobody_takes_up_goes_to_everybody(place: Estate) -> None:
    await _alert(place)
    await estate.run_timers(timedelta(minutes=3))
    assert await told(await _away()) == ["hazard.alert"]
    assert await told(place.supervisor.id) == ["hazard.alert"] * 2


async def test_an_alert_that_was_taken_up_stays_where_it_is(place: Estate) -> None:
    await _alert(place)
    await within(staff_tasks.done((await StaffTask.get()).id, actor=await _boss()))
    await estate.run_timers(timedelta(minutes=3))
    assert await told(await _away()) == []


async def test_who_takes_it_up_is_told_to_the_person_and_to_colleagues(place: Estate) -> None:
    colleague = await people.ensure("o_colleague")
    await Staff.create(
        login="col", name="同事", role=Role.SERVICE, office=place.community.office, person_id=colleague.id
    )
    await _alert(place)
    task = await StaffTask.get()
    await hazards.take_up(task.id, place.supervisor.id)
    assert await told(place.resident.id) == ["hazard.seen"]
    assert await told(colleague.id) == ["hazard.alert", "hazard.taken"]
    assert await told(place.supervisor.id) == ["hazard.alert"]
    await estate.run_timers(timedelta(minutes=3))
    assert await told(await _away()) == []


async def test_only_who_works_here_takes_an_alert_up_and_only_while_it_is_open(place: Estate) -> None:
    await _alert(place)
    task = await StaffTask.get()
    with pytest.raises(NotAllowed, match="not_yours"):
        await hazards.take_up(task.id, place.resident.id)
    await within(staff_tasks.done(task.id, actor=await _boss()))
    with pytest.raises(NotFound, match="over"):
        await hazards.take_up(task.id, place.supervisor.id)
