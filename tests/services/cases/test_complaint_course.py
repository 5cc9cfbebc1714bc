"""What staff do with a complaint beside answering it, and what their list and sheet show of it."""

from datetime import timedelta

import pytest

from models.community import Community, ManagementOffice
from models.complaints import Complaint, ComplaintKind, ComplaintStatus
from models.media import MediaFile, MediaStatus
from models.outbox import Outbox, OutboxStatus
from models.people import Person, Role, Staff, Technician
from models.tasks import StaffTask
from models.timers import Timer
from services import actors, clock, staff_tasks
from services.actors import Actor
from services.cases import complaint_course, complaint_desk, complaint_lists, complaint_sheet, complaints
from services.cases.complaint_clocks import ClockKind
from services.cases.complaint_lists import Tab, Wanted, Whose
from services.cases.complaints import Promised
from services.cases.crossing import Crossed
from services.desk import tasks
from services.errors import Invalid, MayNot, NotAllowed, NotFound
from services.running_clocks import ClockState
from tests.world import places
from tests.world.asked import statements
from tests.world.units import within

pytestmark = pytest.mark.usefixtures("database", "monday")


@pytest.fixture
async def resident(database: str) -> Person:
    return await places.resident(await places.house(await places.community()))


async def _complain(person: Person, story: str = "楼上半夜装修", *, topic: str = "噪音扰民") -> Promised:
    me = actors.person(person.id)
    return await within(complaints.submit(ComplaintKind.COMPLAINT, topic, story, actor=me))


async def _told(person: Person) -> list[str]:
    return [one.payload["phrase"] for one in await Outbox.filter(person_id=person.id).order_by("id")]


async def test_a_note_is_among_staff_and_changes_nothing(resident: Person) -> None:
    clerk, made = await places.clerk(), await _complain(resident)
    await within(complaint_course.note(made.id, "上次也是这家", actor=clerk))
    assert (await complaints.progress(resident.id, made.number)).said == []
    assert await _told(resident) == []
    sheet = await complaint_sheet.of(made.id, actor=clerk)
    assert [(one.verb, one.who, one.text) for one in sheet.happened][1:] == [
        ("noted", "李静", "上次也是这家")
    ]
    assert sheet.status is ComplaintStatus.SUBMITTED


async def test_whom_it_is_given_to_hears_and_the_resident_too_if_nobody_had_it(resident: Person) -> None:
    clerk, made = await places.clerk(), await _complain(resident)
    colleague = await places.staff("小唐")
    await Staff.filter(id=colleague.id).update(person_id=(await places.person("小唐")).id)
    await within(complaint_course.pass_on(made.id, colleague.id, actor=clerk, note="他熟"))
    sheet = await complaint_sheet.of(made.id, actor=await actors.staff(colleague.id))
    assert (sheet.handler, sheet.mine, sheet.status) == ("小唐", True, ComplaintStatus.IN_PROGRESS)
    assert await _told(resident) == ["complaint.accepted"]
    [told] = await Outbox.filter(payload__contains={"phrase": "staff.complaint_passed"})
    assert told.payload["values"]["text"] == "他熟"
    await within(complaint_course.pass_on(made.id, clerk.id, actor=await actors.staff(colleague.id)))
    assert await _told(resident) == ["complaint.accepted"]


async def test_it_is_given_only_to_who_could_have_taken_it_and_is_not_meant(resident: Person) -> None:
    xu, clerk = await places.staff("客服小徐"), await places.clerk("小唐")
    boss = await Staff.create(login="gao", name="老高", role=Role.SUPERVISOR)
    made = await _complain(resident, "我要投诉小徐，说话很难听", topic="员工态度")
    assert xu.id not in dict(await complaint_course.takers(made.id, actor=clerk))
    for one in (xu, boss):
        with pytest.raises(NotAllowed, match="colleague_cannot"):
            await within(complaint_course.pass_on(made.id, one.id, actor=clerk))
    with pytest.raises(NotFound, match=r"staff\.not_found"):
        await within(complaint_course.pass_on(made.id, 999_999, actor=clerk))


