"""What technicians say in their own words, of several jobs at once, with what must have become of each job."""

import pytest

from models.people import Technician
from models.tasks import StaffTask
from models.tickets import DispatchMode, Ticket
from services import clock
from tests.world import estate
from tests.world.rounds import Round

pytestmark = pytest.mark.usefixtures("database")


@pytest.mark.parametrize(
    ("states", "said", "after"),
    [
        ("tap:d", "行啊，十二点以前到他家", {"tap": "c 12:00"}),
        ("tap:d lamp:d", "李敏家那个我去，三点半", {"tap": "d", "lamp": "c 15:30"}),
        ("tap:d lamp:d", "水龙头那个十一点半，灯那个下午四点", {"tap": "c 11:30", "lamp": "c 16:00"}),
        ("tap:c lamp:c", "灯到了 开始修", {"tap": "c 13:00", "lamp": "p"}),
        ("tap:c", "哎住户喊我四点以后再上门", {"tap": "c 16:00"}),
        ("tap:c", "家里没动静，手机也关机了", {"tap": "c 13:00"}),
        ("tap:p", "雨太大外面没法干，先停，明天上午再弄", {"tap": "h"}),
        ("tap:p", "今天弄不利索了 明天下午接着弄 缺个阀", {"tap": "h"}),
        ("tap:d lamp:d", "灯那单我没电工证 干不了", {"tap": "d", "lamp": "gone"}),
        ("tap:p", "不对不对，我人还没到呢", {"tap": "c 13:00"}),
        ("tap:d", "要了 一小时到", {"tap": "c 11:00"}),
        ("tap:d lamp:d", "都接 水管半小时 灯三点", {"tap": "c 10:30", "lamp": "c 15:00"}),
        ("tap:c", "住户临时有事 推到四点", {"tap": "c 16:00"}),
        ("tap:c", "怕是要晚半小时", {"tap": "c 13:30"}),
        ("tap:c lamp:d", "这单去不了 孩子发烧", {"tap": "c 13:00", "lamp": "gone"}),
        ("tap:p", "暂停 阀门明天上午装", {"tap": "h"}),
        ("tap:p", "住户要睡午觉 叫我三点来", {"tap": "h"}),
        ("tap:p lock:c", "完活 换了个锁芯 180 现金", {"tap": "p", "lock": "c 13:00"}),
    ],
)
async def test_one_sentence_moves_the_job_that_it_means(
    work: Round, states: str, said: str, after: dict[str, str]
) -> None:
    phone = await work.given(states)
    await phone.says(said)
    if "gone" in after.values() and phone.options and "工种" in phone.shown:
        await phone.taps("不是我的工种")
    assert {name: await work.stands(name) for name in after} == after


async def test_the_job_in_hand_is_done_and_the_next_one_promised(work: Round) -> None:
    phone = await work.given("tap:p lamp:c")
    assert "照片" in await phone.says("水管弄完了，接着去灯那家，半小时到")
    for option in ("没有照片", "没用料", "不收费", "确认完工"):
        await phone.taps(option)
    assert await work.stands("tap") == "awaiting_resident"
    assert (await work.stands("lamp")).startswith("c 10:3")


async def test_all_of_them_are_asked_one_by_one(work: Round) -> None:
    phone = await work.given("tap:d lamp:d")
    assert "一件一件来" in await phone.says("两家我都接")
    await phone.says("十一点")
    await phone.says("下午两点")
    assert (await work.stands("tap"), await work.stands("lamp")) == ("c 11:00", "c 14:00")


async def test_the_wrong_one_was_meant(work: Round) -> None:
    phone = await work.given("tap:d lamp:d lock:d")
    await phone.says("接单")
    assert "1栋201" in await phone.says("接错啦，我说的是灯那单")
    await phone.says("三点")
    assert [await work.stands(name) for name in ("tap", "lamp", "lock")] == ["d", "c 15:00", "d"]


async def test_an_hour_told_wrongly_is_put_right(work: Round) -> None:
    phone = await work.given("tap:d")
    await phone.says("接，两点到")
    await phone.says("写错了 应该是四点")
    assert await work.stands("tap") == "c 16:00"


async def test_nine_of_another_day_is_in_the_morning(work: Round) -> None:
    phone = await work.given("tap:d")
    await phone.says("接，明天去")
    assert "几点到" in phone.shown
    assert "明天 09:00" in await phone.says("九点")


async def test_another_job_with_its_time_answers_which_one(work: Round) -> None:
    phone = await work.given("tap:d lamp:d")
    await phone.says("接单")
    await phone.says("灯那单接 四点到")
    assert (await work.stands("tap"), await work.stands("lamp")) == ("d", "c 16:00")


async def test_a_refusal_that_was_a_slip_becomes_an_acceptance(work: Round) -> None:
    phone = await work.given("tap:d")
    await phone.says("拒单")
    assert "什么时候到" in await phone.says("不是不是，点错，这单我接")
    assert await work.stands("tap") == "d"


