"""开工单: staff open a ticket for somebody who calls, or from a talk; whoever has a phone only is known by it."""

from dataclasses import replace
from datetime import timedelta

import pytest

from models.community import Community, ManagementOffice, Occupant
from models.events import SubjectKind
from models.media import MediaFile, MediaStatus
from models.people import Person, Role, Staff
from models.tickets import Area, Outage, Ticket, TicketPhoto
from services import actors, clock, events
from services.actors import Actor
from services.errors import Invalid, MayNot, NotAllowed, NotFound
from services.repairs import opening
from services.repairs.opening import Caller, Told
from tests.world import estate, places
from tests.world.estate import Estate, told
from tests.world.units import within

pytestmark = pytest.mark.usefixtures("monday")

LEAK = Told("water", place="厨房", description="水龙头漏水")


@pytest.fixture
async def place(database: str) -> Estate:
    found = await estate.build()
    await places.bind(found.resident, found.house)
    return found


@pytest.fixture
async def clerk(place: Estate) -> Actor:
    made = await Staff.create(login="clerk", name="客服", role=Role.SERVICE, office=place.office)
    return await actors.staff(made.id)


async def _open(caller: Caller, told_of: Told, clerk: Actor, key: str = "k") -> Ticket:
    made = await within(opening.open_for(caller, told_of, key=key, source="phone", actor=clerk))
    return await Ticket.get(id=made.id)


async def test_for_somebody_who_is_bound_it_is_their_ticket_and_they_are_told(
    place: Estate, clerk: Actor
) -> None:
    made = await _open(Caller(person_id=place.resident.id), LEAK, clerk)
    assert (made.reporter_id, made.house_id, made.source) == (place.resident.id, place.house.id, "phone")
    assert (made.contact_name, made.contact_phone) == ("王芳", "13800000001")
    assert await told(place.resident.id) == ["repair.opened"]
    happened = await events.of(SubjectKind.TICKET, made.id)
    assert [(one.verb, one.actor_kind) for one in happened] == [("submit", "staff"), ("open_for", "staff")]


async def test_a_house_a_name_and_a_phone_find_whoever_is_bound_there(place: Estate, clerk: Actor) -> None:
    caller = Caller(community_id=place.community.id, house="1栋101", name="王　芳", phone="138 0000 0001")
    assert (await _open(caller, LEAK, clerk)).reporter_id == place.resident.id


async def test_whoever_only_calls_is_known_by_their_number_and_called_back(
    place: Estate, clerk: Actor
) -> None:
    listed = await Occupant.create(house=place.houses[1], name="孙大爷", phone="057188880001")
    first = await _open(Caller(occupant_id=listed.id), LEAK, clerk)
    other = replace(LEAK, category_code="electric", description="灯不亮")
    again = await _open(Caller(occupant_id=listed.id), other, clerk, key="another")
    assert first.reporter_id == again.reporter_id
    caller = await Person.get(id=first.reporter_id)
    assert (caller.channel, caller.name, caller.following) == ("phone", "孙大爷", False)
    assert first.house_id == place.houses[1].id


async def test_a_page_that_sends_twice_opens_once(place: Estate, clerk: Actor) -> None:
    caller = Caller(person_id=place.resident.id)
    first = await _open(caller, LEAK, clerk)
    assert await _open(caller, LEAK, clerk) == first
    assert await Ticket.all().count() == 1


async def test_photos_are_those_of_whom_it_is_for(place: Estate, clerk: Actor) -> None:
    own, foreign = [
        await MediaFile.create(person=one, media_id=f"m{one.id}", status=MediaStatus.STORED, sha256="a" * 64)
        for one in (place.resident, place.supervisor)
    ]
    shown = replace(LEAK, photos=[own.id, foreign.id], messages=[7])
    made = await _open(Caller(person_id=place.resident.id), shown, clerk)
    assert [one.media_id for one in await TicketPhoto.filter(ticket_id=made.id)] == [own.id]
    assert await opening.used(place.resident.id) == {7: made.number}


async def test_a_public_place_needs_no_house(place: Estate, clerk: Actor) -> None:
    caller = Caller(community_id=place.community.id, name="路人", phone="13900000009")
    lamp = Told("electric", area=Area.PUBLIC, place="1栋一层大堂", description="灯不亮")
    assert (await _open(caller, lamp, clerk)).house_id is None