async def test_more_time_is_told_with_its_reason_and_is_later_than_it_was(resident: Person) -> None:
    clerk, made = await places.clerk(), await _complain(resident)
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
    assert await _told(resident) == ["complaint.extended"]
    with clock.fixed(later + timedelta(minutes=1)):
        await within(complaints.check_deadline(made.id))
        assert await StaffTask.filter(done_at=None).count() == 1


async def test_staff_open_it_anew_with_a_deadline_that_the_resident_hears(resident: Person) -> None:
    clerk, made = await places.clerk(), await _complain(resident)
    with pytest.raises(NotAllowed):
        await within(complaint_course.reopen(made.id, "没解决", actor=clerk))
    await within(complaint_desk.answer(made.id, "已处理。", actor=clerk))
    await within(complaint_course.reopen(made.id, "回访时说又吵了", actor=clerk))
    row = await Complaint.get(id=made.id)
    assert (row.status, row.reopened_count) == (ComplaintStatus.IN_PROGRESS, 1)
    assert await _told(resident) == ["complaint.answered", "complaint.reopened"]
    assert not await Timer.filter(kind="complaint_autoclose").exists()


async def test_whoever_answers_without_having_read_the_newest_is_stopped(resident: Person) -> None:
    clerk, made = await places.clerk(), await _complain(resident)
    seen = (await complaint_sheet.of(made.id, actor=clerk)).seen
    await within(complaints.remark(made.number, "昨晚又吵", actor=actors.person(resident.id)))
    for act in (
        complaint_desk.accept(made.id, actor=clerk, seen=seen),
        complaint_desk.answer(made.id, "已处理。", actor=clerk, seen=seen),
        complaint_desk.close(made.id, "重复", actor=clerk, seen=seen),
    ):
        with pytest.raises(Crossed):
            await within(act)
    assert await _told(resident) == []
    now = await complaint_sheet.of(made.id, actor=clerk)
    await within(complaint_sheet.printed(made.id, actor=clerk))  # which nobody has to know
    await within(complaint_desk.answer(made.id, "已处理。", actor=clerk, seen=now.seen))
    assert await _told(resident) == ["complaint.answered"]


async def test_the_clocks_stand_by_themselves_and_what_was_done_stays_done(resident: Person) -> None:
    clerk, made = await places.clerk(), await _complain(resident)

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


async def test_what_was_sent_shows_how_it_goes(resident: Person) -> None:
    clerk, made = await places.clerk(), await _complain(resident)
    await within(complaint_desk.answer(made.id, "已处理。", actor=clerk))
    for status, arrived, shown in (
        (OutboxStatus.PENDING, None, "pending"),
        (OutboxStatus.SENT, None, "sent"),
        (OutboxStatus.SENT, clock.now(), "arrived"),
        (OutboxStatus.FAILED, None, "failed"),
    ):
        await Outbox.filter(person_id=resident.id).update(status=status, arrived_at=arrived, error="media")
        assert (await complaint_sheet.of(made.id, actor=clerk)).happened[-1].sent == shown


async def test_an_anonymous_one_is_told_by_nothing_of_its_sheet_or_list(resident: Person) -> None:
    clerk, me = await places.clerk(), actors.person(resident.id)
    made = await within(complaints.submit(ComplaintKind.COMPLAINT, "噪音", "太吵", actor=me, anonymous=True))
    sheet = await complaint_sheet.of(made.id, actor=clerk)
    assert (sheet.name, sheet.house, sheet.phone, sheet.talk) == ("", "", "", None)
    with pytest.raises(NotFound):
        await within(complaint_sheet.phone(made.id, actor=clerk))
    [row] = (await complaint_lists.page(Tab.NEW, actor=clerk)).rows
    assert (row.name, row.house) == ("", "")
    assert not (await complaint_lists.page(Tab.NEW, actor=clerk, wanted=Wanted(search="1-1-101"))).rows