@pytest.mark.parametrize("said", ["等我手上这户忙完再说", "正忙着呢 过会儿再回你", "我先看看时间排不排得开"])
async def test_putting_it_off_does_nothing_and_is_no_matter_of_residents(work: Round, said: str) -> None:
    phone = await work.given("tap:d")
    assert "忙" in await phone.says(said)
    assert await work.stands("tap") == "d"


@pytest.mark.parametrize(
    "said",
    ["业主跟我说他家不修了 让退掉", "人家自己找人弄好了 叫我别去", "是楼上那户渗下来的", "住户不肯付钱"],
)
async def test_what_staff_should_know_reaches_their_list(work: Round, said: str) -> None:
    phone = await work.given("tap:c")
    assert "调度" in await phone.says(said)
    task = await StaffTask.get(reason="technician_says")
    assert (task.ticket_id, task.values["said"]) == (work.tickets["tap"], said)
    assert await work.stands("tap") == "c 13:00"


async def test_an_offer_is_taken_in_other_words(work: Round) -> None:
    await estate.mode("water", DispatchMode.GRAB)
    phone = await work.given("tap:o")
    assert "什么时候到" in await phone.says("我就在附近 我去吧")
    assert await work.stands("tap") == "d"


async def test_who_is_off_duty_and_begins_is_asked_to_come_on(work: Round, man: Technician) -> None:
    await Technician.filter(id=man.id).update(on_duty=False)
    await work.town.phone("o_王强").says("到了")
    await work.town.phone("o_王强").says("上班")
    assert (await Technician.get(id=man.id)).on_duty


async def test_the_time_is_told_with_the_job_that_is_asked_for(work: Round) -> None:
    phone = await work.given("tap:d lamp:d")
    await phone.says("接单")
    await phone.says("灯那个，三点")
    assert (await work.stands("tap"), await work.stands("lamp")) == ("d", "c 15:00")


async def test_an_accepted_job_that_was_the_wrong_one_waits_again(work: Round) -> None:
    phone = await work.given("tap:d lamp:d")
    await phone.says("灯那单接了 半小时")
    assert "不算接了" in await phone.says("接错了 是水管那单")
    await phone.says("一小时")
    assert (await work.stands("tap"), await work.stands("lamp")) == ("c 11:00", "d")


async def test_a_pause_is_made_longer_and_ends_by_coming_back(work: Round) -> None:
    phone = await work.given("tap:p")
    await phone.says("缺阀芯 明天上午来")
    await phone.says("还没到货 再推两天")
    until = (await Ticket.get(id=work.tickets["tap"])).hold_until
    assert until is not None
    assert f"{clock.local(until):%m-%d}" == "11-25"
    await phone.says("我又来他家了")
    assert await work.stands("tap") == "p"


async def test_what_was_used_and_taken_is_put_right_by_name(work: Round) -> None:
    phone = await work.given("tap:p")
    for said in ("完工", "没照片", "不是说了嘛 角阀一个", "30"):
        await phone.says(said)
    assert "用料：角阀一个" in phone.shown
    assert "用料：三通2个" in await phone.says("三通2个")
    assert "收费：30元" in phone.shown
    assert "用料：软管1个" in await phone.says("用料 软管1个 费用45")
    assert "收费：45元" in phone.shown


async def test_an_offer_is_taken_by_its_name_and_with_its_time(work: Round) -> None:
    await estate.mode("water", DispatchMode.GRAB)
    phone = await work.given("tap:o")
    await phone.says("抢 水龙头那个 半小时到")
    assert await work.stands("tap") == "c 10:30"


async def test_a_question_to_the_list_shows_the_job(work: Round) -> None:
    phone = await work.given("tap:d lamp:d")
    await phone.says("今天的活")
    assert "13800000101" in await phone.says("201那户电话多少")
    await phone.says("接 十一点")
    assert (await work.stands("tap"), await work.stands("lamp")) == ("d", "c 11:00")


async def test_a_number_means_the_newest_list_on_the_screen(work: Round) -> None:
    phone = await work.given("lamp:p")
    await phone.says("今天的活")
    await estate.mode("water", DispatchMode.GRAB)
    await work.town.passes(seconds=5)
    await work.given("tap:o")
    assert "什么时候到" in await phone.says("1")
    assert (await work.stands("tap"), await work.stands("lamp")) == ("d", "p")


@pytest.mark.parametrize(
    ("said", "told"), [("怎么接单", "半小时到"), ("怎么请假", "主管"), ("拒单扣钱吗", "主管")]
)
async def test_how_it_works_is_told_in_the_middle_and_the_question_stays(
    work: Round, said: str, told: str
) -> None:
    phone = await work.given("tap:d")
    await phone.says("接单")
    assert told in await phone.says(said)
    await phone.says("一小时")
    assert await work.stands("tap") == "c 11:00"
