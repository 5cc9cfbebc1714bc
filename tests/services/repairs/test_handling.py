"""What customer service decides on a repair, and one fault reported twice."""

from datetime import timedelta

import pytest

from models.people import Role, Staff
from models.tickets import Area, Outage, TicketFollower
from services import actors, clock
from services.errors import Invalid, NotAllowed, NotFound
from services.estate import people
from services.repairs import handling, jobs, known_faults, reporting
from services.repairs.insertion import Report, Submitted
from tests.world import estate
from tests.world.estate import Estate, told
from tests.world.units import within

pytestmark = pytest.mark.usefixtures("monday")


@pytest.fixture
async def clerk(place: Estate) -> Staff:
    return await Staff.create(login="clerk", name="客服", role=Role.SERVICE)


async def _lamp(place: Estate, where: str = "1栋一层大堂") -> Submitted:
    return await within(
        reporting.submit(
            Report(
                place.resident.id,
                place.community.id,
                "electric",
                house_id=place.house.id,
                area=Area.PUBLIC,
                place=where,
            ),
            actor=actors.person(place.resident.id),
        )
    )


async def test_accepting_and_declining_are_told(place: Estate, clerk: Staff) -> None:
    made = await estate.reported(place)
    await within(handling.accept(made.id, actor=await actors.staff(clerk.id)))
    with pytest.raises(Invalid):
        await within(handling.decline(made.id, actor=await actors.staff(clerk.id), reason=" "))
    await within(handling.decline(made.id, actor=await actors.staff(clerk.id), reason="不属物业范围"))
    assert (await estate.ticket(made)).status == "declined"
    assert await told(place.resident.id) == ["repair.declined"]  # the unsent acceptance was taken back
    with pytest.raises(NotAllowed):
        await within(handling.accept(made.id, actor=await actors.staff(clerk.id)))


async def test_cancelling_by_phone_is_told_to_both(place: Estate, clerk: Staff) -> None:
    plumber = await estate.technician(place, "水工")
    made = await estate.given_to(place, plumber)
    await within(handling.cancel(made.id, actor=await actors.staff(clerk.id), reason="住户来电"))
    assert await told(place.resident.id) == ["repair.cancelled"]
    assert await told(plumber.person_id or 0) == ["job.cancelled"]


async def test_another_time_agreed_by_phone(place: Estate, clerk: Staff) -> None:
    plumber = await estate.technician(place, "水工")
    made = await estate.given_to(place, plumber)
    await within(
        jobs.confirm(made.id, actor=actors.technician(plumber.id), eta=clock.now() + timedelta(hours=1))
    )
    later = clock.now() + timedelta(days=1)
    await within(handling.reschedule(made.id, actor=await actors.staff(clerk.id), eta=later))
    assert (await estate.ticket(made)).eta == later
    assert (await told(place.resident.id)).count("repair.confirmed") == 2
    assert (await told(plumber.person_id or 0))[-1] == "job.rescheduled"
    with pytest.raises(Invalid, match="eta_past"):
        await within(handling.reschedule(made.id, actor=await actors.staff(clerk.id), eta=clock.now()))


async def test_somebody_who_came_on_duty_gets_what_waited(place: Estate, clerk: Staff) -> None:
    made = await estate.reported(place)
    await estate.run_timers()
    plumber = await estate.technician(place, "水工")
    await within(handling.look_again(made.id, actor=await actors.staff(clerk.id)))
    await estate.run_timers()
    assert (await estate.ticket(made)).technician_id == plumber.id


async def test_the_same_public_fault_is_recognised_by_trade_and_place(place: Estate) -> None:
    made = await _lamp(place)
    code, here = "electric", place.community.id

    async def number_of(where: str, category: str = code, building: int | None = None) -> str:
        known = await known_faults.same_public_fault(
            here, category_code=category, place=where, building_id=building
        )
        return known.number if known else ""

    assert await number_of("1号楼 一层大堂") == made.number
    assert await number_of("一层大堂", building=place.house.building_id) == made.number
    assert await number_of("一层大堂", building=place.houses[2].building_id) == ""
    assert await number_of("地下车库") == ""
    assert await number_of("1栋一层大堂", category="water") == ""
    await within(reporting.cancel(made.id, actor=actors.person(place.resident.id)))
    assert await number_of("1栋一层大堂") == ""


async def test_a_repair_at_home_is_nobody_elses(place: Estate) -> None:
    await estate.reported(place)
    assert (
        await known_faults.same_public_fault(place.community.id, category_code="water", place="厨房") is None
    )


async def test_followers_hear_when_it_is_mended(place: Estate) -> None:
    electrician = await estate.technician(place, "电工")
    made = await _lamp(place)
    neighbour = await people.ensure("o_neighbour")
    for _ in range(2):
        await within(known_faults.follow(made.id, actor=actors.person(neighbour.id)))
    assert await TicketFollower.all().count() == 1
    await estate.run_timers()
    await within(jobs.arrive(made.id, actor=actors.technician(electrician.id)))
    await within(jobs.finish(made.id, actor=actors.technician(electrician.id)))
    assert await told(neighbour.id) == ["repair.followed_finished"]


async def test_followers_hear_when_it_is_taken_back_or_declined(place: Estate, clerk: Staff) -> None:
    neighbour = await people.ensure("o_neighbour")
    taken_back, by_phone, declined = [await _lamp(place) for _ in range(3)]
    for one in (taken_back, by_phone, declined):
        await within(known_faults.follow(one.id, actor=actors.person(neighbour.id)))
    await within(reporting.cancel(taken_back.id, actor=actors.person(place.resident.id)))
    await within(handling.cancel(by_phone.id, actor=await actors.staff(clerk.id)))
    await within(handling.decline(declined.id, actor=await actors.staff(clerk.id), reason="属于市政"))
    assert await told(neighbour.id) == [
        "repair.followed_cancelled",
        "repair.followed_cancelled",
        "repair.followed_declined",
    ]


async def test_nobody_follows_what_is_mended_in_anothers_home(place: Estate) -> None:
    made = await estate.reported(place)
    neighbour = await people.ensure("o_neighbour")
    with pytest.raises(NotFound):
        await within(known_faults.follow(made.id, actor=actors.person(neighbour.id)))


@pytest.mark.parametrize(
    ("building", "starts", "ends", "known"),
    [
        (None, -1, None, True),
        (0, -1, 1, True),
        (2, -1, 1, False),  # in the other building
        (0, -2, -1, False),  # over
        (0, 1, 2, False),  # not yet
    ],
)
async def test_an_outage_is_known_where_and_while_it_is(
    place: Estate, building: int | None, starts: int, ends: int | None, known: bool
) -> None:
    await Outage.create(
        community=place.community,
        building_id=None if building is None else place.houses[building].building_id,
        category_code="water",
        text="停水",
        starts_at=clock.now() + timedelta(hours=starts),
        ends_at=None if ends is None else clock.now() + timedelta(hours=ends),
    )
    found = await known_faults.outages(
        place.community.id, building_id=place.house.building_id, category_code="water"
    )
    assert [one.text for one in found] == ["停水"] * known
    assert await known_faults.outages(place.community.id, category_code="electric") == []
