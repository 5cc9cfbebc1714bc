"""Which job a technician means, by its time, its house or its thing, and why one is given away."""

import pytest

from models.events import Event
from models.people import Technician
from models.tickets import Ticket
from services import clock
from tests.world import estate
from tests.world.estate import Estate
from tests.world.rounds import Round

pytestmark = pytest.mark.usefixtures("database")


@pytest.mark.parametrize(
    ("states", "said", "after"),
    [
        ("tap:c0.5 lamp:c29", "到了", {"tap": "p", "lamp": "c 15:00"}),
        ("lamp:c29 tap:c1", "堵车 晚一刻钟", {"tap": "c 11:15", "lamp": "c 15:00"}),
        ("tap:c23 lamp:c28", "明天下午那个不去了 我腰闪了", {"tap": "c 09:00", "lamp": "gone"}),
        ("tap:c8 lamp:c26", "今晚那单也退 孩子发烧", {"tap": "gone", "lamp": "c 12:00"}),
        ("tap:c23 lamp:c28", "明天我去体检 上午那单退了吧", {"tap": "gone", "lamp": "c 14:00"}),
        ("tap:d lamp:c25", "201的 明天那单 不干了 车坏了", {"tap": "d", "lamp": "gone"}),
        ("tap:c0.3 lamp:c2", "王芳家到了 李敏那家往后推一个小时", {"tap": "p", "lamp": "c 13:00"}),
        (
            "tap:c8 lamp:c25",
            "今晚这单我七点半过去 明天那个推到后天十点",
            {"tap": "c 19:30", "lamp": "c 10:00"},
        ),
        ("tap:d lamp:d", "101我去 一个钟头 201太远不去", {"tap": "c 11:00", "lamp": "gone"}),
        ("tap:d lamp:c5", "全退了 丈母娘走了 回老家三天", {"tap": "gone", "lamp": "gone"}),
        ("tap:p lock:c28", "201门锁我没配件 得从厂家调 估计后天上午九点", {"tap": "p", "lock": "c 09:00"}),
    ],
)
async def test_the_job_is_taken_without_asking_which(
    work: Round, states: str, said: str, after: dict[str, str]
) -> None:
    phone = await work.given(states)
    await phone.says(said)
    assert "哪" not in phone.shown
    assert {name: await work.stands(name) for name in after} == after


async def test_what_two_jobs_may_mean_is_asked_of_these_alone(work: Round) -> None:
    phone = await work.given("tap:d lamp:c25 lock:c26")
    shown = await phone.says("101那家去不了 我腰闪了")
    assert "拒哪一单" in shown
    assert "客厅" not in shown
    await phone.says("门锁")
    assert (await work.stands("tap"), await work.stands("lock")) == ("d", "gone")


@pytest.mark.parametrize(
    ("said", "why"),
    [
        ("这单去不了 孩子发烧在医院 派别人", "孩子发烧在医院"),
        ("我是电工 水归厂家管 这单派错了", "我是电工，水归厂家管，这单派错了"),
        ("不去 太远了", "太远了"),
        ("101太远不去", "太远"),
        ("业主骂人 我不去了 谁爱去谁去", "业主骂人"),
    ],
)
async def test_why_is_kept_in_the_words_that_tell_it(work: Round, said: str, why: str) -> None:
    phone = await work.given("tap:d")
    await phone.says(said)
    assert (await Event.get(verb="refuse")).note == why


@pytest.mark.parametrize("said", ["不是 是退单 车坏了", "去不了了 电瓶车坏半道了"])
async def test_a_refusal_where_the_time_is_asked_is_no_time(work: Round, said: str) -> None:
    phone = await work.given("tap:d")
    await phone.says("接")
    await phone.says(said)
    assert await work.stands("tap") == "gone"


async def test_leaving_for_today_where_the_time_is_asked_promises_nothing(
    work: Round, man: Technician
) -> None:
    phone = await work.given("tap:d")
    await phone.says("接 明天")
    assert "主管" in await phone.says("下班 明天不来")
    assert await work.stands("tap") == "d"
    assert not (await Technician.get(id=man.id)).on_duty


async def test_a_job_that_is_refused_for_a_colleague_goes_to_them(work: Round, place: Estate) -> None:
    phone = await work.given("tap:c8 lamp:c26")
    await estate.technician(place, "吴海涛", "water", "electric")
    assert "吴海涛" in await phone.says("今晚那个我去不了 腰闪了 给老吴")
    assert (await work.stands("tap"), await work.stands("lamp")) == ("gone", "c 12:00")


async def test_a_job_is_taken_and_what_is_asked_beside_is_told(work: Round) -> None:
    phone = await work.given("tap:d")
    shown = await phone.says("接了 二十分钟到 是啥毛病 要带软管不")
    assert "厨房水龙头一直滴水" in shown
    assert "13800000100" in shown
    assert await work.stands("tap") == "c 10:20"


async def test_a_job_waits_until_somebody_comes_and_not_until_the_part_does(work: Round) -> None:
    phone = await work.given("tap:p")
    await phone.says("没合适的件 网上买了 礼拜五到 周六上午来装")
    until = (await Ticket.get(id=work.tickets["tap"])).hold_until
    assert until is not None
    assert f"{clock.local(until):%m-%d}" == "11-28"


async def test_what_has_begun_is_put_on_hold_where_somebody_gives_it_up(work: Round) -> None:
    phone = await work.given("tap:p")
    assert "哪天接着修" in await phone.says("这弄不了 得叫厂家 我撤了")
    await phone.says("说不准")
    assert await work.stands("tap") == "h"


async def test_a_colleague_who_agreed_is_the_one_it_goes_to(work: Round, place: Estate) -> None:
    phone = await work.given("tap:d")
    await estate.technician(place, "吴海涛", "water")
    await estate.technician(place, "何勇", "water")
    assert "何勇" in await phone.says("这家跟老何说好了 他顺路 他去")
    assert await work.stands("tap") == "gone"
