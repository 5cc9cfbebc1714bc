"""What staff do with a complaint beside answering it, and the clocks that it runs by."""

from datetime import timedelta

import pytest

from models.complaints import Complaint, ComplaintStatus
from models.outbox import Outbox
from models.people import Person, Role, Staff
from models.tasks import StaffTask
from models.timers import Timer
from services import actors, clock
from services.cases import complaint_course, complaint_desk, complaint_sheet, complaints
from services.cases.complaint_clocks import ClockKind
from services.cases.crossing import Crossed
from services.desk import tasks
from services.errors import Invalid, NotAllowed, NotFound
from services.running_clocks import ClockState
from tests.services.cases.complained import complain, told
from tests.world import places
from tests.world.units import within

pytestmark = pytest.mark.usefixtures("database", "monday")


async def test_a_note_is_among_staff_and_changes_nothing(resident: Person) -> None:
    clerk, made = await places.clerk(), await complain(resident)
    await within(complaint_course.note(made.id, "上次也是这家", actor=clerk))
    assert (await complaints.progress(resident.id, made.number)).said == []
    assert await told(resident) == []
    sheet = await complaint_sheet.of(made.id, actor=clerk)
    assert [(one.verb, one.who, one.text) for one in sheet.happened][1:] == [
        ("noted", "李静", "上次也是这家")
    ]
    assert sheet.status is ComplaintStatus.SUBMITTED


async def test_whom_it_is_given_to_hears_and_the_resident_too_if_nobody_had_it(resident: Person) -> None:
    clerk, made = await places.clerk(), await complain(resident)
    colleague = await places.staff("小唐")
    await Staff.filter(id=colleague.id).update(person_id=(await places.person("小唐")).id)
    await within(complaint_course.pass_on(made.id, colleague.id, actor=clerk, note="他熟"))
    sheet = await complaint_sheet.of(made.id, actor=await actors.staff(colleague.id))
    assert (sheet.handler, sheet.mine, sheet.status) == ("小唐", True, ComplaintStatus.IN_PROGRESS)
    assert await told(resident) == ["complaint.accepted"]
    [letter] = await Outbox.filter(payload__contains={"phrase": "staff.complaint_passed"})
    assert letter.payload["values"]["text"] == "他熟"
    await within(complaint_course.pass_on(made.id, clerk.id, actor=await actors.staff(colleague.id)))
    assert await told(resident) == ["complaint.accepted"]


async def test_it_is_given_only_to_who_could_have_taken_it_and_is_not_meant(resident: Person) -> None:
    xu, clerk = await places.staff("客服小徐"), await places.clerk("小唐")
    boss = await Staff.create(login="gao", name="老高", role=Role.SUPERVISOR)
    made = await complain(resident, "我要投诉小徐，说话很难听", topic="员工态度")
    assert xu.id not in dict(await complaint_course.takers(made.id, actor=clerk))
    for one in (xu, boss):
        with pytest.raises(NotAllowed, match="colleague_cannot"):
            await within(complaint_course.pass_on(made.id, one.id, actor=clerk))
    with pytest.raises(NotFound, match=r"staff\.not_found"):
        await within(complaint_course.pass_on(made.id, 999_999, actor=clerk))


async def test_more_time_is_told_with_its_reason_and_is_later_than_it_was(resident: Person) -> None:
    clerk, made = await places.clerk(), await complain(resident)
    with clock.fixed(made.deadline_at + timedelta(hours=1)):
        await within(complaints.check_deadline(made.id))
        later = clock.now() + timedelta(days=2)
        for wrong in (made.deadline_at, clock.now()):
            with pytest.raises(Invalid, match="not_later"):
                await within(complaint_course.extend(made.id, wrong, "等配件", actor=clerk))
        with pytest.raises(Invalid, match="reason_empty"):
            await within(complaint_course.extend(made.id, later, " ", actor=clerk))
        await within(complaint_course.extend(made.id, later, "等配件", actor=clerk))
        assert not await StaffTask.filter(done_at=None).exists()
    assert await Timer.filter(kind="complaint_deadline", subject_id=made.id, due_at=later).exists()
    assert await told(resident) == ["complaint.extended"]
    with clock.fixed(later + timedelta(minutes=1)):
        await within(complaints.check_deadline(made.id))
        assert await StaffTask.filter(done_at=None).count() == 1


