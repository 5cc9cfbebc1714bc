"""Words typed while something else is asked: urging in a list, calling off, 匿名 too early, another building."""

import pytest

from models.tickets import Ticket, TicketStatus
from services import actors, clock
from services.repairs import jobs
from tests.world.estate import Estate
from tests.world.phone import Phone, Town
from tests.world.units import within

pytestmark = pytest.mark.usefixtures("database")


@pytest.fixture
def resident(town: Town, place: Estate) -> Phone:
    return town.phone(place.resident.channel_id)


async def _reported(resident: Phone, town: Town, *what: str) -> None:
    for one in what:
        await resident.says(f"{one}，明天下午三点来")
        await town.passes(seconds=5)
    await resident.reads()


async def _begun(town: Town) -> Ticket:
    ticket = await Ticket.all().order_by("id").first().select_related("technician")
    assert ticket
    assert ticket.technician
    with clock.fixed(town.now):
        await within(jobs.arrive(ticket.id, actor=actors.technician(ticket.technician.id)))
    return ticket


@pytest.mark.parametrize("said", ["催一下", "催单", "帮我催一下师傅"])
async def test_urging_typed_in_the_list_asks_which_to_urge(resident: Phone, town: Town, said: str) -> None:
    await _reported(resident, town, "厨房水龙头漏水", "卧室灯不亮")
    assert "看哪一件" in await resident.opens("progress")
    assert "催哪一件" in await resident.says(said)
    answer = await resident.says("1")
    assert "催" in answer
    assert "还要做什么" not in answer
    assert [one.urged_at is not None for one in await Ticket.all().order_by("-id")] == [True, False]


async def test_calling_off_typed_in_the_list_asks_which_one(resident: Phone, town: Town) -> None:
    await _reported(resident, town, "厨房水龙头漏水", "卧室灯不亮")
    await resident.opens("progress")
    assert "取消哪一件" in await resident.says("取消报修")
    assert "确定取消" in await resident.says("2")
    await resident.taps("确定取消")
    assert "取消了" in await resident.taps("报错了")
    first = await Ticket.all().order_by("id").first()
    assert first
    assert first.status is TicketStatus.CANCELLED


async def test_what_was_begun_cannot_be_called_off_and_that_is_said(resident: Phone, town: Town) -> None:
    await _reported(resident, town, "厨房水龙头漏水")
    ticket = await _begun(town)
    answer = await resident.says("取消报修")
    assert "已经开工" in answer or "动手了" in answer
    assert ticket.technician
    assert ticket.technician.phone in answer
    await resident.opens("progress")
    assert "取消" in await resident.says("不修了")


async def test_urging_again_too_soon_tells_how_things_stand(resident: Phone, town: Town) -> None:
    await _reported(resident, town, "厨房水龙头漏水")
    await resident.says("催一下")
    answer = await resident.says("催一下")
    assert "刚催过" in answer
    assert "王强师傅" in answer


async def test_asking_about_what_is_on_hold_tells_until_when(resident: Phone, town: Town) -> None:
    await _reported(resident, town, "厨房水龙头漏水")
    ticket = await _begun(town)
    assert ticket.technician
    with clock.fixed(town.now):
        await within(jobs.hold(ticket.id, actor=actors.technician(ticket.technician.id), reason="缺垫圈"))
    assert "暂停中：缺垫圈" in await resident.says("怎么还没修好")


@pytest.mark.parametrize("said", ["尽快吧", "都行", "随便什么时候", "什么时候都行"])
async def test_any_time_is_a_time(resident: Phone, said: str) -> None:
    assert "什么时候方便" in await resident.says("厨房水龙头漏水")
    assert "上门：尽快" in await resident.says(said)


@pytest.mark.parametrize("said", ["2栋的", "不对，是2栋", "应该是2栋的"])
async def test_another_building_at_the_summary(resident: Phone, said: str) -> None:
    await resident.says("厨房水龙头漏水，明天下午三点来")
    answer = await resident.says(said)
    assert "没对上" not in answer
    assert "没找到2栋101" in answer or "房号改成：2栋101" in answer


