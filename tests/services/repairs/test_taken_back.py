"""What a technician said of the wrong job, or too early: it is as if it had not been said, and the resident knows."""

from datetime import timedelta

import pytest

from models.outbox import Outbox, OutboxStatus
from models.people import Technician
from services import actors, clock
from services.actors import OPERATOR
from services.errors import NotAllowed, NotFound
from services.repairs import jobs, sheet
from tests.world import estate
from tests.world.estate import Estate, told
from tests.world.units import within

pytestmark = pytest.mark.usefixtures("monday")


async def test_a_mistaken_arrival_is_taken_back(place: Estate, plumber: Technician) -> None:
    made, actor = await estate.arrived(place, plumber), actors.technician(plumber.id)
    await Outbox.filter(person_id=place.resident.id).update(status=OutboxStatus.SENT)
    with clock.fixed(estate.MONDAY_10 + timedelta(minutes=30)):
        await within(jobs.undo_arrive(made.id, actor=actor))
    ticket = await estate.ticket(made)
    assert (ticket.status, ticket.arrived_at) == ("confirmed", None)
    assert ticket.eta == estate.MONDAY_10 + timedelta(hours=1)
    assert await told(place.resident.id) == ["repair.not_arrived"]
    await within(jobs.arrive(made.id, actor=actor))
    assert (await estate.ticket(made)).arrived_at == clock.now()


async def test_an_arrival_that_nobody_heard_of_is_taken_back_silently(
    place: Estate, plumber: Technician
) -> None:
    made = await estate.arrived(place, plumber)
    await within(jobs.undo_arrive(made.id, actor=actors.technician(plumber.id)))
    assert await told(place.resident.id) == ["repair.dispatched", "repair.confirmed"]


async def test_an_arrival_long_ago_or_followed_by_work_stays(place: Estate, plumber: Technician) -> None:
    made, actor = await estate.arrived(place, plumber), actors.technician(plumber.id)
    with (
        clock.fixed(estate.MONDAY_10 + timedelta(minutes=31)),
        pytest.raises(NotAllowed, match="undo_too_late"),
    ):
        await within(jobs.undo_arrive(made.id, actor=actor))
    await within(jobs.hold(made.id, actor=actor, reason="缺料"))
    await within(jobs.resume(made.id, actor=actor))
    with pytest.raises(NotAllowed, match="undo_too_late"):
        await within(jobs.undo_arrive(made.id, actor=actor))
    other = await estate.technician(place, "乙", "water")
    with pytest.raises(NotFound):
        await within(jobs.undo_arrive(made.id, actor=actors.technician(other.id)))


async def test_a_mistaken_acceptance_is_taken_back(place: Estate, plumber: Technician) -> None:
    made, actor = await estate.given_to(place, plumber), actors.technician(plumber.id)
    await within(jobs.confirm(made.id, actor=actor, eta=clock.now() + timedelta(hours=1)))
    await Outbox.filter(person_id=place.resident.id).update(status=OutboxStatus.SENT)
    await within(jobs.undo_confirm(made.id, actor=actor))
    ticket = await estate.ticket(made)
    assert (ticket.status, ticket.technician_id, ticket.eta) == ("dispatched", plumber.id, None)
    assert await told(place.resident.id) == ["repair.not_confirmed"]
    await within(jobs.confirm(made.id, actor=actor, eta=clock.now() + timedelta(hours=2)))
    with clock.fixed(clock.now() + timedelta(hours=1)), pytest.raises(NotAllowed, match="undo_too_late"):
        await within(jobs.undo_confirm(made.id, actor=actor))


async def test_a_pause_is_made_longer(place: Estate, plumber: Technician) -> None:
    """It is one pause, from its first hour on, with the reason and the day that were told last."""
    made, actor = await estate.arrived(place, plumber), actors.technician(plumber.id)
    first, later = clock.now() + timedelta(days=1), clock.now() + timedelta(days=3)
    await within(jobs.hold(made.id, actor=actor, reason="缺料", until=first))
    begun = (await estate.ticket(made)).held_at
    with clock.fixed(clock.now() + timedelta(hours=5)):
        await within(jobs.hold(made.id, actor=actor, reason="还没到货", until=later))
        ticket = await estate.ticket(made)
        shown = await sheet.look(ticket.id, actor=OPERATOR)
    assert (ticket.status, ticket.held_at, ticket.hold_until) == ("on_hold", begun, later)
    assert [(one.since, one.until, one.reason) for one in shown.pauses] == [(begun, None, "还没到货")]


async def test_work_that_was_not_taken_up_again_after_all_waits_as_before(
    place: Estate, plumber: Technician
) -> None:
    made, actor = await estate.arrived(place, plumber), actors.technician(plumber.id)
    tomorrow = clock.now() + timedelta(days=1)
    await within(jobs.hold(made.id, actor=actor, reason="等阀门", until=tomorrow))
    await within(jobs.resume(made.id, actor=actor))
    await Outbox.filter(person_id=place.resident.id).update(status=OutboxStatus.SENT)
    await within(jobs.undo_resume(made.id, actor=actor))
    ticket = await estate.ticket(made)
    assert (ticket.status, ticket.hold_reason, ticket.hold_until) == ("on_hold", "等阀门", tomorrow)
    assert await told(place.resident.id) == ["repair.on_hold"]
    await within(jobs.resume(made.id, actor=actor))
    await within(jobs.undo_resume(made.id, actor=actor, until=tomorrow + timedelta(hours=3)))
    assert (await estate.ticket(made)).hold_until == tomorrow + timedelta(hours=3)
    assert await told(place.resident.id) == ["repair.on_hold"], "nobody heard of the second"
    await within(jobs.resume(made.id, actor=actor))
    with (
        clock.fixed(clock.now() + timedelta(minutes=31)),
        pytest.raises(NotAllowed, match="undo_too_late"),
    ):
        await within(jobs.undo_resume(made.id, actor=actor))
