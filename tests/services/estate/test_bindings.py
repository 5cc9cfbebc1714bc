"""Binding to a house: the list, the two modes, one at a time, and what staff decide."""

import asyncio

import pytest
from tortoise.transactions import in_transaction

from models.community import BindingMode, Occupant, Relation
from models.people import Binding, BindingStatus, Consent, Person, Role, Staff
from models.tasks import StaffTask, TaskKind
from services.company import staff
from services.errors import Invalid, NotAllowed, NotFound
from services.estate import bindings, homes, household, people, scenes
from services.estate.bindings import Outcome
from services.estate.scenes import SceneKind
from services.scope import COMPANY
from tests.world import estate
from tests.world.estate import Estate, told


@pytest.fixture
async def place(database: str) -> Estate:
    return await estate.build()


@pytest.fixture
async def clerk(place: Estate) -> Staff:
    return await Staff.create(login="clerk", name="客服", role=Role.SERVICE)


async def _bind(
    place: Estate,
    *,
    house: int = 0,
    name: str = "王芳",
    phone: str = "13800000001",
    relation: Relation = Relation.OWNER,
    person: Person | None = None,
) -> Outcome:
    async with in_transaction():
        return await bindings.bind(
            (person or place.resident).id,
            house_id=place.houses[house].id,
            name=name,
            phone=phone,
            relation=relation,
            notice_version="2026-11",
        )


async def _approval(place: Estate) -> None:
    place.community.binding_mode = BindingMode.APPROVAL
    await place.community.save()


async def test_whom_the_list_knows_is_bound_at_once_and_nobody_need_look(place: Estate) -> None:
    outcome = await _bind(place)
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
    outcome = await _bind(place, name=name, phone=phone)
    assert (outcome.status, outcome.matched) == (BindingStatus.ACTIVE, False)
    assert (await StaffTask.get()).kind is TaskKind.REVIEW


async def test_approval_mode_waits_for_staff_who_are_then_heard(place: Estate, clerk: Staff) -> None:
    await _approval(place)
    outcome = await _bind(place)
    assert outcome.status is BindingStatus.PENDING
    assert await homes.find(place.resident.id) is None
    await bindings.approve(outcome.binding_id, staff_id=clerk.id)
    assert await homes.find(place.resident.id) is not None
    assert await told(place.resident.id) == ["binding.approved"]
    task = await StaffTask.get()
    assert task.done_by_id == clerk.id
    with pytest.raises(NotAllowed):
        await bindings.approve(outcome.binding_id, staff_id=clerk.id)


async def test_what_staff_find_right_leaves_the_list(place: Estate, clerk: Staff) -> None:
    usable = await _bind(place, name="未登记")
    await _approval(place)
    waiting = await _bind(place, house=2, person=place.supervisor)
    assert [one.id for one in await bindings.to_review(COMPANY)] == [usable.binding_id, waiting.binding_id]
    for outcome in (usable, waiting):
        await bindings.settle_well(outcome.binding_id, staff_id=clerk.id)
    assert [one.id for one in await bindings.to_review(COMPANY)] == []
    assert await StaffTask.filter(done_at=None).count() == 0
    assert await told(place.resident.id) == []
    assert await told(place.supervisor.id) == ["binding.approved"]


async def test_a_rejected_person_may_try_again(place: Estate, clerk: Staff) -> None:
    await _approval(place)
    first = await _bind(place, name="写错")
    await bindings.reject(first.binding_id, staff_id=clerk.id, reason="姓名不符")
    assert await told(place.resident.id) == ["binding.rejected"]
    assert (await _bind(place)).status is BindingStatus.PENDING


async def test_a_shut_off_person_cannot_come_back_alone(place: Estate, clerk: Staff) -> None:
    outcome = await _bind(place, name="冒名")
    await bindings.disable(outcome.binding_id, staff_id=clerk.id, reason="非本户")
    assert await homes.find(place.resident.id) is None
    with pytest.raises(NotAllowed, match="shut_off"):
        await _bind(place)
    await bindings.restore(outcome.binding_id, staff_id=clerk.id)
    assert (await _bind(place)).status is BindingStatus.ACTIVE


async def test_moving_ends_the_old_binding(place: Estate) -> None:
    await _bind(place)
    outcome = await _bind(place, house=3, relation=Relation.TENANT)
    assert outcome.ended == "1-101"
    rows = await Binding.filter(person=place.resident).order_by("id")
    assert [row.status for row in rows] == [BindingStatus.ENDED, BindingStatus.ACTIVE]
    assert rows[0].ended_at is not None


async def test_binding_twice_the_same_is_binding_once(place: Estate) -> None:
    assert await _bind(place) == await _bind(place)
    assert await Binding.all().count() == 1


async def test_ten_bindings_at_once_leave_one(place: Estate) -> None:
    await asyncio.gather(*(_bind(place, house=number % 4) for number in range(10)))
    assert await Binding.filter(status=BindingStatus.ACTIVE).count() == 1


