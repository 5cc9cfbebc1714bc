"""The list of repairs: page by page without a gap, narrowed down, counted, and what stands still."""

from datetime import timedelta

import pytest
from tortoise.transactions import in_transaction

from models.community import Community, ManagementOffice
from models.people import Role, Staff
from models.tickets import Ticket
from services import actors, clock
from services.actors import OPERATOR, Actor
from services.errors import Invalid
from services.repairs import dispatch, handling, jobs, listing
from services.repairs.listing import Group, Order, Wanted
from tests.world import estate
from tests.world.estate import Estate
from tests.world.units import within

pytestmark = pytest.mark.usefixtures("monday")


@pytest.fixture
async def clerk(place: Estate) -> Actor:
    made = await Staff.create(login="clerk", name="客服", role=Role.SERVICE, office=place.office)
    return await actors.staff(made.id)


async def _numbers(wanted: Wanted, clerk: Actor, limit: int = 50) -> list[str]:
    """Of all pages, one after the other."""
    found, after = [], ""
    while True:
        page = await listing.rows(wanted, actor=clerk, after=after, limit=limit)
        found += [one.number for one in page.rows]
        after = page.after
        if not after:
            return found


@pytest.mark.parametrize("order", Order)
async def test_pages_follow_each_other_without_a_gap_while_new_ones_come(
    place: Estate, clerk: Actor, order: Order
) -> None:
    made = [(await estate.reported(place)).number for _ in range(7)]
    first = await listing.rows(Wanted(order=order), actor=clerk, limit=3)
    await estate.reported(place)
    second = await listing.rows(Wanted(order=order), actor=clerk, after=first.after, limit=3)
    seen = [one.number for one in [*first.rows, *second.rows]]
    assert seen == (made[::-1] if order is Order.NEWEST else made)[:6]
    assert len(await _numbers(Wanted(order=order), clerk, limit=2)) == 8


async def test_counts_are_those_of_the_lists(place: Estate, clerk: Actor) -> None:
    plumber = await estate.technician(place, "水工")
    for end in ("new", "working", "held", "rating", "declined"):
        made = await estate.reported(place)
        if end == "declined":
            await within(handling.decline(made.id, actor=clerk, reason="重复"))
        elif end != "new":
            await _worked_on(made.id, plumber.id, clerk, end)
    for narrowed in (Wanted(), Wanted(technician_id=plumber.id), Wanted(technician_id=listing.NOBODY)):
        for group in Group:
            wanted = listing.of_group(narrowed, group)
            counts = await listing.counts(wanted, actor=clerk)
            if group in counts:
                assert counts[group] == len(await _numbers(wanted, clerk)), (narrowed, group)
    assert (await listing.counts(Wanted(group=Group.ENDED), actor=clerk))[Group.ENDED] == 1
    by_status = await listing.by_status(Wanted(), actor=clerk)
    assert by_status == {"submitted": 1, "dispatched": 1, "on_hold": 1, "awaiting_resident": 1}


async def _worked_on(ticket_id: int, technician_id: int, clerk: Actor, end: str) -> None:
    await within(dispatch.assign(ticket_id, technician_id=technician_id, actor=clerk))
    actor = actors.technician(technician_id)
    if end == "working":
        return
    await within(jobs.confirm(ticket_id, actor=actor, eta=clock.now() + timedelta(hours=1)))
    await within(jobs.arrive(ticket_id, actor=actor))
    if end == "held":
        await within(jobs.hold(ticket_id, actor=actor, reason="等配件"))
    else:
        await within(jobs.finish(ticket_id, actor=actor))


async def test_what_nothing_happened_to_for_two_working_days_stands_still(
    place: Estate, clerk: Actor
) -> None:
    made = await estate.reported(place)
    with clock.fixed(clock.now() + timedelta(days=1, hours=23)):
        assert await _numbers(Wanted(group=Group.STALLED), clerk) == []
    with clock.fixed(clock.now() + timedelta(days=2, hours=1)):
        assert await _numbers(Wanted(group=Group.STALLED), clerk) == [made.number]
        await within(handling.remark(made.id, "催过了", actor=clerk))
        assert await _numbers(Wanted(group=Group.STALLED), clerk) == []
    with clock.fixed(clock.now() + timedelta(days=5)):  # over the weekend
        assert (await listing.counts(Wanted(), actor=clerk))[Group.STALLED] == 1


