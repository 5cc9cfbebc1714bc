"""A complaint about somebody who works here never reaches that person."""

import pytest

from models.complaints import Complaint, ComplaintKind
from models.conversations import Conversation
from models.outbox import Outbox
from models.people import Person, Role, Staff, Technician
from services import accused, actors, clock
from services.accused import Accused
from services.actors import Actor
from services.cases import complaint_desk, complaints
from services.cases.complaints import Promised
from services.desk import handover, messages, tasks
from services.errors import NotFound
from tests.world import places
from tests.world.units import within

pytestmark = pytest.mark.usefixtures("database", "monday")


@pytest.fixture
async def resident(database: str) -> Person:
    return await places.resident(await places.house(await places.community()))


async def _staff(name: str, role: Role = Role.SERVICE) -> Staff:
    count = await Staff.all().count()
    return await Staff.create(
        login=f"a{count}", name=name, role=role, person=await Person.create(channel_id=f"o_{name}")
    )


async def _technician(name: str, resident: Person) -> Technician:
    community = await places.Community.get()
    return await Technician.create(
        name=name,
        phone="1",
        office_id=community.office_id,
        invite=name,
        communities=[community.id],
        person=await Person.create(channel_id=f"o_{name}"),
    )


async def _complain(resident: Person, story: str) -> Promised:
    me = actors.person(resident.id)
    return await within(complaints.submit(ComplaintKind.COMPLAINT, "员工或师傅", story, actor=me))


async def _sees(actor: Actor) -> int:
    return len(await complaint_desk.listed(actor=actor))


async def test_whom_it_is_about_neither_hears_nor_sees_nor_answers_it(resident: Person) -> None:
    xu, tang = await _staff("客服小徐"), await _staff("客服小唐")
    made = await _complain(resident, "我要投诉小徐，说话很难听")
    assert not await Outbox.filter(person_id=xu.person_id).exists()
    assert await Outbox.filter(person_id=tang.person_id).count() == 1
    accused_one, colleague = await actors.staff(xu.id), await actors.staff(tang.id)
    assert (await _sees(accused_one), await _sees(colleague)) == (0, 1)
    for verb in (
        complaint_desk.shown(made.number, actor=accused_one),
        complaint_desk.answer(made.id, "没有的事", actor=accused_one),
        complaint_desk.close(made.id, "没有的事", actor=accused_one),
    ):
        with pytest.raises(NotFound):
            await within(verb)
    assert (await complaint_desk.shown(made.number, actor=colleague)).about == "客服小徐"
    with clock.fixed(made.deadline_at):
        await within(complaints.check_deadline(made.id))
    assert await tasks.waiting(actor=accused_one) == []
    assert len(await tasks.waiting(actor=colleague)) == 1
    assert not await Outbox.filter(person_id=xu.person_id).exists()


async def test_when_nobody_else_is_there_the_admins_hear_it(resident: Person) -> None:
    xu, admin = await _staff("客服小徐"), await _staff("管理员", Role.ADMIN)
    await _complain(resident, "小徐态度太差")
    assert not await Outbox.filter(person_id=xu.person_id).exists()
    assert await Outbox.filter(person_id=admin.person_id).count() == 1


async def test_a_technician_never_hears_of_a_complaint_about_himself(resident: Person) -> None:
    ma = await _technician("马国强", resident)
    await _complain(resident, "我要投诉马师傅，说好晚上七点，根本没人来")
    assert (await Complaint.get()).about_technician_id == ma.id
    assert not await Outbox.filter(person_id=ma.person_id).exists()


async def test_a_technician_who_is_also_of_the_staff_does_not_see_it_there(resident: Person) -> None:
    ma = await _technician("马国强", resident)
    twin = await Staff.create(login="ma", name="值班", role=Role.SERVICE, person_id=ma.person_id)
    await _complain(resident, "马师傅乱收钱")
    assert await _sees(await actors.staff(twin.id)) == 0


@pytest.mark.parametrize(
    ("topic", "story", "whom"),
    [
        ("员工或师傅", "马师傅乱收钱", "马国强"),
        ("员工或师傅", "马国强来了不干活", "马国强"),
        ("噪音扰民", "我要投诉马师傅大清早用电钻", "马国强"),
        ("噪音扰民", "我跟马师傅说过三次了，楼上还是吵", ""),
        ("员工或师傅", "吴师傅迟到两小时", ""),  # there are two of that name
        ("员工或师傅", "吴海涛迟到两小时", "吴海涛"),
        ("员工或师傅", "有个师傅迟到两小时", ""),
    ],
)
async def test_it_is_clear_whom_a_complaint_is_about(
    resident: Person, topic: str, story: str, whom: str
) -> None:
    known = {name: await _technician(name, resident) for name in ("马国强", "吴海涛", "吴军")}
    found = await accused.find((await places.Community.get()).id, topic, story)
    assert found == Accused(technician_id=known[whom].id if whom else None)


async def test_who_complains_to_people_about_one_of_them_is_heard_by_the_others(resident: Person) -> None:
    xu, tang = await _staff("客服小徐"), await _staff("客服小唐")
    me = actors.person(resident.id)
    await Conversation.create(person_id=resident.id)
    await within(handover.request(actor=me, reason="我要投诉小徐，找你们领导"))
    await within(messages.leave("投诉客服小徐骂人", actor=me))
    assert not await Outbox.filter(person_id=xu.person_id).exists()
    assert await Outbox.filter(person_id=tang.person_id).count() == 2
    assert await tasks.waiting(actor=await actors.staff(xu.id)) == []
    assert len(await tasks.waiting(actor=await actors.staff(tang.id))) == 2
