"""What was reported is put right: before anybody is sent, and after that with the technician told."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from dialogs import shipped
from models.events import SubjectKind
from models.outbox import Outbox
from models.people import Role, Staff, Technician
from models.tasks import StaffTask, TaskKind
from models.tickets import DispatchMode, Ticket
from services import actors, clock, events, policy
from services.actors import OPERATOR, Actor
from services.errors import Invalid, NotAllowed, NotFound
from services.repairs import corrections, job_sheet, jobs, reporting
from services.repairs.insertion import Submitted
from tests.world import estate
from tests.world.estate import Estate, told
from tests.world.units import within

pytestmark = pytest.mark.usefixtures("monday")

TOMORROW = estate.MONDAY_10 + timedelta(days=1)


def _me(place: Estate) -> Actor:
    return actors.person(place.resident.id)


async def _correct(where: Estate, made: Submitted, /, **changes: object) -> None:
    known = await within(corrections.as_reported(made.id, actor=_me(where)))
    wished = replace(known, **changes)  # type: ignore[arg-type]  # whatever the test names
    await within(corrections.correct(made.id, wished, actor=_me(where)))


async def _confirmed(place: Estate, who: Technician, eta: datetime) -> Submitted:
    made = await estate.given_to(place, who)
    await within(jobs.confirm(made.id, actor=actors.technician(who.id), eta=eta))
    return made


async def _said(who: Technician) -> str:
    """The last message to the technician, as it reads."""
    row = await Outbox.filter(person_id=who.person_id).order_by("-id").first()
    assert row is not None
    return shipped.phrases().reply(row.payload["phrase"], row.payload["values"]).text


async def test_nobody_is_sent_while_a_report_settles(place: Estate, plumber: Technician) -> None:
    await within(policy.change("settle_seconds", 60, actor=OPERATOR))
    made, urgent = await estate.reported(place), await estate.reported(place)
    lift = await estate.reported(place, "elevator")
    assert await estate.due(urgent, "dispatch") == clock.now() + timedelta(seconds=60)
    assert await estate.due(lift, "dispatch") == clock.now()  # is served round the clock: waits for nothing
    with clock.fixed(clock.now() + timedelta(seconds=50)):
        await _correct(place, made, description="是花洒漏水", place="卫生间")
        await _correct(place, urgent, urgent=True)
        assert await estate.due(made, "dispatch") == clock.now() + timedelta(seconds=60)
        assert await estate.due(urgent, "dispatch") == clock.now()
    await estate.run_timers(timedelta(seconds=109))
    assert (await estate.ticket(made)).status == "submitted"
    await estate.run_timers(timedelta(seconds=110))
    assert (await estate.ticket(made)).technician_id == plumber.id
    assert "情况：是花洒漏水" in await _said(plumber)


async def test_a_correction_is_recorded_with_what_it_replaced(place: Estate) -> None:
    made = await estate.reported(place)
    await _correct(place, made, contact_phone="13911112222", appointment_start=TOMORROW)
    [event] = await events.of(SubjectKind.TICKET, made.id, verbs=("correct",))
    assert event.actor_id == place.resident.id
    assert event.body == {
        "contact_phone": ["138****0001", "139****2222"],
        "appointment_start": [None, TOMORROW.isoformat()],
    }
    await _correct(place, made)  # nothing differs: nothing happened
    assert len(await events.of(SubjectKind.TICKET, made.id, verbs=("correct",))) == 1


async def test_another_category_before_anybody_is_sent_goes_to_its_trade(place: Estate) -> None:
    electrician = await estate.technician(place, "电工", "electric")
    await estate.mode("water", DispatchMode.MANUAL)
    made = await estate.reported(place)
    await estate.run_timers()
    assert (await estate.ticket(made)).technician_id is None
    await _correct(place, made, category_code="electric")
    await estate.run_timers()
    assert (await estate.ticket(made)).technician_id == electrician.id
    assert not await StaffTask.exists(kind=TaskKind.DISPATCH, done_at=None)


async def test_the_technician_hears_what_is_right_now(place: Estate, plumber: Technician) -> None:
    made = await _confirmed(place, plumber, estate.MONDAY_10 + timedelta(hours=2))
    await _correct(place, made, house_id=place.houses[1].id, contact_phone="13911112222")
    ticket = await estate.ticket(made)
    assert (ticket.status, ticket.house_id) == ("confirmed", place.houses[1].id)
    said = await _said(plumber)
    assert "房号：1栋201" in said
    assert "13911112222" in said
    assert "重新" not in said


async def test_a_job_of_another_trade_now_goes_to_somebody_who_can(
    place: Estate, plumber: Technician
) -> None:
    made = await _confirmed(place, plumber, estate.MONDAY_10 + timedelta(hours=2))
    electrician = await estate.technician(place, "电工", "electric")
    await _correct(place, made, category_code="electric")
    ticket = await estate.ticket(made)
    assert (ticket.status, ticket.technician_id, ticket.eta) == ("dispatched", electrician.id, None)
    assert (await told(plumber.person_id or 0))[-1] == "job.reassigned"
    assert (await told(electrician.person_id or 0)) == ["job.assigned"]


async def test_with_nobody_who_can_the_supervisor_hears_of_it(place: Estate, plumber: Technician) -> None:
    made = await estate.given_to(place, plumber)
    await _correct(place, made, category_code="elevator")
    assert (await estate.ticket(made)).technician_id == plumber.id
    assert (await told(plumber.person_id or 0))[-1] == "job.corrected"
    assert await told(place.supervisor.id) == ["job.escalated"]
    assert (await StaffTask.get(kind=TaskKind.ESCALATION)).reason == "unfit"


async def test_a_promise_outside_of_the_new_window_is_asked_for_anew(
    place: Estate, plumber: Technician
) -> None:
    made = await _confirmed(place, plumber, estate.MONDAY_10 + timedelta(hours=2))
    end = TOMORROW + timedelta(hours=2)
    await within(corrections.reschedule(made.id, TOMORROW, end, actor=_me(place)))
    ticket = await estate.ticket(made)
    assert (ticket.status, ticket.eta, ticket.appointment_start) == ("dispatched", None, TOMORROW)
    assert (await told(plumber.person_id or 0))[-1] == "job.appointment_moved"
    assert "明天 10:00–12:00" in await _said(plumber)
    verbs = [one.verb for one in await events.of(SubjectKind.TICKET, made.id)]
    assert verbs[-2:] == ["appoint", "ask_again"]
    await within(jobs.confirm(made.id, actor=actors.technician(plumber.id), eta=TOMORROW))
    assert (await told(place.resident.id))[-1] == "repair.confirmed"


async def test_a_promise_inside_of_the_new_window_is_kept(place: Estate, plumber: Technician) -> None:
    promised = estate.MONDAY_10 + timedelta(hours=2)
    made = await _confirmed(place, plumber, promised)
    start, end = promised - timedelta(hours=1), promised + timedelta(hours=1)
    await within(corrections.reschedule(made.id, start, end, actor=_me(place)))
    ticket = await estate.ticket(made)
    assert (ticket.status, ticket.eta) == ("confirmed", promised)
    assert (await told(plumber.person_id or 0))[-1] == "job.appointment_kept"
    assert "今天 12:00正合适" in await _said(plumber)


async def test_staff_move_an_appointment_and_both_sides_hear_of_it(
    place: Estate, plumber: Technician
) -> None:
    clerk = await Staff.create(login="clerk", name="客服", role=Role.SERVICE)
    made = await estate.given_to(place, plumber)
    await within(corrections.reschedule(made.id, TOMORROW, actor=await actors.staff(clerk.id)))
    assert (await told(place.resident.id))[-1] == "repair.appointment_moved"
    assert (await told(plumber.person_id or 0))[-1] == "job.appointment_moved"
    [event] = await events.of(SubjectKind.TICKET, made.id, verbs=("appoint",))
    assert (event.actor_kind, event.actor_id) == ("staff", clerk.id)


async def test_an_appointment_that_is_over_is_none(place: Estate) -> None:
    made = await estate.reported(place)
    past = clock.now() - timedelta(hours=2)
    for start, end, why in (
        (past, None, "appointment_past"),
        (past, past + timedelta(hours=1), "appointment_past"),
        (TOMORROW, TOMORROW, "appointment_backwards"),
    ):
        with pytest.raises(Invalid, match=why):
            await within(corrections.reschedule(made.id, start, end, actor=_me(place)))
    await within(corrections.reschedule(made.id, past, TOMORROW, actor=_me(place)))  # it has begun: 今天随时
    assert (await estate.ticket(made)).appointment_end == TOMORROW


async def test_nothing_is_put_right_once_work_has_begun_or_by_others(
    place: Estate, plumber: Technician
) -> None:
    made = await estate.arrived(place, plumber)
    with pytest.raises(NotAllowed, match="not_now"):
        await within(corrections.reschedule(made.id, TOMORROW, actor=_me(place)))
    with pytest.raises(NotAllowed, match="not_now"):
        await within(corrections.as_reported(made.id, actor=_me(place)))
    fresh = await estate.reported(place)
    with pytest.raises(NotFound):
        await within(corrections.as_reported(fresh.id, actor=actors.person(place.supervisor.id)))


@pytest.mark.parametrize(
    ("start", "end", "eta", "suits"),
    [
        (14, 16, 14, True),
        (14, 16, 16, True),
        (14, 16, 13, False),
        (14, 16, 17, False),
        (14, None, 15, True),
        (14, None, 17, False),
        (None, None, 3, True),
        (6, 8, 15, True),  # that window is over: any time is better than none
    ],
)
async def test_whether_a_promise_suits_the_resident(
    place: Estate, start: int | None, end: int | None, eta: int, suits: bool
) -> None:
    made = await estate.reported(place)
    midnight = clock.local(clock.now()).replace(hour=0, minute=0)
    window = [None if hour is None else midnight + timedelta(hours=hour) for hour in (start, end)]
    ticket = await Ticket.get(id=made.id)
    ticket.appointment_start, ticket.appointment_end = window
    assert job_sheet.inside(ticket, midnight + timedelta(hours=eta)) is suits


async def test_whoever_wants_to_urge_is_told_what_was_promised(place: Estate, plumber: Technician) -> None:
    promised = estate.MONDAY_10 + timedelta(hours=2)
    made = await _confirmed(place, plumber, promised)
    [seen] = await reporting.of_person(place.resident.id)
    assert seen.promised == promised
    actor = actors.technician(plumber.id)
    await within(jobs.arrive(made.id, actor=actor))
    assert (await reporting.of_person(place.resident.id))[0].promised is None
    await within(jobs.hold(made.id, actor=actor, reason="缺料", until=TOMORROW))
    assert (await reporting.of_person(place.resident.id))[0].promised == TOMORROW