async def test_a_photo_is_shown_of_its_own_complaint_alone(resident: Person) -> None:
    clerk, me = await places.clerk(), actors.person(resident.id)
    file = await MediaFile.create(
        person=resident, media_id="m", status=MediaStatus.STORED, sha256="a" * 64, mime="image/jpeg"
    )
    made = await within(
        complaints.submit(ComplaintKind.COMPLAINT, "噪音", "看图", actor=me, media_ids=[file.id])
    )
    other = await _complain(resident)
    [picture] = (await complaint_sheet.of(made.id, actor=clerk)).pictures
    assert (await complaint_sheet.picture(made.id, picture.id, actor=clerk)).sha256 == "a" * 64
    with pytest.raises(NotFound):
        await complaint_sheet.picture(other.id, picture.id, actor=clerk)


async def _numbers(tab: Tab, actor: Actor, wanted: Wanted | None = None) -> list[str]:
    return [one.number for one in (await complaint_lists.page(tab, actor=actor, wanted=wanted)).rows]


async def test_tabs_count_what_they_hold_and_what_is_due_first_stands_on_top(resident: Person) -> None:
    clerk = await places.clerk()
    made = [await _complain(resident, f"第{number}件") for number in range(4)]
    await within(complaint_desk.accept(made[1].id, actor=clerk))
    await within(complaint_desk.answer(made[2].id, "已处理。", actor=clerk))
    await Complaint.filter(id=made[3].id).update(respond_by=clock.now() - timedelta(hours=1))
    assert await _numbers(Tab.NEW, clerk) == [made[3].number, made[0].number]
    counts = await complaint_lists.counts(actor=clerk)
    assert counts == {Tab.NEW: 2, Tab.WORKING: 1, Tab.ANSWERED: 1, Tab.ENDED: 0, Tab.ALL: 4}
    assert await complaint_lists.late(actor=clerk) == 1
    assert await _numbers(Tab.ALL, clerk, Wanted(late=True)) == [made[3].number]
    assert await _numbers(Tab.ALL, clerk, Wanted(whose=Whose.MINE)) == [made[2].number, made[1].number]
    assert await _numbers(Tab.ALL, clerk, Wanted(search="第0件")) == [made[0].number]
    assert await _numbers(Tab.ALL, clerk, Wanted(search=made[1].number.lower())) == [made[1].number]
    with statements() as asked:  # with houses joined, one without a hit takes five times as long
        assert (
            sum((await complaint_lists.counts(actor=clerk, wanted=Wanted(search="没有这句"))).values()) == 0
        )
    assert not [one for one in asked if "JOIN" in one and '"complaint"' in one]
    assert await _numbers(Tab.ALL, clerk, Wanted(kind=ComplaintKind.SUGGESTION)) == []


@pytest.mark.parametrize("tab", [Tab.NEW, Tab.ALL])
async def test_pages_follow_each_other_without_a_gap_or_a_doublet(resident: Person, tab: Tab) -> None:
    clerk = await places.clerk()
    everything = {(await _complain(resident)).number for _ in range(5)}
    seen: list[str] = []
    after = ""
    while True:
        page = await complaint_lists.page(tab, actor=clerk, after=after, limit=2)
        seen += [one.number for one in page.rows]
        if not (after := page.after):
            break
    assert len(seen) == 5 and set(seen) == everything


