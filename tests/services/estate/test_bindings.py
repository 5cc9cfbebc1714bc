"""Binding to a house: the list, the two modes, one at a time, and what staff decide."""

import asyncio

import pytest

from models.community import BindingMode, Occupant, Relation
from models.events import Event, SubjectKind
from models.people import Binding, BindingStatus, Consent, Person, Staff
from models.tasks import StaffTask, TaskKind
from services import actors
from services.actors import OPERATOR, Actor
from services.company import staff
from services.errors import Invalid, NotAllowed, NotFound
from services.estate import bindings, homes, people, reviews, scenes
from services.estate.scenes import SceneKind
from tests.services.estate import acts
from tests.world import estate, places
from tests.world.estate import Estate, told
from tests.world.units import within


@pytest.fixture
async def place(database: str) -> Estate:
    return await estate.build()


@pytest.fixture
async def clerk(place: Estate) -> Actor:
    return await places.clerk()


async def _approval(place: Estate) -> None:
    place.community.binding_mode = BindingMode.APPROVAL
    await place.community.save()


async def test_whom_the_list_knows_is_bound_at_once_and_nobody_need_look(place: Estate) -> None:
    outcome = await acts.bind(place)
    assert (outcome.status, outcome.matched, outcome.house) == (BindingStatus.ACTIVE, True, "1-101")
    assert await StaffTask.all().count() == 0
    assert (await Consent.get(person=place.resident)).notice_version == "2026-11"
    home = await homes.find(place.resident.id)
    assert home is not None
    assert home.house_id == place.house.id


@pytest.mark.parametrize(("name", "phone"), [("李四", "13800000001"), ("王芳", "13999999999")])
async def test_whom_the_list_does_not_know_may_begin_and_is_reviewed(
    place: Estate, name: str, phone: str
) -> None:
    outcome = await acts.bind(place, name=name, phone=phone)
    assert (outcome.status, outcome.matched) == (BindingStatus.ACTIVE, False)
    assert (await StaffTask.get()).kind is TaskKind.REVIEW


async def test_approval_mode_waits_for_staff_who_are_then_heard(place: Estate, clerk: Actor) -> None:
    await _approval(place)
    outcome = await acts.bind(place)
    assert outcome.status is BindingStatus.PENDING
    assert await homes.find(place.resident.id) is None
    await within(reviews.approve(outcome.binding_id, actor=clerk))
    assert await homes.find(place.resident.id) is not None
    assert await told(place.resident.id) == ["binding.approved"]
    task = await StaffTask.get()
    assert task.done_by_id == clerk.staff_id
    with pytest.raises(NotAllowed):
        await within(reviews.approve(outcome.binding_id, actor=clerk))


async def test_what_staff_find_right_leaves_the_list(place: Estate, clerk: Actor) -> None:
    usable = await acts.bind(place, name="未登记")
    await _approval(place)
    waiting = await acts.bind(place, house=2, person=place.supervisor)
    assert [one.id for one in (await reviews.waiting(actor=OPERATOR)).rows] == [
        usable.binding_id,
        waiting.binding_id,
    ]
    for outcome in (usable, waiting):
        await within(reviews.settle_well(outcome.binding_id, actor=clerk))
    assert [one.id for one in (await reviews.waiting(actor=OPERATOR)).rows] == []
    assert await StaffTask.filter(done_at=None).count() == 0
    assert await told(place.resident.id) == []
    assert await told(place.supervisor.id) == ["binding.approved"]


async def test_a_rejected_person_may_try_again(place: Estate, clerk: Actor) -> None:
    await _approval(place)
    first = await acts.bind(place, name="写错")
    await within(reviews.reject(first.binding_id, actor=clerk, reason="姓名不符"))
    assert await told(place.resident.id) == ["binding.rejected"]
    assert (await acts.bind(place)).status is BindingStatus.PENDING


async def test_a_shut_off_person_cannot_come_back_alone(place: Estate, clerk: Actor) -> None:
    outcome = await acts.bind(place, name="冒名")
    await within(reviews.disable(outcome.binding_id, actor=clerk, reason="非本户"))
    assert await homes.find(place.resident.id) is None
    with pytest.raises(NotAllowed, match="shut_off"):
        await acts.bind(place)
    await within(reviews.restore(outcome.binding_id, actor=clerk))
    assert (await acts.bind(place)).status is BindingStatus.ACTIVE


