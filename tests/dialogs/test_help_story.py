"""Danger, people, known faults and grabbed jobs on the shipped scripts and a real database."""

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.scripts.catalogue import Catalogue
from dialogs import shipped
from dialogs.registry import registry
from models.community import DutyPhone
from models.conversations import Conversation, Hold
from models.people import Person, Technician
from models.tasks import StaffTask, TaskKind
from models.tickets import Category, DispatchMode, Outage, Ticket, TicketFollower
from services import cache, clock
from services.actors import OPERATOR
from services.repairs import outages
from tests.world import estate, places
from tests.world.estate import Estate
from tests.world.phone import Phone, Town
from tests.world.units import within

pytestmark = pytest.mark.usefixtures("database")


@pytest.fixture
async def place() -> Estate:
    built = await estate.build()
    await DutyPhone.create(community=built.community, name="值班室", phone="0571-88880000", emergency=True)
    await Category.create(code="public_light", name="公共照明", area="public")
    cache.forget()
    await places.bind(built.resident, built.house)
    return built


@pytest.fixture
def resident(town: Town) -> Phone:
    return town.phone("o_resident")


async def test_danger_alerts_duty_staff_before_anything_is_asked(resident: Phone, town: Town) -> None:
    answer = await resident.says("电梯里困住人了快来")
    assert "0571-88880000" in answer and "具体在哪里" in answer
    boss = town.phone("o_boss")
    alert = await boss.reads()
    assert all(part in alert for part in ("王芳", "1栋101", "电梯里困住人了快来"))
    assert await StaffTask.filter(kind=TaskKind.ALERT).count() == 1
    assert "值班人员" in await resident.says("2栋的电梯")
    assert "2栋的电梯" in await boss.reads()


async def test_a_script_of_an_earlier_release_still_tells_where_it_is(resident: Phone, town: Town) -> None:
    named = "with: {danger: slots.danger, text: slots.where}"
    older = [
        (name, 1, source.replace("with: {text: slots.where}", named)) for name, source in shipped.scripts()
    ]
    assert sum(named in source for _, _, source in older) == 1
    town.pipeline.bot = replace(town.pipeline.bot, catalogue=Catalogue.of_sources(older, registry))
    await resident.says("电梯里困住人了快来")
    assert "值班人员" in await resident.says("2栋的电梯")
    assert "2栋的电梯" in await town.phone("o_boss").reads()


async def test_danger_needs_no_binding(town: Town) -> None:
    stranger = town.phone("o_stranger")
    assert "0571-88880000" in await stranger.says("着火了")


async def test_danger_lays_a_talk_aside_which_goes_on_when_that_is_wanted(resident: Phone) -> None:
    await resident.says("报修")
    await resident.says("客厅的灯不亮了")
    assert "0571-88880000" in await resident.says("楼道着火了好多烟")
    assert "接着办「报修」" not in await resident.taps("就在我家")
    assert "接着办「报修」" in await resident.taps("接着办刚才的")


async def test_queue_place_is_told_and_left(resident: Phone, town: Town) -> None:
    other = town.phone("o_boss")
    await other.says("人工")
    assert "前面还有1位" in await resident.says("转人工") or "前面1位" in resident.shown
    assert (await resident.conversation()).hold is Hold.QUEUED
    assert "前面还有1位" in await resident.says("我家的水费不对")
    assert await resident.says("上个月多收了") == ""
    task = await StaffTask.get(kind=TaskKind.HANDOVER, person_id=(await resident.person()).id)
    assert "我家的水费不对\n上个月多收了" in task.values["text"]
    assert "不排队" in await resident.taps("不等了") or "退出" in resident.shown
    assert (await resident.conversation()).hold is Hold.BOT


async def test_out_of_hours_a_message_is_left(resident: Phone, town: Town) -> None:
    town.now += timedelta(hours=12)
    assert "09:00" in await resident.says("人工")
    await resident.taps("留言")
    assert "上班" in await resident.says("水费单子少了一个月")
    assert (await StaffTask.get(kind=TaskKind.LEFT_MESSAGE)).values == {"text": "水费单子少了一个月"}
    assert (await resident.conversation()).hold is Hold.BOT


async def _water_is_off(town: Town, place: Estate) -> None:
    await Outage.create(
        community=place.community,
        category_code="water",
        text="一期水管抢修，预计18点恢复供水",
        starts_at=town.now - timedelta(hours=1),
        ends_at=town.now + timedelta(hours=8),
    )


async def test_announced_outage_is_told_before_a_ticket(resident: Phone, town: Town, place: Estate) -> None:
    await _water_is_off(town, place)
    await resident.says("报修")
    assert "预计18点恢复供水" in await resident.says("厨房水龙头不出水")
    said = await resident.taps("就是这个")
    assert "恢复了马上告诉您" in said or "来了我通知您" in said
    assert await Ticket.all().count() == 0


