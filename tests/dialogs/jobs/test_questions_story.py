"""What technicians ask: about a house, other days, their own work, and who leads them."""

import pytest

from models.tasks import StaffTask
from models.tickets import Area, Ticket
from tests.world import estate
from tests.world.estate import Estate
from tests.world.rounds import Round

pytestmark = pytest.mark.usefixtures("database")


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ("住户姓啥 电话多少", "王芳 13800000100"),
        ("他家几楼来着", "1栋101"),
        ("水龙头哪儿坏了", "厨房水龙头一直滴水"),
        ("电话报一下", "13800000100"),
    ],
)
async def test_what_is_asked_of_the_one_job_is_told(work: Round, said: str, told: str) -> None:
    phone = await work.given("tap:c")
    assert told in await phone.says(said)


async def test_another_day_is_listed_by_its_hours(work: Round) -> None:
    phone = await work.given("tap:c28 lamp:c23 lock:c2")
    shown = await phone.says("明儿个一共几趟 先去哪家")
    assert "明天2件" in shown
    assert shown.index("李敏") < shown.index("王芳")
    assert "陈强" not in shown
    assert "后天还没有" in await phone.says("后天有几家")
    assert "手上3件" in await phone.says("我手上一共几单")


async def test_the_list_is_asked_anew_and_nothing_is_done_with_the_job_that_is_shown(work: Round) -> None:
    phone = await work.given("tap:c lamp:c")
    await phone.says("今天的活")
    await phone.says("1")
    assert "手上2件" in await phone.says("我今天还有几家")
    assert await work.stands("tap") == "c 13:00"


async def test_where_the_jobs_went_that_were_given_away(work: Round, place: Estate) -> None:
    phone = await work.given("tap:d lamp:d")
    await estate.technician(place, "吴海涛", "water", "electric")
    await phone.says("俩单都转给老吴 我闪着腰了")
    shown = await phone.says("我那俩单现在谁在干")
    assert shown.count("吴海涛") == 2
    assert "王芳" not in await phone.says("灯那单谁接的")


async def test_own_work_and_pay_are_no_matter_of_a_home(work: Round) -> None:
    phone = await work.given("tap:p")
    for said in ("修好了 换了阀芯 65", "没拍", "对"):
        await phone.says(said)
    assert "今天您完工1单，单子上记的收费一共65元" in await phone.says("今天一共干了几单 收了多少")
    shown = await phone.says("这个月我干了多少单 提成几号发")
    assert "这个月1单" in shown
    assert "主管" in shown


async def test_whoever_leads_is_named_in_the_middle_of_residents_matters(work: Round) -> None:
    phone = await work.given("tap:d")
    assert "同意" in await phone.says("我家物业费多少")
    assert "0571-1" in await phone.says("找高主管")


async def test_lists_say_what_was_told_and_from_which_house(work: Round) -> None:
    phone = await work.given("tap:d lamp:d")
    await Ticket.filter(id=work.tickets["tap"]).update(description="马桶堵死了")
    await Ticket.filter(id=work.tickets["lamp"]).update(area=Area.PUBLIC, place="门口楼道")
    shown = await phone.says("今天的活")
    assert "1栋101厨房 水管水龙头 马桶堵死了" in shown
    assert "门口楼道（1栋201报的）" in shown


async def test_a_job_that_was_not_taken_up_again_waits_as_before(work: Round) -> None:
    phone = await work.given("tap:p")
    await phone.says("缺阀芯 后天上午来")
    await phone.says("接着修")
    assert "后天" in await phone.says("点错了 没开工")
    assert await work.stands("tap") == "h"


async def test_a_call_about_somebody_elses_job_is_noted_on_none_of_theirs(work: Round) -> None:
    phone = await work.given("tap:c")
    assert "人工客服" in await phone.says("有人打我电话催 303的 说我没去 我压根没这单啊")
    assert not await StaffTask.filter(reason="technician_says").exists()


async def test_who_never_accepted_has_not_accepted(work: Round) -> None:
    phone = await work.given("tap:d")
    await phone.says("接 两点半")
    assert "不算接了" in await phone.says("刚那单我没说要接 你搞混了")
    assert await work.stands("tap") == "d"
