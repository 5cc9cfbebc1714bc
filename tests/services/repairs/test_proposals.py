"""Several households of one building report the same: staff are asked once whether it is one fault."""

from datetime import timedelta

import pytest

from models.community import House
from models.faults import FaultProposal
from models.people import Person
from models.tasks import StaffTask
from services import actors, clock
from services.actors import OPERATOR
from services.errors import NotAllowed
from services.repairs import jobs, proposals, reporting
from services.repairs.insertion import Report, Submitted
from tests.world import estate, places
from tests.world.estate import Estate, told
from tests.world.units import within

pytestmark = pytest.mark.usefixtures("monday")


@pytest.fixture
async def houses(place: Estate) -> list[House]:
    """Seven of one building."""
    return [place.house, *[await places.house(place.community, f"1-{floor}01") for floor in range(3, 9)]]


async def _report(place: Estate, house: House, *, minute: float = 0, code: str = "water") -> Submitted:
    who = await Person.create(channel_id=f"o_{house.label}_{minute}_{code}", name="住户")
    with clock.fixed(clock.now() + timedelta(minutes=minute)):
        report = Report(who.id, place.community.id, code, house_id=house.id, description="停水了")
        made = await within(reporting.submit(report, actor=actors.person(who.id)))
        await estate.run_timers()
    return made


async def _open() -> list[proposals.ProposalView]:
    return await proposals.listed(actor=OPERATOR)


async def _asked() -> list[tuple[str, object]]:
    rows = await StaffTask.filter(reason="same_fault", done_at=None)
    return [(row.values["building"], row.values["count"]) for row in rows]


async def test_five_households_in_half_an_hour_are_proposed_once(place: Estate, houses: list[House]) -> None:
    made = [await _report(place, house, minute=6 * n) for n, house in enumerate(houses[:4])]
    await _report(place, houses[0], minute=19, code="electric")  # something else
    again = await _report(place, houses[1], minute=20)  # a household that reported it already
    assert await _open() == []
    made.append(await _report(place, houses[4], minute=25))
    (found,) = await _open()
    assert {one.number for one in found.reports} == {one.number for one in [*made, again]}
    assert (found.building, found.count) == ("1", 5)
    assert await _asked() == [("1", 5)]
    await _report(place, houses[5], minute=40)  # it grows while nobody decides
    assert [one.count for one in await _open()] == [6]
    assert await _asked() == [("1", 6)]


async def test_slowly_or_elsewhere_it_is_nothing(place: Estate, houses: list[House]) -> None:
    for n, house in enumerate(houses[:5]):
        await _report(place, house, minute=9 * n)
    for house in place.houses[2:]:
        await _report(place, house, minute=36)
    assert await _open() == []


async def test_one_tap_merges_and_one_more_report_asks_again(place: Estate, houses: list[House]) -> None:
    plumber = await estate.technician(place, "水工")
    made = [await _report(place, house) for house in houses[:5]]
    await within(jobs.arrive(made[2].id, actor=actors.technician(plumber.id)))
    (found,) = await _open()
    number = await within(proposals.accept(found.id, actor=OPERATOR))
    assert number == made[2].number  # work has begun on it
    tickets = [await estate.ticket(one) for one in made]
    assert [one.duplicate_of_id for one in tickets] == [
        None if one.id == made[2].id else made[2].id for one in made
    ]
    assert (await _open(), await _asked()) == ([], [])
    with pytest.raises(NotAllowed):
        await within(proposals.accept(found.id, actor=OPERATOR))
    late = await _report(place, houses[6], minute=120)
    (again,) = await _open()
    assert (again.id, again.main, again.count) == (found.id, made[2].number, 6)
    assert await within(proposals.accept(again.id, actor=OPERATOR)) == made[2].number
    assert (await estate.ticket(late)).duplicate_of_id == made[2].id


async def test_no_one_thing_is_not_proposed_again(place: Estate, houses: list[House]) -> None:
    for house in houses[:5]:
        await _report(place, house)
    (found,) = await _open()
    await within(proposals.refuse(found.id, actor=OPERATOR))
    assert (await _open(), await _asked()) == ([], [])
    await _report(place, houses[5], minute=3)
    assert await _open() == []


async def test_a_slip_is_undone_and_nobody_hears_of_it(place: Estate, houses: list[House]) -> None:
    made = [await _report(place, house) for house in houses[:5]]
    before = [(await estate.ticket(one)).status for one in made]
    (found,) = await _open()
    await within(proposals.accept(found.id, actor=OPERATOR))
    await within(proposals.undo(found.id, actor=OPERATOR))
    assert [(await estate.ticket(one)).status for one in made] == before
    for one in made:
        assert not {"repair.merged", "repair.unmerged"} & set(
            await told((await estate.ticket(one)).reporter_id)
        )
    assert [one.count for one in await _open()] == [5]
    await within(proposals.refuse(found.id, actor=OPERATOR))
    await within(proposals.undo(found.id, actor=OPERATOR))
    assert [one.count for one in await _open()] == [5]
    assert (await FaultProposal.get()).decided == 4