@pytest.mark.parametrize("asks", ["报修", "怎么停水了"])
async def test_who_was_told_of_an_outage_hears_once_when_it_is_over(
    resident: Phone, town: Town, place: Estate, asks: str
) -> None:
    await _water_is_off(town, place)
    await resident.says(asks)
    if asks == "报修":
        await resident.says("厨房水龙头不出水")
        await resident.taps("就是这个")
    with clock.fixed(town.now):
        await within(outages.end((await Outage.get()).id, actor=OPERATOR))
    assert "青禾一期停水恢复了" in await resident.reads()
    await resident.says("怎么停水了")
    assert "抢修" not in resident.shown


async def test_a_leak_is_not_explained_by_an_outage(resident: Phone, town: Town, place: Estate) -> None:
    await _water_is_off(town, place)
    assert "什么时候方便" in await resident.says("厨房水龙头漏水，关不紧")


async def test_neighbours_follow_one_public_fault(resident: Phone, town: Town, place: Estate) -> None:
    await resident.says("1栋楼道的灯不亮了")
    person = await Person.create(channel_id="o_neighbour", name="李雷", phone="13900000002")
    await places.bind(person, place.houses[1])
    neighbour = town.phone("o_neighbour")
    assert "邻居今天" in await neighbour.says("楼道的灯坏了")
    assert "BX" in await neighbour.taps("同一处")
    assert await Ticket.all().count() == 1
    assert await TicketFollower.filter(person=person).count() == 1


async def test_grabbed_job_belongs_to_the_first(resident: Phone, town: Town, place: Estate) -> None:
    await estate.mode("water", DispatchMode.GRAB)
    first, second = [await estate.technician(place, name, "water") for name in ("王强", "张伟")]
    await resident.says("厨房水龙头漏水，明天上午来")
    await town.passes(seconds=5)
    phones = [town.phone(f"o_{one.name}") for one in (first, second)]
    for phone in phones:
        assert "可以抢" in await phone.reads()
    assert "按约定到吗" in await phones[1].taps("抢单")
    assert "慢了一步" in await phones[0].taps("抢单")
    await phones[1].taps("按预约到")
    assert (await Ticket.get()).technician_id == second.id
    assert "张伟师傅接单了" in await resident.reads()


async def test_transfer_to_a_colleague(resident: Phone, town: Town, place: Estate) -> None:
    await estate.technician(place, "王强", "water")
    await resident.says("厨房水龙头漏水，明天上午来")
    await town.passes(seconds=5)
    colleague = await estate.technician(place, "张伟", "water")
    man = town.phone("o_王强")
    await man.reads()
    assert "张伟" in await man.taps("转给同事")
    await man.taps("张伟")
    assert "张伟" in await man.says("他家要三角阀")
    assert (await Ticket.get()).technician_id == colleague.id
    assert "派给您一单" in await town.phone("o_张伟").reads()


async def test_phone_repair_lists_technicians(resident: Phone, place: Estate) -> None:
    man = await estate.technician(place, "王强", "water")
    answer = await resident.says("电话报修")
    assert f"王强师傅 {man.phone}" in answer and "0571-88880000" in answer


async def test_photo_of_a_technician_is_for_the_job(resident: Phone, town: Town, place: Estate) -> None:
    await estate.technician(place, "王强", "water")
    await resident.says("厨房水龙头漏水，明天上午来")
    await town.passes(seconds=5)
    man = town.phone("o_王强")
    await man.reads()
    assert "住户约的是" in await man.says("接单 半小时后到")
    await man.taps("就这个时间")
    assert "完工照片" in await man.sends_photos(2)
    await man.taps("完工照片")
    await man.taps("就这些")
    await man.taps("没用料")
    assert "照片：2张" in await man.taps("不收费")
    assert "辛苦" in await man.taps("确认完工")
    assert await Technician.all().count() == 1


async def test_an_alert_is_called_back_in_ones_own_words(resident: Phone, town: Town) -> None:
    boss = town.phone("o_boss")
    await resident.says("电梯里困住人了快来")
    await resident.says("2栋的电梯")
    await boss.reads()
    assert "没事就好" in await resident.says("没人困，人都出来了")
    assert "住户说没事了" in await boss.reads()
    assert not await StaffTask.filter(kind=TaskKind.ALERT, done_at=None).exists()


async def test_a_child_behind_a_locked_door_is_asked_about_in_the_middle_of_a_report_too(
    resident: Phone,
) -> None:
    await resident.says("客厅空调不制冷")
    asked = await resident.says("锁外边了，孩子一岁在屋里睡着")
    assert "有没有人有危险" in asked or "有人被困或有危险吗" in asked
    assert "0571-88880000" in asked


async def test_danger_only_suspected_is_asked_with_the_phone_and_alarms_nobody(resident: Phone) -> None:
    asked = await resident.says("电梯停在半路")
    assert "有没有人有危险" in asked or "有人被困或有危险吗" in asked
    assert "0571-88880000" in asked
    assert not await StaffTask.filter(kind=TaskKind.ALERT).exists()
    assert "有危险" not in await resident.says("没人在里面，就是坏了")
    conversation = await Conversation.get(person__channel_id="o_resident")
    assert "电梯停在半路" in str(conversation.state)
