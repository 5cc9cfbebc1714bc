"""What follows finished work: stars, work that was not done well, and its end."""

from datetime import timedelta

import pytest

from models.events import SubjectKind
from models.people import Technician
from models.tasks import StaffTask, TaskKind
from services import actors, clock, events
from services.errors import Invalid, NotAllowed
from services.repairs import jobs, ratings
from tests.world import estate
from tests.world.estate import Estate, told
from tests.world.units import within

pytestmark = pytest.mark.usefixtures("monday")


async def test_stars_close_the_ticket(place: Estate, plumber: Technician) -> None:
    made = await estate.finished(place, plumber)
    mine = place.resident.id
    with pytest.raises(Invalid):
        await within(ratings.rate(made.id, actor=actors.person(mine), speed=0, quality=5))
    await within(ratings.rate(made.id, actor=actors.person(mine), speed=5, quality=4, remark="快"))
    ticket = await estate.ticket(made)
    assert (ticket.status, ticket.rating_speed, ticket.rating_quality) == ("closed", 5, 4)
    assert await estate.due(made) is None
    assert not await StaffTask.exists(kind=TaskKind.FOLLOW_UP)


async def test_stars_may_be_changed_for_a_week_and_the_former_ones_are_kept(
    place: Estate, plumber: Technician
) -> None:
    made, mine = await estate.finished(place, plumber), actors.person(place.resident.id)
    await within(ratings.rate(made.id, actor=mine, speed=5, quality=4))
    with clock.fixed(estate.MONDAY_10 + timedelta(days=6)):
        await within(ratings.rate(made.id, actor=mine, speed=1, quality=1, reasons=["没修彻底"]))
    assert (await estate.ticket(made)).rating_speed == 1
    given = await events.of(SubjectKind.TICKET, made.id, verbs=("rate",))
    assert [(one.body["stars"], one.body["before"]) for one in given] == [([5, 4], None), ([1, 1], [5, 4])]
    assert await StaffTask.exists(kind=TaskKind.FOLLOW_UP)
    with clock.fixed(estate.MONDAY_10 + timedelta(days=8)), pytest.raises(NotAllowed, match="too_late"):
        await within(ratings.rate(made.id, actor=mine, speed=5, quality=5))


async def test_closed_work_may_be_called_not_fixed_for_a_week(place: Estate, plumber: Technician) -> None:
    made, mine = await estate.finished(place, plumber), actors.person(place.resident.id)
    await within(ratings.rate(made.id, actor=mine, speed=5, quality=5))
    assert [one.id for one in await ratings.reopenable(place.resident.id)] == [made.id]
    with clock.fixed(estate.MONDAY_10 + timedelta(days=8)):
        assert await ratings.reopenable(place.resident.id) == []
        with pytest.raises(NotAllowed, match="too_late"):
            await within(ratings.not_fixed(made.id, actor=mine))
    await within(ratings.not_fixed(made.id, actor=mine, reason="又漏了"))
    ticket = await estate.ticket(made)
    assert (ticket.status, ticket.closed_at, ticket.rated_at) == ("in_progress", None, None)
    assert (ticket.rating_speed, ticket.reopened_count) == (None, 1)
    assert (await told(plumber.person_id or 0))[-1] == "job.reopened"
    assert await estate.due(made) is not None
    with clock.fixed(estate.MONDAY_10 + timedelta(days=20)):
        await within(jobs.finish(made.id, actor=actors.technician(plumber.id)))
        await within(ratings.rate(made.id, actor=mine, speed=4, quality=4))
        assert [one.id for one in await ratings.reopenable(place.resident.id)] == [made.id]


async def test_not_fixed_by_somebody_who_left_reaches_the_supervisor(
    place: Estate, plumber: Technician
) -> None:
    made = await estate.finished(place, plumber)
    await Technician.filter(id=plumber.id).update(active=False)
    await within(ratings.not_fixed(made.id, actor=actors.person(place.resident.id), reason="还在滴"))
    assert await told(place.supervisor.id) == ["job.escalated"]
    assert (await StaffTask.get(kind=TaskKind.ESCALATION)).reason == "technician_left"


async def test_few_stars_are_followed_up(place: Estate, plumber: Technician) -> None:
    made = await estate.finished(place, plumber)
    await within(
        ratings.rate(made.id, actor=actors.person(place.resident.id), speed=5, quality=2, reasons=["没修好"])
    )
    assert (await StaffTask.get(kind=TaskKind.FOLLOW_UP)).reason == "low_rating"


async def test_not_fixed_goes_back_to_the_same_technician_and_counts(
    place: Estate, plumber: Technician
) -> None:
    made = await estate.finished(place, plumber)
    await within(ratings.not_fixed(made.id, actor=actors.person(place.resident.id), reason="还在滴"))
    ticket = await estate.ticket(made)
    assert (ticket.status, ticket.reopened_count, ticket.technician_id) == ("in_progress", 1, plumber.id)
    assert (await told(plumber.person_id or 0))[-1] == "job.reopened"
    await within(jobs.finish(made.id, actor=actors.technician(plumber.id)))
    await within(ratings.not_fixed(made.id, actor=actors.person(place.resident.id)))
    assert (await estate.ticket(made)).reopened_count == 2
    assert (await StaffTask.get(kind=TaskKind.FOLLOW_UP)).reason == "reopened"


async def test_unrated_work_closes_itself_after_saying_so(place: Estate, plumber: Technician) -> None:
    made = await estate.finished(place, plumber)
    await estate.run_timers(timedelta(days=6))
    assert (await told(place.resident.id))[-1] == "repair.closing_soon"
    assert (await estate.ticket(made)).status == "awaiting_resident"
    await estate.run_timers(timedelta(days=7))
    assert (await estate.ticket(made)).status == "closed"
    assert (await told(place.resident.id))[-1] == "repair.closed"
    await within(ratings.rate(made.id, actor=actors.person(place.resident.id), speed=5, quality=5))
    assert (await estate.ticket(made)).rating_speed == 5


async def test_closing_by_the_resident_needs_no_message(place: Estate, plumber: Technician) -> None:
    made = await estate.finished(place, plumber)
    await within(ratings.close(made.id, actor=actors.person(place.resident.id)))
    assert "repair.closed" not in await told(place.resident.id)