async def test_moving_ends_the_old_binding(place: Estate) -> None:
    await acts.bind(place)
    outcome = await acts.bind(place, house=3, relation=Relation.TENANT)
    assert outcome.ended == "1-101"
    rows = await Binding.filter(person=place.resident).order_by("id")
    assert [row.status for row in rows] == [BindingStatus.ENDED, BindingStatus.ACTIVE]
    assert rows[0].ended_at is not None


async def test_binding_twice_the_same_is_binding_once(place: Estate) -> None:
    assert await acts.bind(place) == await acts.bind(place)
    assert await Binding.all().count() == 1


async def test_ten_bindings_at_once_leave_one(place: Estate) -> None:
    await asyncio.gather(*(acts.bind(place, house=number % 4) for number in range(10)))
    assert await Binding.filter(status=BindingStatus.ACTIVE).count() == 1


async def test_unbinding(place: Estate) -> None:
    await acts.bind(place)
    assert await within(bindings.unbind(place.resident.id, actor=actors.person(place.resident.id))) == "1-101"
    with pytest.raises(NotFound):
        await within(bindings.unbind(place.resident.id, actor=actors.person(place.resident.id)))


async def test_a_new_phone_counts_at_once_and_is_reviewed(place: Estate) -> None:
    await acts.bind(place)
    await acts.calls_from(place, "13700000002")
    home = await homes.require(place.resident.id)
    assert home.phone == "13700000002"
    assert (await StaffTask.get()).kind is TaskKind.REVIEW
    with pytest.raises(Invalid):
        await acts.calls_from(place, " ")


async def test_what_scanned_codes_mean(place: Estate) -> None:
    plumber = await estate.technician(place, "水工")
    community = await scenes.resolve("c:one")
    house = await scenes.resolve(place.house.code)
    invite = await scenes.resolve(plumber.invite)
    assert community is not None
    assert house is not None
    assert invite is not None
    assert (community.kind, community.id) == (SceneKind.COMMUNITY, place.community.id)
    assert (house.id, house.community_id) == (place.house.id, place.community.id)
    assert (invite.kind, invite.id) == (SceneKind.TECHNICIAN, plumber.id)
    assert [await scenes.resolve(scene) for scene in ("", "c:none", "x:1", "h:", "s:none")] == [None] * 5
    assert [await scenes.resolve(f"{kind}:" + "长" * 60) for kind in "chts"] == [None] * 4
    assert len(scenes.fresh(SceneKind.HOUSE)) <= 40


async def test_staff_join_by_invite(place: Estate, clerk: Actor) -> None:
    await Staff.filter(id=clerk.staff_id).update(invite="s:clerk")
    for _ in range(2):
        joined = await within(staff.join("s:clerk", actor=actors.person(place.resident.id)))
        assert joined.id == clerk.staff_id
    assert await acts.happened(SubjectKind.STAFF, clerk.id) == [("joined", "person")]
    with pytest.raises(NotAllowed):
        await within(staff.join("s:clerk", actor=actors.person(place.supervisor.id)))


async def test_a_person_appears_once_however_often_they_write_first(database: str) -> None:
    met = await asyncio.gather(*(people.ensure("o_new") for _ in range(10)))
    assert len({one.id for one in met}) == 1
    await people.unfollow(met[0].id, actor=actors.person(met[0].id))
    assert not (await Person.get(id=met[0].id)).following


@pytest.mark.parametrize("listed", ["买买提 艾力", "买买提•艾力", "买买提　·　艾力"])
@pytest.mark.parametrize(
    "number", ["138-0000-0009", "+86 138 0000 0009", "(86)13800000009", "１３８00000009"]
)
async def test_the_list_knows_people_however_it_writes_them(place: Estate, listed: str, number: str) -> None:
    await Occupant.create(house_id=place.houses[0].id, name=listed, phone=number, relation=Relation.OWNER)
    outcome = await acts.bind(place, name="买买提·艾力", phone="13800000009")
    assert outcome.matched and await StaffTask.all().count() == 0