async def test_unbinding(place: Estate) -> None:
    await _bind(place)
    assert await bindings.unbind(place.resident.id) == "1-101"
    with pytest.raises(NotFound):
        await bindings.unbind(place.resident.id)


async def test_a_new_phone_counts_at_once_and_is_reviewed(place: Estate) -> None:
    await _bind(place)
    await bindings.change_phone(place.resident.id, "13700000002")
    home = await homes.require(place.resident.id)
    assert home.phone == "13700000002"
    assert (await StaffTask.get()).kind is TaskKind.REVIEW
    with pytest.raises(Invalid):
        await bindings.change_phone(place.resident.id, " ")


async def test_an_owner_names_a_member_who_then_binds_unreviewed(place: Estate) -> None:
    await _bind(place)
    mine = place.resident.id
    await household.add(mine, name="王小明", phone="13600000003", relation=Relation.FAMILY)
    assert [(one.name, one.person_id) for one in await household.members(mine)] == [
        ("王芳", mine),
        ("王小明", None),
    ]
    child = await people.ensure("o_child")
    outcome = await _bind(place, name="王小明", phone="13600000003", relation=Relation.FAMILY, person=child)
    assert outcome.matched
    with pytest.raises(NotAllowed, match="owner_only"):
        await household.add(child.id, name="客人", phone="1", relation=Relation.TENANT)
    await household.remove(mine, name="王小明", phone="13600000003")
    assert await homes.find(child.id) is None
    with pytest.raises(NotFound):
        await household.remove(mine, name="王小明", phone="13600000003")


async def test_who_only_says_that_they_live_there_sees_nobody_who_does(place: Estate) -> None:
    await _bind(place)
    stranger = await people.ensure("o_curious")
    bound = await _bind(place, name="李四", phone="13900000009", person=stranger)
    assert [one.name for one in await household.members(stranger.id)] == ["李四"]
    clerk = await Staff.create(login="clerk", name="客服", role=Role.SERVICE)
    await bindings.confirm(bound.binding_id, staff_id=clerk.id)
    assert [one.name for one in await household.members(stranger.id)] == ["王芳", "李四"]


async def test_an_owner_whom_nobody_confirmed_decides_nothing(place: Estate) -> None:
    await _bind(place, name="冒名")
    with pytest.raises(NotAllowed, match="owner_only"):
        await household.add(place.resident.id, name="客人", phone="1", relation=Relation.TENANT)


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


async def test_staff_join_by_invite(place: Estate, clerk: Staff) -> None:
    await Staff.filter(id=clerk.id).update(invite="s:clerk")
    assert (await staff.join(place.resident.id, "s:clerk")).id == clerk.id
    with pytest.raises(NotAllowed):
        await staff.join(place.supervisor.id, "s:clerk")


async def test_a_person_appears_once_however_often_they_write_first(database: str) -> None:
    met = await asyncio.gather(*(people.ensure("o_new") for _ in range(10)))
    assert len({one.id for one in met}) == 1
    await people.unfollow(met[0].id)
    assert not (await Person.get(id=met[0].id)).following


@pytest.mark.parametrize("listed", ["买买提 艾力", "买买提•艾力", "买买提　·　艾力"])
@pytest.mark.parametrize(
    "number", ["138-0000-0009", "+86 138 0000 0009", "(86)13800000009", "１３８00000009"]
)
async def test_the_list_knows_people_however_it_writes_them(place: Estate, listed: str, number: str) -> None:
    await Occupant.create(house_id=place.houses[0].id, name=listed, phone=number, relation=Relation.OWNER)
    outcome = await _bind(place, name="买买提·艾力", phone="13800000009")
    assert outcome.matched and await StaffTask.all().count() == 0


async def test_an_owner_removes_whom_an_older_list_wrote_otherwise(place: Estate) -> None:
    await _bind(place)
    await Occupant.create(house_id=place.houses[0].id, name="李 强", phone="", relation=Relation.FAMILY)
    assert ("李 强", "") in {(one.name, one.phone) for one in await household.members(place.resident.id)}
    await household.remove(place.resident.id, name="李 强", phone="")
    assert not await Occupant.exists(name="李 强")


async def test_whom_the_owner_named_is_known_in_every_spelling(place: Estate) -> None:
    await _bind(place)
    await household.add(place.resident.id, name="李 强", phone="139 0000 0001", relation=Relation.FAMILY)
    await household.add(place.resident.id, name="李强", phone="13900000001", relation=Relation.FAMILY)
    assert await Occupant.filter(name="李强", phone="13900000001").count() == 1
    outcome = await _bind(
        place,
        name="李　强",
        phone="+8613900000001",
        relation=Relation.FAMILY,
        person=await Person.create(channel_id="o-li"),
    )
    assert outcome.matched
