"""Who gets a job."""

import asyncio
from datetime import timedelta

import pytest

from dialogs import shipped
from models.events import SubjectKind
from models.outbox import Outbox
from models.people import Role, Staff
from models.tasks import StaffTask, TaskKind
from models.tickets import Area, DispatchMode, Ticket
from services import actors, clock, events, work
from services.errors import NotAllowed, NotFound
from services.repairs import dispatch, job_sheet, jobs, reporting, technicians
from tests.world import estate
from tests.world.estate import Estate, told
from tests.world.units import within

pytestmark = pytest.mark.usefixtures("monday")


async def test_a_report_goes_to_somebody_who_knows_the_trade_and_both_are_told(place: Estate) -> None:
    await estate.technician(place, "电工", "electric")
    plumber = await estate.technician(place, "水工", "water")
    made = await estate.given_to(place, plumber)
    assert (await estate.ticket(made)).status == "dispatched"
    assert await told(place.resident.id) == ["repair.dispatched"]
    assert plumber.person_id is not None
    assert await told(plumber.person_id) == ["job.assigned"]
    [said] = await Outbox.filter(person_id=plumber.person_id)
    assert said.payload["values"]["house"] == place.house.label
    assert said.payload["values"]["phone"] == "13800000001"
    assert [one.verb for one in await events.of(SubjectKind.TICKET, made.id)] == [
        "submit",
        "accept",
        "dispatch",
    ]


async def test_a_fault_outside_names_no_house_and_only_what_is_urgent_says_so(place: Estate) -> None:
    await estate.technician(place, "电工", "water")
    made = await estate.reported(place)
    await Ticket.filter(id=made.id).update(area=Area.PUBLIC, place="3栋楼道")
    values = await job_sheet.values(await estate.ticket(made))
    assert (values["house"], values["place"], values["urgent"]) == ("", "3栋楼道", None)
    await Ticket.filter(id=made.id).update(urgent=True)
    job = shipped.phrases().reply("job.assigned", await job_sheet.values(await estate.ticket(made)))
    assert "加急：是" in job.text
    assert "房号" not in job.text
    assert "报修人住：1栋101" in job.text, "who reported it can show where it is"


@pytest.mark.parametrize(
    ("hours", "read"),
    [
        ((14, 16), "今天 14:00–16:00"),
        ((24 + 12, 24 + 18), "明天 12:00–18:00"),
        ((24, 48), "明天"),
        ((14, None), "今天 14:00"),
    ],
)
async def test_the_technician_reads_the_whole_window(
    place: Estate, hours: tuple[int, int | None], read: str
) -> None:
    made = await estate.reported(place)
    midnight = clock.local(clock.now()).replace(hour=0, minute=0)
    start, end = (None if hour is None else midnight + timedelta(hours=hour) for hour in hours)
    await Ticket.filter(id=made.id).update(appointment_start=start, appointment_end=end)
    values = await job_sheet.values(await estate.ticket(made))
    for phrase in ("job.assigned", "job.offered", "job.reminder"):
        assert f"预约：{read}\n" in shipped.phrases().reply(phrase, {**values, "until": None}).text + "\n"


async def test_the_house_is_named_for_ones_own_door_though_it_counts_as_public(place: Estate) -> None:
    made = await estate.reported(place)
    await Ticket.filter(id=made.id).update(area=Area.PUBLIC, place="大门", description="我家大门的锁拧不动")
    assert (await job_sheet.values(await estate.ticket(made)))["house"] == place.house.label


async def test_who_is_off_duty_or_works_elsewhere_gets_nothing(place: Estate) -> None:
    await estate.technician(place, "下班", "water", on_duty=False)
    elsewhere = await estate.technician(place, "别处", "water")
    elsewhere.communities = [place.community.id + 1]
    await elsewhere.save()
    made = await estate.reported(place)
    await estate.run_timers()
    assert (await estate.ticket(made)).status == "accepted"
    task = await StaffTask.get(ticket_id=made.id)
    assert (task.kind, task.reason) == (TaskKind.DISPATCH, "no_candidate")
    assert await told(place.supervisor.id) == ["job.escalated"]
    assert await told(place.resident.id) == ["repair.accepted"]


async def test_jobs_spread_to_the_least_loaded(place: Estate) -> None:
    crew = [await estate.technician(place, name) for name in ("甲", "乙", "丙")]
    for _ in range(7):
        await estate.reported(place)
    await asyncio.gather(*(estate.run_timers() for _ in range(3)))
    counts = [await Ticket.filter(technician_id=one.id).count() for one in crew]
    assert sorted(counts) == [2, 2, 3]


async def test_at_night_an_ordinary_job_waits_for_the_morning(place: Estate) -> None:
    with clock.fixed(estate.MONDAY_10 + timedelta(hours=12)):
        made = await estate.reported(place)
        await estate.run_timers()
        assert await estate.due(made, "dispatch") == estate.MONDAY_10 + timedelta(hours=22, minutes=30)
        assert not await StaffTask.exists(ticket_id=made.id)