async def test_every_step_of_a_binding_is_recorded_with_who_did_it(place: Estate, clerk: Actor) -> None:
    await _approval(place)
    first = await acts.bind(place, name="写错")
    await within(reviews.reject(first.binding_id, actor=clerk, reason="姓名不符"))
    second = await acts.bind(place)
    await within(reviews.approve(second.binding_id, actor=clerk))
    await acts.calls_from(place, "13700000002")
    mine = actors.person(place.resident.id)
    await within(bindings.unbind(place.resident.id, actor=mine))
    assert await acts.happened(SubjectKind.BINDING, first.binding_id) == [
        ("bound", "person"),
        ("rejected", "staff"),
    ]
    assert await acts.happened(SubjectKind.BINDING, second.binding_id) == [
        ("bound", "person"),
        ("admitted", "staff"),
        ("corrected", "person"),
        ("ended", "person"),
    ]
    assert await acts.happened(SubjectKind.PERSON, place.resident.id) == [
        ("consented", "person"),
        ("phone_changed", "person"),
    ]
    ended = await Event.get(verb="ended")
    assert (ended.status_before, ended.status_after) == ("active", "ended")
    assert ended.community_id == place.community.id


async def test_what_staff_shut_off_restore_and_admit_is_recorded(place: Estate, clerk: Actor) -> None:
    usable = await acts.bind(place, name="冒名")
    await within(reviews.confirm(usable.binding_id, actor=clerk))
    await within(reviews.disable(usable.binding_id, actor=clerk, reason="非本户"))
    await within(reviews.restore(usable.binding_id, actor=clerk))
    verbs = [verb for verb, _ in await acts.happened(SubjectKind.BINDING, usable.binding_id)]
    assert verbs == ["bound", "confirmed", "disabled", "restored"]
    await _approval(place)
    waiting = await acts.bind(place)
    await within(reviews.admit(waiting.binding_id, actor=OPERATOR))
    assert (await acts.happened(SubjectKind.BINDING, waiting.binding_id))[-1] == ("admitted", "system")


async def test_no_event_keeps_a_whole_phone_number(place: Estate) -> None:
    await acts.bind(place)
    await acts.calls_from(place, "13700000002")
    changed = await Event.get(verb="phone_changed")
    assert changed.body == {"before": "138****0001", "after": "137****0002"}


async def test_who_was_confirmed_stays_so_with_a_new_phone(place: Estate) -> None:
    await acts.bind(place)
    await acts.calls_from(place, "13700000002")
    assert (await homes.require_confirmed(place.resident.id)).phone == "13700000002"


async def test_a_phone_that_is_on_the_list_confirms_its_owner(place: Estate) -> None:
    await acts.bind(place, phone="13911111111")
    with pytest.raises(NotAllowed, match="unconfirmed_money"):
        await homes.require_confirmed(place.resident.id)
    await acts.calls_from(place, "13800000001")
    assert await homes.require_confirmed(place.resident.id)


async def test_who_waits_for_staff_is_told_of_only_when_they_may_begin(place: Estate, clerk: Actor) -> None:
    await acts.bind(place)
    await _approval(place)
    late = await acts.bind(place, name="李四", person=await people.ensure("o_late"))
    assert await told(place.resident.id) == []
    await within(reviews.approve(late.binding_id, actor=clerk))
    assert await told(place.resident.id) == ["binding.new_member"]


async def test_who_looked_at_a_whole_phone_number_is_recorded(place: Estate, clerk: Actor) -> None:
    outcome = await acts.bind(place, name="李四")
    [listed] = (await reviews.waiting(actor=clerk)).rows
    assert listed.phone == "138****0001"
    assert await within(reviews.phone(outcome.binding_id, actor=clerk)) == "13800000001"
    read = await Event.get(verb="phone_read")
    assert (read.subject_id, read.actor_kind, read.actor_id) == (place.resident.id, "staff", clerk.id)


async def test_following_and_leaving_are_recorded_once(database: str) -> None:
    known = await people.ensure("o_goes")
    for _ in range(2):
        await people.unfollow(known.id, actor=actors.person(known.id))
    await people.follow(known.id, actor=actors.person(known.id))
    assert await acts.happened(SubjectKind.PERSON, known.id) == [
        ("unfollowed", "person"),
        ("followed", "person"),
    ]