async def test_what_is_announced_or_reported_already_is_said_first(place: Estate, clerk: Actor) -> None:
    await Outage.create(
        community=place.community,
        category_code="water",
        text="水管抢修，下午四点来水。",
        starts_at=clock.now(),
    )
    mine = Caller(person_id=place.resident.id)
    with pytest.raises(NotAllowed, match="known_outage"):
        await _open(mine, LEAK, clerk)
    lamp = Told("electric", area=Area.PUBLIC, place="1栋一层大堂", description="灯不亮")
    await _open(mine, lamp, clerk)
    neighbour = Caller(community_id=place.community.id, name="邻居", phone="13900000009")
    for caller, phrase in ((mine, "known_own"), (neighbour, "known_fault")):
        with pytest.raises(NotAllowed, match=phrase):
            await _open(caller, lamp, clerk, key="again")
    for told_of, key in ((LEAK, "k1"), (lamp, "k2")):
        await _open(mine, replace(told_of, anyway=True), clerk, key=key)
    assert await Ticket.all().count() == 3


async def test_their_own_report_of_the_same_is_said_first_while_it_is_not_mended(
    place: Estate, clerk: Actor
) -> None:
    mine = Caller(person_id=place.resident.id)
    reported = await estate.reported(place)
    with pytest.raises(NotAllowed, match="known_own") as known:
        await _open(mine, LEAK, clerk)
    assert known.value.values["number"] == reported.number
    await _open(mine, replace(LEAK, category_code="electric"), clerk, key="another matter")
    for status in ("awaiting_resident", "closed"):
        await Ticket.filter(id=reported.id).update(status=status)
        await _open(mine, LEAK, clerk, key=status)
        await Ticket.filter(category__code="water", status="submitted").update(status="cancelled")


MISSING = (
    (Caller(name="王", phone="13900000009"), LEAK, "ticket.community_needed"),
    (Caller(community_id=1, house="9-999", name="王", phone="13900000009"), LEAK, "ticket.no_such_house"),
    (Caller(community_id=1, name="王", phone="13900000009"), LEAK, "ticket.house_needed"),
    (Caller(community_id=1, house="1-101", name="", phone="13900000009"), LEAK, "ticket.caller_needed"),
    (Caller(community_id=1, house="1-101", name="王", phone=""), LEAK, "ticket.caller_needed"),
    (Caller(community_id=1, house="1-101", name="王", phone="1390000"), LEAK, "ticket.bad_phone"),
    (Caller(community_id=1, house="1-101", name="王", phone="13900000009"), Told("water"), "ticket.desc"),
    (
        Caller(community_id=1, house="1-101", name="王", phone="13900000009"),
        replace(LEAK, category_code="x"),
        "no_such_category",
    ),
)


async def test_what_is_missing_is_said(place: Estate, clerk: Actor) -> None:
    for caller, told_of, phrase in MISSING:
        here = replace(caller, community_id=caller.community_id and place.community.id)
        with pytest.raises(Invalid, match=phrase):
            await _open(here, told_of, clerk)
    assert await Ticket.all().count() == 0


async def test_who_is_bound_to_no_house_is_called_on_the_number_that_is_known(
    place: Estate, clerk: Actor
) -> None:
    person = await Person.create(channel_id="o_visitor", name="访客小周", phone="13700002222")
    shown = await opening.of_person(person.id, actor=clerk)
    assert shown.phone == "137****2222"
    caller = Caller(person_id=person.id, community_id=place.community.id)
    ticket = await _open(caller, replace(LEAK, area=Area.PUBLIC, place="大堂"), clerk)
    assert (ticket.contact_name, ticket.contact_phone) == ("访客小周", "13700002222")
    with pytest.raises(NotFound):
        await _open(replace(caller, person_id=999_999), LEAK, clerk)


async def test_an_appointment_that_is_over_is_none(place: Estate, clerk: Actor) -> None:
    hour, now = timedelta(hours=1), clock.now()
    for start, end, why in (
        (now - hour, None, "appointment_past"),
        (now + 2 * hour, now + hour, "appointment_backwards"),
        (None, now + hour, "start_needed"),
    ):
        with pytest.raises(Invalid, match=why):
            await _open(Caller(person_id=place.resident.id), replace(LEAK, start=start, end=end), clerk)


async def test_nobody_opens_one_outside_of_their_communities_or_their_work(
    place: Estate, clerk: Actor
) -> None:
    far = await ManagementOffice.create(name="西区")
    await Community.create(office=far, code="c:far", name="远处")
    stranger = await Staff.create(login="far", name="远", role=Role.SERVICE, office=far)
    listed = await Occupant.create(house=place.house, name="孙大爷", phone="057188880001")
    actor = await actors.staff(stranger.id)
    for caller in (Caller(person_id=place.resident.id), Caller(occupant_id=listed.id)):
        with pytest.raises(NotFound):
            await _open(caller, LEAK, actor)
    with pytest.raises(Invalid, match="community_needed"):
        await _open(Caller(community_id=place.community.id, name="王", phone="13900000009"), LEAK, actor)
    leader = await Staff.create(login="lead", name="领导", role=Role.LEADER)
    with pytest.raises(MayNot):
        await _open(Caller(person_id=place.resident.id), LEAK, await actors.staff(leader.id))