async def test_whom_it_is_about_finds_it_nowhere(resident: Person) -> None:
    xu = await actors.staff((await places.staff("客服小徐")).id)
    tang = await places.clerk("小唐")
    made = await _complain(resident, "我要投诉小徐，说话很难听", topic="员工态度")
    assert await _numbers(Tab.ALL, tang) == [made.number] and await _numbers(Tab.ALL, xu) == []
    assert await _numbers(Tab.ALL, xu, Wanted(search=made.number)) == []
    assert (await complaint_lists.counts(actor=xu))[Tab.ALL] == 0
    with clock.fixed(clock.now() + timedelta(days=30)):
        assert await complaint_lists.late(actor=xu) == 0
    assert (await complaint_sheet.of(made.id, actor=tang)).about == "客服小徐"
    for act in (
        complaint_sheet.of(made.id, actor=xu),
        complaint_sheet.phone(made.id, actor=xu),
        complaint_sheet.printed(made.id, actor=xu),
        complaint_course.takers(made.id, actor=xu),
        complaint_course.note(made.id, "不是我", actor=xu),
        complaint_course.extend(made.id, clock.now() + timedelta(days=9), "等", actor=xu),
        complaint_course.reopen(made.id, "等", actor=xu),
    ):
        with pytest.raises(NotFound):
            await within(act)


async def test_whom_staff_point_out_knows_nothing_of_it_from_then_on(resident: Person) -> None:
    xu, tang = await places.staff("客服小徐"), await places.clerk("小唐")
    accused = await actors.staff(xu.id)
    made = await _complain(resident, "有人态度很差", topic="员工态度")
    await within(complaint_desk.accept(made.id, actor=accused))
    with clock.fixed(made.deadline_at + timedelta(minutes=1)):
        await within(complaints.check_deadline(made.id))
    assert [one.reason for one in await tasks.waiting(actor=accused)] == ["complaint_overdue"]
    for wrong in ({"staff_id": 999_999}, {"technician_id": 999_999}):
        with pytest.raises(NotFound):
            await within(complaint_course.point_out(made.id, **wrong, actor=tang))
    await within(complaint_course.point_out(made.id, staff_id=xu.id, actor=tang))
    assert await _numbers(Tab.ALL, accused) == [] and await tasks.waiting(actor=accused) == []
    [hidden] = await StaffTask.filter(done_at=None)
    for verb in (staff_tasks.take, staff_tasks.done):
        with pytest.raises(NotFound):
            await within(verb(hidden.id, actor=accused))
    sheet = await complaint_sheet.of(made.id, actor=tang)
    assert (sheet.about, sheet.handler) == ("客服小徐", "")
    with pytest.raises(NotFound):
        await within(complaint_course.point_out(made.id, actor=accused))
    await within(complaint_course.point_out(made.id, actor=tang))
    assert await _numbers(Tab.ALL, accused) == [made.number]


async def test_what_nobody_takes_up_in_time_becomes_a_task_until_somebody_does(resident: Person) -> None:
    clerk, made = await places.clerk(), await _complain(resident)
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


async def _leads(role: Role, name: str) -> tuple[Actor, Person]:
    person = await places.person(name)
    row = await Staff.create(login=name, name=name, role=role, person=person, on_duty=False)
    return await actors.staff(row.id), person


async def test_what_is_about_the_only_clerk_is_at_once_a_task_of_whoever_leads_and_theirs_to_answer(
    resident: Person,
) -> None:
    accused = await actors.staff((await places.staff("客服小徐")).id)
    (leader, leading), (admin, person) = await _leads(Role.LEADER, "陈总"), await _leads(Role.ADMIN, "管理")
    made = await _complain(resident, "我要投诉小徐，说话很难听", topic="员工态度")
    assert await _told(leading) == ["staff.complaint_leading"] and await _told(person) == []
    for one in (leader, admin):
        assert [task.reason for task in await tasks.waiting(actor=one)] == ["complaint_leading"]
    assert await tasks.waiting(actor=accused) == []
    with clock.fixed((await Complaint.get(id=made.id)).respond_by):
        await within(complaints.check_first(made.id))
    assert len(await tasks.waiting(actor=leader)) == 1
    assert (await complaint_sheet.of(made.id, actor=leader)).may
    assert dict(await complaint_course.takers(made.id, actor=admin)) == {leader.id: "陈总"}
    await within(complaint_desk.accept(made.id, actor=leader))
    assert await tasks.waiting(actor=leader) == []
    await within(complaints.remark(made.number, "有录音", actor=actors.person(resident.id)))
    await within(complaint_course.pass_on(made.id, admin.id, actor=leader))
    await within(complaint_desk.answer(made.id, "向您道歉。", actor=admin))
    assert (await complaints.progress(resident.id, made.number)).status is ComplaintStatus.ANSWERED


