"""A complaint about somebody who works here never reaches that person."""

import pytest

from models.complaints import Complaint, ComplaintKind
from models.conversations import Conversation
from models.outbox import Outbox
from models.people import Person, Role, Staff, Technician
from services import accused, actors, clock
from services.actors import Actor
from services.cases import complaint_course, complaint_desk, complaints
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


_CREW = ("马国强", "吴海涛", "吴军")
_DESK = ("客服小徐", "徐静", "唐悦")
_LEADING = {"高主管": Role.SUPERVISOR, "沈总": Role.LEADER}


@pytest.mark.parametrize(
    ("topic", "story", "whom"),
    [
        ("员工或师傅", "马师傅乱收钱", "马国强"),
        ("员工或师傅", "马国强来了不干活", "马国强"),
        ("噪音扰民", "我要投诉马师傅大清早用电钻", "马国强"),
        ("噪音扰民", "我跟马师傅说过三次了，楼上还是吵", ""),
        ("员工或师傅", "吴师傅迟到两小时", "吴海涛 吴军"),
        ("员工或师傅", "吴海涛迟到两小时", "吴海涛"),
        ("员工或师傅", "有个师傅迟到两小时", ""),
        ("员工或师傅", "老马来了就抽烟", "马国强"),
        ("员工或师傅", "小徐爱理不理的", "客服小徐 徐静"),
        ("员工或师傅", "姓徐的那个女的挂我电话", "客服小徐 徐静"),
        ("员工或师傅", "徐静爱理不理的", "徐静"),
        ("员工或师傅", "徐姐说话很冲，唐女士也一样", "客服小徐 徐静 唐悦"),
        ("员工或师傅", "唐某态度恶劣", "唐悦"),
        ("员工或师傅", "你们小许爱理不理的", "客服小徐 徐静"),  # as a voice message is written down
        ("员工或师傅", "许静爱理不理的", "徐静"),
        ("员工或师傅", "汤悦说话难听，小徐没有", "客服小徐 徐静"),
        ("噪音扰民", "客服小许骂我是猪", "客服小徐 徐静"),
        ("员工或师傅", "住小五楼的狗老叫", ""),
        ("员工或师傅", "小悦老挂我电话", "唐悦"),
        ("员工或师傅", "我们住小高层，小孙子被人骂了", ""),
        ("噪音扰民", "楼上装修，客服小徐骂我是猪", "客服小徐 徐静"),
        ("噪音扰民", "跟小徐讲了，她说会去看", ""),
        ("员工或师傅", "你们前台那个女的太凶了", "客服小徐 徐静 唐悦"),
        ("员工或师傅", "你们那个小姑娘一问三不知", "客服小徐 徐静 唐悦"),
        ("员工或师傅", "保安态度恶劣", ""),
        ("员工或师傅", "你们保安那个男的态度恶劣", ""),
        ("员工或师傅", "前台唐悦一直玩手机", "唐悦"),
        ("停车占道", "车位被占，打给前台还骂我", "客服小徐 徐静 唐悦"),
        ("停车占道", "车位被占，跟前台说了三次", ""),
        ("员工或师傅", "高主管推卸责任", "高主管"),
        ("员工或师傅", "你们经理推卸责任，谁都不管", "高主管 沈总"),
        ("员工或师傅", "唐悦骂人，我要找你们领导，太难听了", "唐悦"),
    ],
)
async def test_it_is_clear_whom_a_complaint_is_about(
    resident: Person, topic: str, story: str, whom: str
) -> None:
    crew = {name: (await _technician(name, resident)).id for name in _CREW}
    desk = {name: (await _staff(name)).id for name in _DESK}
    desk |= {name: (await _staff(name, role)).id for name, role in _LEADING.items()}
    found = await accused.find((await places.Community.get()).id, topic, story)
    names = [name for name, own in desk.items() if own in found.staff]
    assert [*names, *(name for name, own in crew.items() if own in found.technicians)] == whom.split()


