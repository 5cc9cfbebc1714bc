"""Whom owners name, see and remove in their house."""

import pytest

from dialogs import shipped
from models.community import Occupant, Relation
from models.events import SubjectKind
from models.outbox import Outbox
from models.people import Binding, Person
from services.actors import Actor
from services.errors import NotAllowed, NotFound
from services.estate import homes, household, people, reviews
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


async def test_an_owner_names_a_member_who_then_binds_unreviewed(place: Estate) -> None:
    await acts.bind(place)
    mine = place.resident.id
    await acts.adds(mine, name="王小明", phone="13600000003", relation=Relation.FAMILY)
    assert [(one.name, one.joined) for one in await household.members(mine)] == [
        ("王芳", True),
        ("王小明", False),
    ]
    child = await people.ensure("o_child")
    outcome = await acts.bind(
        place, name="王小明", phone="13600000003", relation=Relation.FAMILY, person=child
    )
    assert outcome.matched
    with pytest.raises(NotAllowed, match="owner_only"):
        await acts.adds(child.id, name="客人", phone="1", relation=Relation.TENANT)
    await acts.removes(mine, "王小明")
    assert await homes.find(child.id) is None
    with pytest.raises(NotFound):
        await acts.removes(mine, "王小明")


async def test_who_only_says_that_they_live_there_sees_nobody_who_does(place: Estate) -> None:
    await acts.bind(place)
    stranger = await people.ensure("o_curious")
    bound = await acts.bind(place, name="李四", phone="13900000009", person=stranger)
    assert [one.name for one in await household.members(stranger.id)] == ["李四"]
    clerk = await places.clerk()
    await within(reviews.confirm(bound.binding_id, actor=clerk))
    assert [one.name for one in await household.members(stranger.id)] == ["王芳", "李四"]


async def test_an_owner_whom_nobody_confirmed_decides_nothing(place: Estate) -> None:
    await acts.bind(place, name="冒名")
    with pytest.raises(NotAllowed, match="owner_only"):
        await acts.adds(place.resident.id, name="客人", phone="1", relation=Relation.TENANT)


async def test_an_owner_removes_whom_an_older_list_wrote_otherwise(place: Estate) -> None:
    await acts.bind(place)
    await Occupant.create(house_id=place.houses[0].id, name="李 强", phone="", relation=Relation.FAMILY)
    assert ("李 强", "") in {(one.name, one.phone) for one in await household.members(place.resident.id)}
    await acts.removes(place.resident.id, "李 强")
    assert not await Occupant.exists(name="李 强", left_at=None)


async def test_whom_the_owner_named_is_known_in_every_spelling(place: Estate) -> None:
    await acts.bind(place)
    await acts.adds(place.resident.id, name="李 强", phone="139 0000 0001", relation=Relation.FAMILY)
    await acts.adds(place.resident.id, name="李强", phone="13900000001", relation=Relation.FAMILY)
    assert await Occupant.filter(name="李强", phone="13900000001").count() == 1
    outcome = await acts.bind(
        place,
        name="李　强",
        phone="+8613900000001",
        relation=Relation.FAMILY,
        person=await Person.create(channel_id="o-li"),
    )
    assert outcome.matched


async def test_what_an_owner_writes_on_the_list_is_recorded_of_the_house(place: Estate) -> None:
    await acts.bind(place)
    await acts.adds(place.resident.id, name="王小明", phone="13600000003", relation=Relation.FAMILY)
    await acts.removes(place.resident.id, "王小明")
    assert await acts.happened(SubjectKind.HOUSE, place.house.id) == [
        ("member_added", "person"),
        ("member_removed", "person"),
    ]


async def test_confirmed_owners_hear_of_each_new_member_and_nobody_else(place: Estate, clerk: Actor) -> None:
    await acts.bind(place)
    unconfirmed = await acts.bind(place, name="李四", person=await people.ensure("o_claims"))
    assert await told(place.resident.id) == ["binding.new_member"]
    tenant = await people.ensure("o_tenant")
    await acts.bind(place, name="房客", phone="13512345678", relation=Relation.TENANT, person=tenant)
    assert await told(place.resident.id) == ["binding.new_member"] * 2
    claims = (await Binding.get(id=unconfirmed.binding_id)).person_id
    assert await told(claims) == [] and await told(tenant.id) == []
    values = (await Outbox.filter(person_id=place.resident.id).order_by("-id").first()).payload["values"]
    said = shipped.phrases().reply("binding.new_member", values).text
    assert "房客（租客，135****5678）" in said and "1栋101" in said