async def test_whoever_leads_and_took_it_ends_it_though_another_clerk_comes(resident: Person) -> None:
    await places.staff("客服小徐")
    (leader, leading), (other, _) = await _leads(Role.LEADER, "陈总"), await _leads(Role.LEADER, "副总")
    made = await _complain(resident, "我要投诉小徐，说话很难听", topic="员工态度")
    await within(complaint_desk.accept(made.id, actor=leader))
    tang = await places.clerk("小唐")
    assert (await complaint_sheet.of(made.id, actor=leader)).may
    assert not (await complaint_sheet.of(made.id, actor=other)).may
    await within(complaints.remark(made.number, "有录音", actor=actors.person(resident.id)))
    assert (await _told(leading))[-1] == "staff.complaint_remarked"
    await within(complaint_desk.answer(made.id, "向您道歉。", actor=leader))
    assert (await complaint_sheet.of(made.id, actor=tang)).may


async def test_where_another_clerk_is_left_leaders_leave_it_to_them(resident: Person) -> None:
    await places.staff("客服小徐")
    tang, (leader, leading) = await places.clerk("小唐"), await _leads(Role.LEADER, "陈总")
    made = await _complain(resident, "我要投诉小徐，说话很难听", topic="员工态度")
    assert await _told(leading) == [] and await tasks.waiting(actor=leader) == []
    assert not (await complaint_sheet.of(made.id, actor=leader)).may
    for act in (
        complaint_desk.accept(made.id, actor=leader),
        complaint_sheet.phone(made.id, actor=leader),
        complaint_course.point_out(made.id, staff_id=tang.id, actor=leader),
    ):
        with pytest.raises(MayNot):
            await within(act)


async def test_whoever_leads_is_called_each_time_that_the_only_clerk_is_pointed_out(resident: Person) -> None:
    xu, (leader, _) = await places.staff("客服小徐"), await _leads(Role.LEADER, "陈总")
    admin, _ = await _leads(Role.ADMIN, "管理")
    made = await _complain(resident, "有人态度很差", topic="员工态度")
    await within(complaint_desk.accept(made.id, actor=await actors.staff(xu.id)))
    for _ in range(2):
        await within(complaint_course.point_out(made.id, staff_id=xu.id, actor=admin))
        assert [one.reason for one in await tasks.waiting(actor=leader)] == ["complaint_leading"]
        await within(complaint_course.point_out(made.id, actor=admin))
        assert await tasks.waiting(actor=leader) == []
    await within(complaint_course.point_out(made.id, staff_id=xu.id, actor=admin))
    await within(complaint_desk.answer(made.id, "向您道歉。", actor=leader))
    assert await tasks.waiting(actor=leader) == []


async def test_what_is_about_a_technician_who_is_a_clerk_too_tells_that_clerk_nothing(
    resident: Person,
) -> None:
    me = await places.person("吴海涛")
    both = await Staff.create(login="wu", name="老吴", role=Role.SERVICE, person=me, on_duty=True)
    community = await Community.get()
    plumber = await Technician.create(
        name="吴海涛", phone="13900000001", office=await ManagementOffice.get(), invite="t:wu", person=me,
        communities=[community.id],
    )  # fmt: skip
    made = await _complain(resident, "吴海涛师傅迟到还骂人", topic="维修人员")
    assert (await Complaint.get(id=made.id)).about_technician_id == plumber.id
    assert await _told(me) == [] and await tasks.waiting(actor=await actors.staff(both.id)) == []