async def test_only_overdue_ones_by_the_clock_that_runs(place: Estate, clerk: Actor) -> None:
    made = await estate.reported(place)
    overdue = Wanted(overdue=True)
    assert await _numbers(overdue, clerk) == []
    with clock.fixed(clock.now() + timedelta(hours=1)):
        assert await _numbers(overdue, clerk) == [made.number]  # nobody answered
        plumber = await estate.technician(place, "水工")
        await _worked_on(made.id, plumber.id, clerk, "held")
    with clock.fixed(clock.now() + timedelta(days=9)):
        assert await _numbers(overdue, clerk) == []  # it pauses
    until = clock.now() + timedelta(days=2)
    await Ticket.filter(id=made.id).update(hold_until=until)
    with clock.fixed(until + timedelta(hours=1)):
        assert await _numbers(overdue, clerk) == [made.number]  # that day has come


FOUND = (
    ("王芳", True), ("王", True), ("芳", True), ("李", False), ("13800000001", True), ("0001", True),
     ("0009", False), ("1-101", True), ("1栋101", True), ("101", True), ("2-201", False), ("%", False),
     ("_", False), ("'", False),
)  # fmt: skip


async def test_found_by_name_house_and_phone(place: Estate, clerk: Actor) -> None:
    await Ticket.filter(id=(await estate.reported(place)).id).update(contact_phone="13999999999")
    for search, there in FOUND:
        assert bool(await _numbers(Wanted(search=search), clerk)) is there, search


async def test_found_by_its_number_however_it_is_written(place: Estate, clerk: Actor) -> None:
    number = (await estate.reported(place)).number
    for written in (number, number.lower(), f"{number[:4]} {number[4:]}", number.removeprefix("BX")):
        assert await _numbers(Wanted(search=written), clerk) == [number]


async def test_nothing_of_another_office_is_listed_or_counted(place: Estate, clerk: Actor) -> None:
    await estate.reported(place)
    west = await ManagementOffice.create(name="西区管理处")
    await Community.create(office=west, code="c:far", name="远处")
    far = await Staff.create(login="far", name="远", role=Role.SERVICE, office=west)
    actor = await actors.staff(far.id)
    assert await _numbers(Wanted(), actor) == []
    assert set((await listing.counts(Wanted(), actor=actor)).values()) == {0}
    assert await listing.by_status(Wanted(), actor=actor) == {}
    assert len(await _numbers(Wanted(), OPERATOR)) == 1


async def test_a_key_that_no_page_made_is_refused(place: Estate, clerk: Actor) -> None:
    with pytest.raises(Invalid):
        await listing.rows(Wanted(), actor=clerk, after="1;2")


@pytest.mark.parametrize(
    ("condition", "index"),
    [
        (listing.OPEN, "ticket_unfinished"),
        ("t.urgent", "ticket_urgent"),
        ("t.category_id = 1", "category_id"),
        ("t.technician_id = 1", "technician_id"),
        ("t.community_id = 1", "community_id"),
    ],
)
async def test_each_way_to_narrow_down_goes_along_an_index(database: str, condition: str, index: str) -> None:
    async with in_transaction() as connection:
        await connection.execute_query("SET LOCAL enable_seqscan = off")  # the table here is empty
        await connection.execute_query("SET LOCAL enable_sort = off")
        await connection.execute_query("SET LOCAL enable_bitmapscan = off")
        question = (
            f"EXPLAIN SELECT id FROM ticket t WHERE {condition} AND t.id < 9 ORDER BY t.id DESC LIMIT 50"  # noqa: S608 - constants of this file
        )
        plan = await connection.execute_query_dict(question)
    text = " ".join(line["QUERY PLAN"] for line in plan)
    assert "Backward" in text
    assert index in text or "ticket_pkey" not in text, text
