"""Who could do a job: trade, duty, load, and how far off they are."""

import pytest

from models.people import Person, Role, Staff, Technician
from services import actors
from services.actors import Actor
from services.errors import NotFound
from services.repairs import crew, dispatch, reporting
from services.repairs.crew import Candidate, Near, Reach
from services.repairs.insertion import Report, Submitted
from tests.world import estate, places
from tests.world.estate import Estate
from tests.world.units import within

pytestmark = pytest.mark.usefixtures("monday")


@pytest.fixture
async def place(database: str) -> Estate:
    found = await estate.build()
    for label in ("4-1-101", "4-1-102", "4-2-101"):
        found.houses.append(await places.house(found.community, label))
    return found


@pytest.fixture
async def clerk(place: Estate) -> Actor:
    made = await Staff.create(login="clerk", name="客服", role=Role.SERVICE, office=place.office)
    return await actors.staff(made.id)


async def _job_at(place: Estate, label: str) -> Submitted:
    house = next(one for one in place.houses if one.label == label)
    report = Report(place.resident.id, place.community.id, "water", house_id=house.id, description="漏水")
    return await within(reporting.submit(report, actor=actors.person(place.resident.id)))


async def _found(made: Submitted, clerk: Actor) -> dict[str, Candidate]:
    return {one.name: one for one in await crew.of(made.id, actor=clerk)}


@pytest.mark.parametrize(
    ("at", "near", "apart"),
    [
        ("4-1-101", Near.HOUSE, 0),
        ("4-1-102", Near.UNIT, 0),
        ("4-2-101", Near.BUILDING, 0),
        ("2-101", Near.APART, 2),
    ],
)
async def test_how_far_somebody_is_is_told_by_the_job_they_have(
    place: Estate, clerk: Actor, at: str, near: Near, apart: int
) -> None:
    plumber = await estate.technician(place, "水工")
    other = await _job_at(place, at)
    await within(dispatch.assign(other.id, technician_id=plumber.id, actor=clerk))
    found = (await _found(await _job_at(place, "4-1-101"), clerk))["水工"]
    assert (found.near, found.apart, found.at, found.load) == (near, apart, at, 1)


async def test_who_fits_comes_first_then_the_idle_then_the_near(place: Estate, clerk: Actor) -> None:
    busy, near, idle = [await estate.technician(place, name) for name in ("忙的", "近的", "闲的")]
    await estate.technician(place, "电工", "electric")
    await estate.technician(place, "休息的", on_duty=False)
    for who, label in ((busy, "2-101"), (busy, "2-201"), (near, "4-1-102")):
        made = await _job_at(place, label)
        await within(dispatch.assign(made.id, technician_id=who.id, actor=clerk))
    found = await crew.of((await _job_at(place, "4-1-101")).id, actor=clerk)
    assert [one.name for one in found] == [idle.name, "近的", "忙的", "休息的", "电工"]
    assert [one.fits for one in found] == [True, True, True, False, False]


async def test_who_never_joined_or_follows_no_more_is_said_so(place: Estate, clerk: Actor) -> None:
    await Technician.create(
        name="没加入", phone="1", office=place.office, invite="t:x", skills=["water"],
        communities=[place.community.id], on_duty=True,
    )  # fmt: skip
    gone = await estate.technician(place, "取关了")
    await Person.filter(id=gone.person_id or 0).update(following=False)
    made = await _job_at(place, "4-1-101")
    for found in (await _found(made, clerk), await _found_for([made], clerk)):
        assert [found[name].reach for name in ("没加入", "取关了")] == [Reach.NOT_JOINED, Reach.NOT_FOLLOWING]
        assert not found["没加入"].fits
        assert not found["取关了"].fits


async def test_for_several_it_is_counted_how_many_are_not_for_somebody(place: Estate, clerk: Actor) -> None:
    both = await estate.technician(place, "都会", "water", "electric")
    await estate.technician(place, "电工", "electric")
    far = await estate.technician(place, "远的")
    await Technician.filter(id=far.id).update(communities=[])
    await estate.technician(place, "休息的", "water", "electric", on_duty=False)
    made = [await estate.reported(place, code) for code in ("water", "water", "electric")]
    found = await _found_for(made, clerk)
    counts = {name: (one.unskilled, one.unserved, one.fits) for name, one in found.items()}
    assert counts == {
        both.name: (0, 0, True), "电工": (2, 0, False), "远的": (0, 3, False), "休息的": (0, 0, False),
    }  # fmt: skip
    assert next(iter(found)) == both.name


async def _found_for(made: list[Submitted], clerk: Actor) -> dict[str, Candidate]:
    found = await crew.of_several([one.id for one in made], actor=clerk)
    return {one.name: one for one in found}


async def test_a_ticket_of_another_office_has_nobody(place: Estate, clerk: Actor) -> None:
    with pytest.raises(NotFound):
        await crew.of(999_999, actor=clerk)
