"""Somebody is in danger."""

from datetime import timedelta

import pytest

from models.community import Community, Danger, DutyPhone, ManagementOffice
from models.events import SubjectKind
from models.people import Role, Staff
from models.tasks import StaffTask, TaskKind
from services import actors, clock, duty_phones, events, staff_tasks
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


async def _alert(
    place: Estate, text: str = "电梯困人", *, community: bool = True, danger: Danger = Danger.TRAPPED
) -> list[str]:
    community_id = place.community.id if community else None
    me = actors.person(place.resident.id)
    found = await within(hazards.alert(actor=me, community_id=community_id, danger=danger, text=text))
    return [one.phone for one in found]


async def _verbs() -> list[tuple[str, str]]:
    task = await StaffTask.get()
    return [(one.verb, one.actor_kind) for one in await events.of(SubjectKind.TASK, task.id)]


async def _boss() -> Actor:
    return await actors.staff((await Staff.get(login="boss")).id)


async def _away() -> int:
    return (await people.ensure("o_away")).id


async def test_duty_staff_of_the_place_are_alerted_and_the_phones_come_back(place: Estate) -> None:
    assert await _alert(place) == ["1"]
    assert await told(place.supervisor.id) == ["hazard.alert"]
    assert await told(await _away()) == []
    task = await StaffTask.get()
    assert (task.kind, task.person_id) == (TaskKind.ALERT, place.resident.id)


async def test_without_a_place_everybody_on_duty_is_alerted(place: Estate) -> None:
    assert await _alert(place, community=False) == ["1", "3"]
    assert await told(place.supervisor.id) == ["hazard.alert"]
    assert await told(await _away()) == ["hazard.alert"]


async def test_technicians_are_alerted_when_no_staff_can_be_reached(place: Estate) -> None:
    await Staff.filter(login="boss").update(on_duty=False)
    plumber = await estate.technician(place, "水工")
    await _alert(place)
    assert await told(plumber.person_id or 0) == ["hazard.alert"]


async def test_who_says_more_adds_to_the_open_alert_and_raises_no_second(place: Estate) -> None:
    await _alert(place)
    await _alert(place, "快来人")
    with clock.fixed(clock.now() + timedelta(minutes=6)):
        await _alert(place, "冒烟了", danger=Danger.FIRE)
    task = await StaffTask.get()
    assert task.values == {"kind": "fire", "text": "电梯困人\n快来人\n冒烟了"}
    assert await told(place.supervisor.id) == ["hazard.alert", "hazard.more", "hazard.more"]


async def test_later_on_it_is_another_alert(place: Estate) -> None:
    await _alert(place)
    with clock.fixed(clock.now() + timedelta(minutes=31)):
        await _alert(place, "还没人来")
    assert await StaffTask.all().count() == 2
    assert await told(place.supervisor.id) == ["hazard.alert"] * 2


async def test_what_is_said_without_a_kind_keeps_the_kind(place: Estate) -> None:
    await _alert(place)
    await _alert(place, "快来人", danger=Danger.OTHER)
    assert (await StaffTask.get()).values["kind"] == "trapped"


async def test_a_false_alarm_is_withdrawn_and_everybody_hears_it(place: Estate) -> None:
    me = actors.person(place.resident.id)
    assert not await within(hazards.withdraw(actor=me))
    await _alert(place)
    assert await within(hazards.withdraw(actor=me))
    assert not await within(hazards.withdraw(actor=me))
    assert (await StaffTask.get()).done_at is not None
    assert await _verbs() == [("added", "person"), ("alerted_duty", "system"), ("settled", "person")]
    await estate.run_timers(timedelta(minutes=3))
    assert await told(place.supervisor.id) == ["hazard.alert", "hazard.withdrawn"]
    assert await told(await _away()) == []