async def test_another_building_of_a_public_place(resident: Phone) -> None:
    assert "1栋" in await resident.says("1栋电梯坏了，按了没反应")
    assert "具体位置改成：2栋电梯" in await resident.says("2栋的")


async def test_unbinding_typed_among_the_family(resident: Phone) -> None:
    await resident.opens("house")
    await resident.taps("家人和租客")
    assert "不解绑" in await resident.says("解绑")


async def test_namelessness_asked_for_early_is_kept(resident: Phone) -> None:
    await resident.opens("complaint")
    assert "哪一类" in await resident.says("楼上天天半夜在家里搞聚会")
    assert "记下了，署名：匿名" in await resident.says("匿名")
    await resident.taps("噪音扰民")
    await resident.taps("说不上来")
    assert "署名：匿名" in await resident.taps("没有照片")


async def test_namelessness_in_the_story_is_heard(resident: Phone) -> None:
    await resident.opens("complaint")
    await resident.says("楼上半夜蹦迪，别让他知道是我说的")
    await resident.taps("说不上来")
    assert "署名：匿名" in await resident.taps("没有照片")


async def test_a_room_is_no_place_in_it(resident: Phone) -> None:
    await resident.opens("repair")
    assert "具体在什么位置" in await resident.says("水龙头一直滴水")
    answer = await resident.says("2栋201")
    assert "房号：2栋201" in answer
    assert "厨房" in answer
    await resident.says("厨房")
    summary = await resident.says("尽快")
    assert "住户：2栋201" in summary
    assert "位置：厨房" in summary


async def test_a_room_that_does_not_exist_is_no_place_either(resident: Phone) -> None:
    await resident.opens("repair")
    await resident.says("水龙头一直滴水")
    answer = await resident.says("9栋901")
    assert "没找到9栋901" in answer
    assert "厨房" in answer


async def test_whoever_goes_on_from_the_progress_is_not_led_back_to_it(resident: Phone, town: Town) -> None:
    await _reported(resident, town, "厨房水龙头漏水")
    assert "还要做什么" in await resident.opens("progress")
    await resident.opens("complaint")
    await resident.says("楼下的狗天天叫，半夜也叫")
    await resident.taps("说不上来")
    await resident.taps("没有照片")
    await resident.taps("匿名")
    answer = await resident.taps("提交")
    assert "编号" in answer
    assert "报修进度" not in answer


async def test_the_name_of_the_talk_below_leads_back_to_it(resident: Phone) -> None:
    assert "什么时候" in await resident.says("厨房水龙头漏水")
    assert "要办什么" in await resident.says("我的房屋")
    answer = await resident.says("报修")
    assert "接着办「报修」" in answer
    assert "上门" in answer or "什么时候" in answer
    assert "单号" in await resident.says("明天下午三点")


async def test_a_danger_behind_a_keyword_is_a_danger(resident: Phone) -> None:
    assert "已经通知值班人员" in await resident.says("补充，楼上掉东西砸到人了")


async def test_what_was_told_on_top_is_kept_as_a_draft(resident: Phone) -> None:
    await resident.says("厨房水龙头漏水")
    await resident.says("我要投诉楼上每天半夜打麻将，吵得人睡不着")
    assert "接着办「报修」" in await resident.says("报修")
    await resident.says("取消")
    assert "投诉" in await resident.says("继续")


@pytest.mark.parametrize(
    ("hours", "moments"),
    [
        (0, ["今天下午", "明天上午", "明天下午", "周六上午"]),
        (11, ["明天上午", "明天下午", "周六上午"]),  # nine in the evening
        (4 * 24, ["今天下午", "明天上午", "明天下午"]),  # on a Friday
    ],
)
async def test_only_moments_to_come_are_offered_and_each_once(
    resident: Phone, town: Town, hours: int, moments: list[str]
) -> None:
    await town.passes(hours=hours)
    await resident.opens("repair")
    await resident.says("厨房水龙头漏水")
    assert [one.text for one in resident.options][:-1] == moments
    for one in moments:
        assert "上门：" in await resident.taps(one)
        await resident.says("上一步")
