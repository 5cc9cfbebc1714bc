"""A complaint about one of the staff: kept from whom it is about, and led by others where nobody else is left."""

from datetime import timedelta

import pytest

from models.community import Community, ManagementOffice
from models.complaints import Complaint, ComplaintStatus
from models.people import Person, Role, Staff, Technician
from models.tasks import StaffTask
from services import actors, clock, staff_tasks
from services.actors import Actor
from services.cases import complaint_course, complaint_desk, complaint_lists, complaint_sheet, complaints
from services.cases.complaint_lists import Tab, Wanted
from services.desk import tasks
from services.errors import MayNot, NotFound
from tests.services.cases.complained import complain, numbers, told
from tests.world import places
from tests.world.units import within

pytestmark = pytest.mark.usefixtures("database", "monday")


async def test_whom_it_is_about_finds_it_nowhere(resident: Person) -> None:
    xu = await actors.staff((await places.staff("客服小徐")).id)
    tang = await places.clerk("小唐")
    made = await complain(resident, "我要投诉小徐，说话很难听", topic="员工态度")
    assert await numbers(Tab.ALL, tang) == [made.number] and await numbers(Tab.ALL, xu) == []
    assert await numbers(Tab.ALL, xu, Wanted(search=made.number)) == []
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
    made = await complain(resident, "有人态度很差", topic="员工态度")
    await within(complaint_desk.accept(made.id, actor=accused))
    with clock.fixed(made.deadline_at + timedelta(minutes=1)):
        await within(complaints.check_deadline(made.id))
    assert [one.reason for one in await tasks.waiting(actor=accused)] == ["complaint_overdue"]
    for wrong in ({"staff_id": 999_999}, {"technician_id": 999_999}):
        with pytest.raises(NotFound):
            await within(complaint_course.point_out(made.id, **wrong, actor=tang))
    await within(complaint_course.point_out(made.id, staff_id=xu.id, actor=tang))
    assert await numbers(Tab.ALL, accused) == [] and await tasks.waiting(actor=accused) == []
    [hidden] = await StaffTask.filter(done_at=None)
    for verb in (staff_tasks.take, staff_tasks.done):
        with pytest.raises(NotFound):
            await within(verb(hidden.id, actor=accused))
    sheet = await complaint_sheet.of(made.id, actor=tang)
    assert (sheet.about, sheet.handler) == ("客服小徐", "")
    with pytest.raises(NotFound):
        await within(complaint_course.point_out(made.id, actor=accused))
    await within(complaint_course.point_out(made.id, actor=tang))
    assert await numbers(Tab.ALL, accused) == [made.number]


async def _leads(role: Role, name: str) -> tuple[Actor, Person]:
    person = await places.person(name)
    row = await Staff.create(login=name, name=name, role=role, person=person, on_duty=False)
    return await actors.staff(row.id), person


async def test_what_is_about_the_only_clerk_is_at_once_a_task_of_whoever_leads_and_theirs_to_answer(
    resident: Person,
) -> None:
    accused = await actors.staff((await places.staff("客服小徐")).id)
    (leader, leading), (admin, person) = await _leads(Role.LEADER, "陈总"), await _leads(Role.ADMIN, "管理")
    made = await complain(resident, "我要投诉小徐，说话很难听", topic="员工态度")
    assert await told(leading) == ["staff.complaint_leading"] and await told(person) == []
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
    made = await complain(resident, "我要投诉小徐，说话很难听", topic="员工态度")
    await within(complaint_desk.accept(made.id, actor=leader))
    tang = await places.clerk("小唐")
    assert (await complaint_sheet.of(made.id, actor=leader)).may
    assert not (await complaint_sheet.of(made.id, actor=other)).may
    await within(complaints.remark(made.number, "有录音", actor=actors.person(resident.id)))
    assert (await told(leading))[-1] == "staff.complaint_remarked"
    await within(complaint_desk.answer(made.id, "向您道歉。", actor=leader))
    assert (await complaint_sheet.of(made.id, actor=tang)).may


async def test_where_another_clerk_is_left_leaders_leave_it_to_them(resident: Person) -> None:
    await places.staff("客服小徐")
    tang, (leader, leading) = await places.clerk("小唐"), await _leads(Role.LEADER, "陈总")
    made = await complain(resident, "我要投诉小徐，说话很难听", topic="员工态度")
    assert await told(leading) == [] and await tasks.waiting(actor=leader) == []
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
    made = await complain(resident, "有人态度很差", topic="员工态度")
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
    made = await complain(resident, "吴海涛师傅迟到还骂人", topic="维修人员")
    assert (await Complaint.get(id=made.id)).about_technician_id == plumber.id
    assert await told(me) == [] and await tasks.waiting(actor=await actors.staff(both.id)) == []