async def test_nobody_withdraws_anybody_elses_alert_or_an_old_one(place: Estate) -> None:
    await _alert(place)
    assert not await within(hazards.withdraw(actor=actors.person(place.supervisor.id)))
    with clock.fixed(clock.now() + timedelta(minutes=31)):
        assert not await within(hazards.withdraw(actor=actors.person(place.resident.id)))
    assert (await StaffTask.get()).done_at is None


async def test_each_danger_has_its_numbers(place: Estate) -> None:
    for name, phone, kinds in (("燃气抢修", "95598", [Danger.GAS]), ("电梯急修", "4", [Danger.TRAPPED])):
        await DutyPhone.create(
            community=place.community, name=name, phone=phone, kinds=kinds, emergency=True, sort=1
        )
    assert await _alert(place, danger=Danger.GAS) == ["95598", "1"]
    assert [one.phone for one in await duty_phones.of(place.community.id, Danger.TRAPPED)] == ["4", "1"]
    assert [one.phone for one in await duty_phones.of(place.community.id, Danger.FIRE)] == ["1"]
    await DutyPhone.filter(phone="1").delete()
    assert len(await duty_phones.of(place.community.id, Danger.FIRE)) == 3


async def test_an_alert_that_nobody_takes_up_goes_to_who_leads_and_then_to_everybody(place: Estate) -> None:
    leader = await people.ensure("o_leader")
    await Staff.create(login="lead", name="领导", role=Role.LEADER, on_duty=False, person_id=leader.id)
    await _alert(place)
    assert await told(leader.id) == []
    await estate.run_timers(timedelta(seconds=59))
    assert await told(leader.id) == []
    await estate.run_timers(timedelta(seconds=60))
    assert (await told(leader.id), await told(await _away())) == (["hazard.alert"], [])
    assert await told(place.supervisor.id) == ["hazard.alert"] * 2
    await estate.run_timers(timedelta(minutes=3))
    assert await told(await _away()) == ["hazard.alert"]
    assert await told(place.supervisor.id) == ["hazard.alert"] * 3
    steps = [verb for verb, _ in await _verbs()]
    assert steps == ["added", "alerted_duty", "alerted_leading", "alerted_everybody"]
    await estate.run_timers(timedelta(minutes=30))
    assert await told(await _away()) == ["hazard.alert"]


async def test_where_nobody_is_on_duty_who_leads_hears_it_at_once(place: Estate) -> None:
    await Staff.filter(login="boss").update(on_duty=False)
    await _alert(place)
    assert await told(place.supervisor.id) == ["hazard.alert"]
    assert [verb for verb, _ in await _verbs()] == ["added", "alerted_leading"]


async def test_a_worker_that_was_away_goes_straight_to_everybody(place: Estate) -> None:
    await _alert(place)
    await estate.run_timers(timedelta(minutes=10))
    assert await told(await _away()) == ["hazard.alert"]
    assert [verb for verb, _ in await _verbs()] == ["added", "alerted_duty", "alerted_everybody"]


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
    await within(hazards.take_up(task.id, actor=actors.person(place.supervisor.id)))
    assert await _verbs() == [("added", "person"), ("alerted_duty", "system"), ("taken", "staff")]
    assert await told(place.resident.id) == ["hazard.seen"]
    assert await told(colleague.id) == ["hazard.alert", "hazard.taken"]
    assert await told(place.supervisor.id) == ["hazard.alert"]
    await estate.run_timers(timedelta(minutes=3))
    assert await told(await _away()) == []


async def test_only_who_works_here_takes_an_alert_up_and_only_while_it_is_open(place: Estate) -> None:
    await _alert(place)
    task = await StaffTask.get()
    with pytest.raises(NotAllowed, match="not_yours"):
        await within(hazards.take_up(task.id, actor=actors.person(place.resident.id)))
    await within(staff_tasks.done(task.id, actor=await _boss()))
    with pytest.raises(NotFound, match="over"):
        await within(hazards.take_up(task.id, actor=actors.person(place.supervisor.id)))