async def test_two_take_the_same_job_at_once_and_one_gets_it(place: Estate) -> None:
    await estate.mode("water", DispatchMode.GRAB)
    crew = [await estate.technician(place, name) for name in ("甲", "乙", "丙", "丁")]
    made = await estate.reported(place)
    await estate.run_timers()
    for one in crew:
        assert await told(one.person_id or 0) == ["job.offered"]

    async def grab(technician_id: int) -> str:
        try:
            async with work.unit():
                await jobs.take(made.id, actor=actors.technician(technician_id))
        except NotAllowed as refused:
            return refused.phrase
        return "mine"

    answers = await asyncio.gather(*(grab(one.id) for one in crew))
    assert sorted(answers) == ["job.taken"] * 3 + ["mine"]
    winner = crew[answers.index("mine")]
    assert (await estate.ticket(made)).technician_id == winner.id
    assert await told(place.resident.id) == ["repair.accepted", "repair.dispatched"]
    await within(jobs.take(made.id, actor=actors.technician(winner.id)))  # asking again is no mistake
    assert len(await events.of(SubjectKind.TICKET, made.id, verbs=("take",))) == 1


async def test_an_offer_that_nobody_takes_is_assigned(place: Estate) -> None:
    await estate.mode("water", DispatchMode.GRAB)
    only = await estate.technician(place, "甲")
    made = await estate.reported(place)
    await estate.run_timers()
    await estate.run_timers(timedelta(minutes=9))
    assert (await estate.ticket(made)).technician_id is None
    await estate.run_timers(timedelta(minutes=10))
    assert (await estate.ticket(made)).technician_id == only.id


async def test_somebody_of_another_trade_cannot_grab(place: Estate) -> None:
    await estate.mode("water", DispatchMode.GRAB)
    electrician = await estate.technician(place, "电工", "electric")
    made = await estate.reported(place)
    await estate.run_timers()
    with pytest.raises(NotAllowed, match=r"job\.unfit"):
        await within(jobs.take(made.id, actor=actors.technician(electrician.id)))


async def test_a_category_dispatched_by_hand_waits_for_staff(place: Estate) -> None:
    await estate.mode("water", DispatchMode.MANUAL)
    plumber = await estate.technician(place, "水工")
    staff = await Staff.create(login="s", name="客服", role=Role.SERVICE)
    made = await estate.reported(place)
    await estate.run_timers()
    assert (await estate.ticket(made)).status == "submitted"
    assert await StaffTask.filter(kind=TaskKind.DISPATCH, done_at=None).count() == 1
    await within(dispatch.assign(made.id, technician_id=plumber.id, actor=await actors.staff(staff.id)))
    assert (await estate.ticket(made)).status == "dispatched"
    assert await StaffTask.filter(kind=TaskKind.DISPATCH, done_at=None).count() == 0
    with pytest.raises(NotAllowed, match="has_it_already"):
        await within(dispatch.assign(made.id, technician_id=plumber.id, actor=await actors.staff(staff.id)))
    with pytest.raises(NotFound):
        await within(dispatch.assign(made.id, technician_id=999, actor=await actors.staff(staff.id)))


async def test_staff_give_a_job_to_somebody_else(place: Estate) -> None:
    first, second = [await estate.technician(place, name) for name in ("甲", "乙")]
    staff = await Staff.create(login="s", name="客服", role=Role.SERVICE)
    made = await estate.given_to(place, first)
    await within(dispatch.assign(made.id, technician_id=second.id, actor=await actors.staff(staff.id)))
    assert await told(first.person_id or 0) == ["job.reassigned"]  # the unsent assignment was taken back
    assert await told(second.person_id or 0) == ["job.assigned"]


async def test_a_cancelled_report_is_not_dispatched(place: Estate) -> None:
    await estate.technician(place, "水工")
    made = await estate.reported(place)
    await within(reporting.cancel(made.id, actor=actors.person(place.resident.id)))
    await within(dispatch.run(made.id, {}))
    assert (await estate.ticket(made)).status == "cancelled"
    assert await told(place.resident.id) == []


async def test_dispatching_twice_tells_once(place: Estate) -> None:
    plumber = await estate.technician(place, "水工")
    made = await estate.given_to(place, plumber)
    await within(dispatch.run(made.id, {}))
    assert await told(place.resident.id) == ["repair.dispatched"]


async def test_coming_on_duty_brings_what_waited(place: Estate) -> None:
    plumber = await estate.technician(place, "水工", "water", on_duty=False)
    made = await estate.reported(place)
    other_trade = await estate.reported(place, "electric")
    await estate.run_timers()
    await within(technicians.set_duty(plumber.id, on_duty=True, actor=actors.technician(plumber.id)))
    [coming] = await events.of(SubjectKind.TECHNICIAN, plumber.id)
    assert (coming.verb, coming.actor_id) == ("on_duty", plumber.id)
    await estate.run_timers()
    assert (await estate.ticket(made)).technician_id == plumber.id
    assert (await estate.ticket(other_trade)).technician_id is None
    assert await StaffTask.filter(ticket_id=made.id, done_at=None).count() == 0


async def test_joining_by_invite(place: Estate) -> None:
    invited = await estate.technician(place, "新人", on_duty=False)
    invited.person_id = None
    await invited.save()
    joined = await within(technicians.join("t:新人", actor=actors.person(place.resident.id)))
    assert (joined.id, joined.on_duty) == (invited.id, True)
    [event] = await events.of(SubjectKind.TECHNICIAN, invited.id)
    assert (event.verb, event.actor_id) == ("joined", place.resident.id)
    assert await within(
        technicians.join("t:新人", actor=actors.person(place.resident.id))
    )  # scanning again is no mistake
    with pytest.raises(NotAllowed, match="invite_used"):
        await within(technicians.join("t:新人", actor=actors.person(place.supervisor.id)))
    with pytest.raises(NotFound):
        await within(technicians.join("t:nobody", actor=actors.person(place.supervisor.id)))