async def test_staff_open_it_anew_with_a_deadline_that_the_resident_hears(resident: Person) -> None:
    clerk, made = await places.clerk(), await complain(resident)
    with pytest.raises(NotAllowed):
        await within(complaint_course.reopen(made.id, "没解决", actor=clerk))
    await within(complaint_desk.answer(made.id, "已处理。", actor=clerk))
    await within(complaint_course.reopen(made.id, "回访时说又吵了", actor=clerk))
    row = await Complaint.get(id=made.id)
    assert (row.status, row.reopened_count) == (ComplaintStatus.IN_PROGRESS, 1)
    assert await told(resident) == ["complaint.answered", "complaint.reopened"]
    assert not await Timer.filter(kind="complaint_autoclose").exists()


async def test_whoever_answers_without_having_read_the_newest_is_stopped(resident: Person) -> None:
    clerk, made = await places.clerk(), await complain(resident)
    seen = (await complaint_sheet.of(made.id, actor=clerk)).seen
    await within(complaints.remark(made.number, "昨晚又吵", actor=actors.person(resident.id)))
    for act in (
        complaint_desk.accept(made.id, actor=clerk, seen=seen),
        complaint_desk.answer(made.id, "已处理。", actor=clerk, seen=seen),
        complaint_desk.close(made.id, "重复", actor=clerk, seen=seen),
    ):
        with pytest.raises(Crossed):
            await within(act)
    assert await told(resident) == []
    now = await complaint_sheet.of(made.id, actor=clerk)
    await within(complaint_sheet.printed(made.id, actor=clerk))  # which nobody has to know
    await within(complaint_desk.answer(made.id, "已处理。", actor=clerk, seen=now.seen))
    assert await told(resident) == ["complaint.answered"]


async def test_the_clocks_stand_by_themselves_and_what_was_done_stays_done(resident: Person) -> None:
    clerk, made = await places.clerk(), await complain(resident)

    async def clocks() -> list[tuple[ClockKind, ClockState, bool]]:
        sheet = await complaint_sheet.of(made.id, actor=clerk)
        return [(one.kind, one.state, one.late) for one in sheet.clocks]

    respond, answer = ClockKind.RESPOND, ClockKind.ANSWER
    assert await clocks() == [(respond, ClockState.OK, False), (answer, ClockState.OK, False)]
    row = await Complaint.get(id=made.id)
    with clock.fixed(row.respond_by - timedelta(minutes=10)):
        assert (await clocks())[0] == (respond, ClockState.SOON, False)
    with clock.fixed(row.respond_by + timedelta(minutes=1)):
        assert (await clocks())[0] == (respond, ClockState.LATE, False)
        await within(complaint_desk.accept(made.id, actor=clerk))
        assert (await clocks())[0] == (respond, ClockState.DONE, True)
    await within(complaint_desk.answer(made.id, "已处理。", actor=clerk))
    assert (await clocks())[1] == (answer, ClockState.DONE, False)
    await within(complaints.reopen(made.number, "又吵了", actor=actors.person(resident.id)))
    assert (await clocks())[1] == (answer, ClockState.OK, False)


async def test_what_nobody_takes_up_in_time_becomes_a_task_until_somebody_does(resident: Person) -> None:
    clerk, made = await places.clerk(), await complain(resident)
    row = await Complaint.get(id=made.id)
    assert await Timer.filter(kind="complaint_first", due_at=row.respond_by).exists()
    await within(complaints.check_first(made.id))
    assert await tasks.waiting(actor=clerk) == []
    with clock.fixed(row.respond_by):
        await within(complaints.check_first(made.id))
    assert [one.reason for one in await tasks.waiting(actor=clerk)] == ["complaint_untaken"]
    seen = (await complaint_sheet.of(made.id, actor=clerk)).seen
    await within(complaint_desk.accept(made.id, actor=clerk, seen=seen))
    assert await tasks.waiting(actor=clerk) == []
    assert not await Timer.filter(kind="complaint_first").exists()
    with clock.fixed(row.respond_by):
        await within(complaints.check_first(made.id))
    assert await tasks.waiting(actor=clerk) == []
