"""A job from acceptance to its end, and what goes wrong on the way."""

from datetime import timedelta

import pytest

from models.events import SubjectKind
from models.media import MediaFile
from models.outbox import Outbox
from models.people import Technician
from models.tasks import StaffTask, TaskKind
from models.tickets import PhotoStage, TicketPhoto
from services import actors, clock, events
from services.errors import Invalid, NotAllowed, NotFound
from services.repairs import jobs, reporting
from services.repairs.insertion import Report
from tests.world import estate
from tests.world.estate import Estate, told
from tests.world.units import within

pytestmark = pytest.mark.usefixtures("monday")


async def test_every_change_reaches_the_resident_with_name_time_and_phone(
    place: Estate, plumber: Technician
) -> None:
    made = await estate.finished(place, plumber)
    assert await told(place.resident.id) == [
        "repair.dispatched",
        "repair.confirmed",
        "repair.arrived",
        "repair.finished",
    ]
    confirmed = await Outbox.get(
        person_id=place.resident.id, payload__contains={"phrase": "repair.confirmed"}
    )
    assert confirmed.payload["values"] == {
        "ticket": made.id,
        "number": made.number,
        "technician": "水工",
        "phone": plumber.phone,
        "eta": (estate.MONDAY_10 + timedelta(hours=1)).isoformat(),
    }


async def test_a_promise_in_the_past_is_refused(place: Estate, plumber: Technician) -> None:
    made = await estate.given_to(place, plumber)
    with pytest.raises(Invalid, match="eta_past"):
        await within(jobs.confirm(made.id, actor=actors.technician(plumber.id), eta=clock.now()))


async def test_a_changed_promise_is_told_and_kept(place: Estate, plumber: Technician) -> None:
    made = await estate.given_to(place, plumber)
    for hours in (1, 3):
        await within(
            jobs.confirm(
                made.id, actor=actors.technician(plumber.id), eta=clock.now() + timedelta(hours=hours)
            )
        )
    assert (await estate.ticket(made)).eta == clock.now() + timedelta(hours=3)
    assert (await told(place.resident.id)).count("repair.confirmed") == 2
    assert len(await events.of(SubjectKind.TICKET, made.id, verbs=("reschedule",))) == 1


async def test_a_refused_job_goes_to_the_next_and_never_back(place: Estate, plumber: Technician) -> None:
    made = await estate.given_to(place, plumber)
    other = await estate.technician(place, "乙", "water")
    await within(jobs.refuse(made.id, actor=actors.technician(plumber.id), reason="没有配件"))
    await estate.run_timers()
    assert (await estate.ticket(made)).technician_id == other.id
    await within(jobs.refuse(made.id, actor=actors.technician(other.id), reason="忙"))
    await estate.run_timers()
    assert (await estate.ticket(made)).technician_id is None
    assert (await StaffTask.get(kind=TaskKind.DISPATCH)).reason == "no_candidate"
    with pytest.raises(NotFound):
        await within(jobs.arrive(made.id, actor=actors.technician(other.id)))


async def test_a_job_is_handed_to_a_colleague_who_can_do_it(place: Estate, plumber: Technician) -> None:
    made = await estate.given_to(place, plumber)
    electrician = await estate.technician(place, "电工", "electric")
    other = await estate.technician(place, "乙", "water")
    assert [one.id for one in await jobs.colleagues(made.id, technician_id=plumber.id)] == [other.id]
    with pytest.raises(NotAllowed, match="unfit_colleague"):
        await within(jobs.transfer(made.id, actor=actors.technician(plumber.id), to_id=electrician.id))
    await within(jobs.transfer(made.id, actor=actors.technician(plumber.id), to_id=other.id, reason="换班"))
    assert (await estate.ticket(made)).technician_id == other.id
    assert await told(other.person_id or 0) == ["job.assigned"]
    assert "job.reassigned" not in await told(plumber.person_id or 0)


async def test_a_pause_says_why_and_until_when(place: Estate, plumber: Technician) -> None:
    made = await estate.arrived(place, plumber)
    until = clock.now() + timedelta(days=2)
    await within(jobs.hold(made.id, actor=actors.technician(plumber.id), reason="等配件", until=until))
    with pytest.raises(NotAllowed):
        await within(jobs.finish(made.id, actor=actors.technician(plumber.id)))
    await within(jobs.resume(made.id, actor=actors.technician(plumber.id)))
    ticket = await estate.ticket(made)
    assert (ticket.status, ticket.hold_reason, ticket.hold_until) == ("in_progress", "", None)
    held = await Outbox.get(person_id=place.resident.id, payload__contains={"phrase": "repair.on_hold"})
    assert held.payload["values"]["reason"] == "等配件"
    assert held.payload["values"]["until"] == until.isoformat()


async def test_finishing_keeps_photos_materials_and_cost(place: Estate, plumber: Technician) -> None:
    made = await estate.arrived(place, plumber)
    photo = await MediaFile.create(person_id=plumber.person_id, media_id="after")
    await within(
        jobs.finish(
            made.id, actor=actors.technician(plumber.id), photos=[photo.id], materials="垫圈", cost_fen=500
        )
    )
    ticket = await estate.ticket(made)
    assert (ticket.status, ticket.materials, ticket.cost_fen) == ("awaiting_resident", "垫圈", 500)
    assert (await TicketPhoto.get(ticket_id=made.id)).stage is PhotoStage.AFTER
    assert await jobs.of_technician(plumber.id) == []
    assert await jobs.finished_since(plumber.id, clock.now()) == 1
    assert await jobs.finished_since(plumber.id, clock.now() + timedelta(seconds=1)) == 0


async def test_work_that_began_cannot_be_cancelled(place: Estate, plumber: Technician) -> None:
    made = await estate.arrived(place, plumber)
    with pytest.raises(NotAllowed):
        await within(reporting.cancel(made.id, actor=actors.person(place.resident.id)))


async def test_a_cancelled_job_is_told_to_the_technician_and_nothing_else(
    place: Estate, plumber: Technician
) -> None:
    made = await estate.given_to(place, plumber)
    await within(reporting.cancel(made.id, actor=actors.person(place.resident.id)))
    assert await told(plumber.person_id or 0) == ["job.cancelled"]
    assert await told(place.resident.id) == []
    await estate.run_timers(timedelta(days=10))
    assert await told(plumber.person_id or 0) == ["job.cancelled"]


async def test_urging_reaches_the_technician(place: Estate, plumber: Technician) -> None:
    made = await estate.given_to(place, plumber)
    await within(reporting.urge(made.id, actor=actors.person(place.resident.id)))
    assert await told(plumber.person_id or 0) == ["job.assigned", "job.urged"]


async def test_open_jobs_are_listed_urgent_first_and_told_apart(place: Estate, plumber: Technician) -> None:
    made = [await estate.reported(place) for _ in range(2)]
    urgent = await within(
        reporting.submit(
            Report(place.resident.id, place.community.id, "water", urgent=True),
            actor=actors.person(place.resident.id),
        )
    )
    await estate.run_timers()
    assert [one.id for one in await jobs.of_technician(plumber.id)] == [urgent.id, *(one.id for one in made)]
    found = await jobs.one(made[1].number, technician_id=plumber.id)
    assert found is not None
    assert found.id == made[1].id
