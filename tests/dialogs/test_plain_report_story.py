"""A fault told plainly: filed without a choice of kinds, by what matters of the words, at once if it cannot wait."""

import pytest

from models.community import DutyPhone
from models.tickets import Category
from services import cache
from tests.world import estate
from tests.world.estate import Estate
from tests.world.phone import Phone, Town

pytestmark = pytest.mark.usefixtures("database")


@pytest.fixture
async def resident(town: Town, place: Estate) -> Phone:
    await estate.kinds("appliance", "door_window", "other")
    return town.phone(place.resident.channel_id)


@pytest.mark.parametrize(
    ("said", "code"),
    [("卫生间热水忽冷忽热", "appliance"), ("卫生间淋浴不出热水", "water"), ("次卧有蟑螂", "other")],
)
async def test_nobody_has_to_choose_the_kind_of_a_fault(resident: Phone, said: str, code: str) -> None:
    await resident.opens("repair")
    answer = await resident.says(said)
    assert "哪一类" not in answer
    assert "什么时候方便" in answer
    await resident.says("明天上午")
    await resident.taps("提交")
    ticket = await estate.newest()
    assert (ticket.category.code, ticket.description) == (code, said)


async def test_where_a_lamp_is_makes_no_lift_of_it(resident: Phone) -> None:
    await Category.create(code="public_light", name="public_light", area="public")
    cache.forget()
    assert "什么位置" in await resident.says("门口的感应灯常亮不灭 晃眼")
    await resident.says("不是家里 是电梯口那个")
    ticket = await estate.newest()
    assert ticket.category.code == "public_light"
    assert "电梯口" in ticket.place


async def test_one_place_told_behind_its_fault_is_no_second_fault(resident: Phone) -> None:
    await Category.create(code="public_light", name="public_light", area="public")
    cache.forget()
    assert "2件" not in await resident.says("路灯坏了三盏 小区东门那边")


async def test_a_time_that_is_proposed_while_the_area_is_asked_is_kept(resident: Phone) -> None:
    await resident.opens("repair")
    assert "家里，还是公共" in await resident.says("有个牌子歪了")
    assert "上门时间" in await resident.says("后天下午可以吗")


async def test_names_and_greetings_are_not_read_out(resident: Phone) -> None:
    await resident.says("喂你好我是1栋101的王芳 厨房水龙头漏水了我腿脚不好")
    assert "情况：厨房水龙头漏水了我腿脚不好" in await resident.says("明天上午")


async def test_a_price_asked_with_the_fault_is_answered_first(resident: Phone) -> None:
    answer = await resident.says("家里热水器打不着火,你们修吗 多少钱")
    assert answer.index("收不收费") < answer.index("什么时候方便")
    assert "情况：家里热水器打不着火\n" in await resident.says("明天上午")


@pytest.mark.parametrize(
    "said",
    [
        "我家防盗门锁芯转不动了,钥匙插进去拧不开,现在进不了屋",
        "家里全黑了 整个屋没电",
        "跳闸了 推上去又跳",
        "我锁门外面了 钥匙在屋里",
    ],
)
async def test_what_cannot_wait_is_urgent_without_being_asked_for_a_time(
    resident: Phone, place: Estate, said: str
) -> None:
    await DutyPhone.create(community=place.community, name="值班室", phone="0571-1", emergency=True)
    answer = await resident.says(f"报修 {said}")
    assert "什么时候方便" not in answer
    assert "等不及就先打：值班室 0571-1" in answer
    ticket = await estate.newest()
    assert ticket.urgent
    assert ticket.appointment_start is None


async def test_the_only_home_without_power_is_not_asked_what_is_broken(resident: Phone) -> None:
    assert "邻居也这样" in await resident.says("没电")
    answer = await resident.taps("就我家，要报修")
    assert "哪里坏了" not in answer
    assert "单号" in answer
    assert (await estate.newest()).urgent
