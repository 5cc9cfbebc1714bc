"""Several at once on the tickets of one fault: nobody waits for somebody who waits for them."""

import asyncio
import random
from collections.abc import Awaitable, Callable

import pytest

from models.media import MediaFile
from models.people import Person
from models.tickets import Ticket
from services import actors, work
from services.actors import OPERATOR
from services.errors import DomainError
from services.repairs import handling, holding, jobs, merging, ratings, reporting, standing
from services.repairs.insertion import Submitted
from tests.services.repairs.reports import five, numbers_said
from tests.world import estate
from tests.world.estate import Estate
from tests.world.units import others_wait, within

pytestmark = pytest.mark.usefixtures("monday")
Act = Callable[[], Awaitable[object]]


async def _one_behind_the_other(first: Act, *others: Act) -> None:
    """The first is not committed before each of the others waits."""
    begun, all_wait = asyncio.Event(), asyncio.Event()

    async def hold() -> None:
        async with work.unit():
            await first()
            begun.set()
            await all_wait.wait()

    async def run(act: Act) -> None:
        async with work.unit():
            await act()

    running = [asyncio.create_task(hold())]
    await begun.wait()
    for count, act in enumerate(others, start=1):
        running.append(asyncio.create_task(run(act)))
        await others_wait(count)
    all_wait.set()
    await asyncio.gather(*running)


async def _on_the_page(ticket_id: int) -> None:
    """As a page acts: it holds what it showed before the act does."""
    await standing.must_be(ticket_id, "", actor=OPERATOR)
    await handling.remark(ticket_id, "还没水", actor=OPERATOR)


@pytest.mark.parametrize("act", ["remark", "urge", "cancel", "cancel by phone", "page"])
async def test_what_is_done_with_one_that_is_merged_meanwhile(place: Estate, act: str) -> None:
    """It waits for its ticket, while the one that this was merged into is merged into a third."""
    people, (main, other, third, *_) = await five(place)
    me = actors.person(people[1].id)
    acts: dict[str, Act] = {
        "remark": lambda: reporting.add_remark(other.id, "还没水", actor=me),
        "urge": lambda: reporting.urge(other.id, actor=me),
        "cancel": lambda: reporting.cancel(other.id, actor=me),
        "cancel by phone": lambda: handling.cancel(other.id, actor=OPERATOR),
        "page": lambda: _on_the_page(other.id),
    }
    await _one_behind_the_other(
        lambda: merging.merge(other.id, into_id=main.id, actor=OPERATOR),
        acts[act],
        lambda: merging.merge(main.id, into_id=third.id, actor=OPERATOR),
    )
    row = await estate.ticket(other)
    assert row.status == ("cancelled" if "cancel" in act else "duplicate")
    assert row.duplicate_of_id == third.id or "cancel" in act


@pytest.mark.parametrize("act", ["not fixed", "photo"])
async def test_what_changes_an_older_one_that_is_parted_meanwhile(place: Estate, act: str) -> None:
    plumber = await estate.technician(place, "水工")
    people, (older, main, *_) = await five(place)
    await estate.run_timers()
    await within(merging.merge(older.id, into_id=main.id, actor=OPERATOR))
    theirs, mine = (actors.person(one.id) for one in people[:2])
    if act == "not fixed":
        await within(jobs.arrive(main.id, actor=actors.technician(plumber.id)))
        await within(jobs.finish(main.id, actor=actors.technician(plumber.id)))
        await within(ratings.rate(older.id, actor=theirs, speed=5, quality=5))
    photo = await MediaFile.create(person=people[0], media_id="m", sha256="a" * 64, status="stored")
    acts: dict[str, Act] = {
        "not fixed": lambda: ratings.not_fixed(main.id, actor=mine),
        "photo": lambda: reporting.add_photo(older.id, photo.id, actor=theirs),
    }
    await _one_behind_the_other(
        lambda: holding.lock(older.id, actor=OPERATOR),
        lambda: merging.unmerge(older.id, actor=OPERATOR),
        acts[act],
    )
    assert (await estate.ticket(older)).duplicate_of_id is None


@pytest.mark.parametrize("seed", range(6))
async def test_whatever_is_done_at_once_everybody_hears_the_end_once(place: Estate, seed: int) -> None:
    """Merging, parting, speaking and working, two at a time: no ring of waiting, no lost reporter."""
    chance = random.Random(seed)
    crew = [await estate.technician(place, name) for name in ("甲", "乙")]
    people, made = await five(place)
    for _ in range(8):
        acts = [_act(chance, people, made) for _ in range(4)]
        await asyncio.gather(*(_attempt(act) for act in acts))
        await estate.run_timers()
    rows = {row.id: row for row in await Ticket.all()}
    for row in rows.values():
        if row.status == "duplicate":
            assert row.duplicate_of_id is not None
            assert rows[row.duplicate_of_id].status != "duplicate"
    for one in rows.values():
        if one.status in ("dispatched", "confirmed"):
            who = next(technician for technician in crew if technician.id == one.technician_id)
            await within(jobs.arrive(one.id, actor=actors.technician(who.id)))
            await within(jobs.finish(one.id, actor=actors.technician(who.id)))
    for person, own in zip(people, made, strict=True):
        told_of = await numbers_said(person, "repair.finished")
        ticket = await estate.ticket(own)
        lives = rows[ticket.duplicate_of_id or 0] if ticket.status == "duplicate" else ticket
        if (await Ticket.get(id=lives.id)).status == "awaiting_resident":
            assert told_of == ([] if ticket.withdrawn_at else [own.number])


def _act(chance: random.Random, people: list[Person], made: list[Submitted]) -> Act:
    place = chance.randrange(5)
    one, other = made[place].id, chance.choice(made).id
    me = actors.person(people[place].id)
    return chance.choice(
        [
            lambda: merging.merge(one, into_id=other, actor=OPERATOR),
            lambda: merging.merge_all([one, other], into_id=made[0].id, actor=OPERATOR),
            lambda: merging.unmerge(one, actor=OPERATOR),
            lambda: reporting.add_remark(one, "还没水", actor=me),
            lambda: reporting.urge(one, actor=me),
            lambda: reporting.cancel(one, actor=me),
        ]
    )


async def _attempt(act: Act) -> None:
    try:
        async with work.unit():
            await act()
    except DomainError:
        return