async def test_one_of_several_is_kept_from_all_until_it_is_known_who(resident: Person) -> None:
    xu, jing, tang = await _staff("客服小徐"), await _staff("徐静"), await _staff("客服小唐")
    made = await _complain(resident, "小徐说话很难听")
    colleague = await actors.staff(tang.id)
    for one in (xu, jing):
        assert await _sees(await actors.staff(one.id)) == 0
        assert not await Outbox.filter(person_id=one.person_id).exists()
        with pytest.raises(NotFound):
            await within(complaint_desk.accept(made.id, actor=await actors.staff(one.id)))
    shown = await complaint_desk.shown(made.number, actor=colleague)
    assert (shown.about, shown.suspected) == ("", "客服小徐、徐静")
    with clock.fixed(made.deadline_at):
        await within(complaints.check_deadline(made.id))
    assert [len(await tasks.waiting(actor=await actors.staff(one.id))) for one in (xu, jing, tang)] == [
        0,
        0,
        1,
    ]
    await within(complaint_course.point_out(made.id, staff_id=xu.id, actor=colleague))
    assert [await _sees(await actors.staff(one.id)) for one in (xu, jing, tang)] == [0, 1, 1]
    assert [len(await tasks.waiting(actor=await actors.staff(one.id))) for one in (xu, jing, tang)] == [
        0,
        1,
        1,
    ]


async def test_one_about_somebody_at_the_front_desk_falls_to_whoever_leads(resident: Person) -> None:
    xu, tang, boss = await _staff("客服小徐"), await _staff("客服小唐"), await _staff("沈总", Role.LEADER)
    made = await _complain(resident, "你们前台那个女的太凶了")
    assert not await Outbox.filter(person_id__in=[xu.person_id, tang.person_id]).exists()
    assert await Outbox.filter(person_id=boss.person_id).count() == 1
    assert [await _sees(await actors.staff(one.id)) for one in (xu, tang, boss)] == [0, 0, 1]
    leader = await actors.staff(boss.id)
    await within(complaint_desk.accept(made.id, actor=leader))
    await within(complaint_course.point_out(made.id, staff_id=tang.id, actor=leader))
    assert [await _sees(await actors.staff(one.id)) for one in (xu, tang, boss)] == [1, 0, 1]


async def test_whom_the_resident_names_later_has_it_no_longer(resident: Person) -> None:
    xu, tang = await _staff("客服小徐"), await _staff("客服小唐")
    made, me = await _complain(resident, "有人说话很难听"), actors.person(resident.id)
    await within(complaint_desk.accept(made.id, actor=await actors.staff(xu.id)))
    await within(complaints.remark(made.number, "小唐今天给我打过电话了", actor=me))
    assert [await _sees(await actors.staff(one.id)) for one in (xu, tang)] == [1, 1]
    await within(complaints.remark(made.number, "那天的就是小徐", actor=me))
    assert [await _sees(await actors.staff(one.id)) for one in (xu, tang)] == [0, 1]
    assert (await Complaint.get()).handler_id is None
    told = await Outbox.filter(person_id=xu.person_id).order_by("-id").first()
    assert told is None or "就是小徐" not in str(told.payload)
    await within(complaints.remark(made.number, "小唐也骂我", actor=me))  # whom it is about is known by then
    assert [await _sees(await actors.staff(one.id)) for one in (xu, tang)] == [0, 1]


async def test_who_was_not_there_when_it_was_made_does_not_find_it_when_they_come_back(
    resident: Person,
) -> None:
    xu = await _staff("客服小徐")
    await Staff.filter(id=xu.id).update(active=False)
    await _complain(resident, "小徐说话很难听")
    await Staff.filter(id=xu.id).update(active=True, name="徐芳")
    assert await _sees(await actors.staff(xu.id)) == 0


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
