"""Who may see what a house owes and who lives there: those whom the company's list or staff confirm."""

import pytest

from bot.understanding import Understander
from dialogs import shipped
from models.events import Event
from models.people import Binding, Person
from models.tasks import StaffTask
from services import clock
from services.estate import reviews
from tests.dialogs.test_binding_story import _binds
from tests.world import estate, offices, places
from tests.world.estate import Estate
from tests.world.phone import Phone, Town
from tests.world.units import within

pytestmark = pytest.mark.usefixtures("database")


@pytest.fixture
async def place() -> Estate:
    built = await estate.build()
    await estate.technician(built, "王强", "water")
    return built


@pytest.fixture
def town(place: Estate, understander: Understander) -> Town:
    return Town(understander)


async def _owner(town: Town) -> Phone:
    owner = town.phone("o_resident")
    await _binds(owner, "1栋101", "王芳", "13800000001", "业主")
    return owner


async def _newcomer(town: Town) -> Phone:
    """Somebody whom the list does not know."""
    phone = town.phone("o_new")
    await _binds(phone, "1栋101", "李四", "13900000009", "家人")
    return phone


async def test_whom_the_list_does_not_know_sees_no_money_until_staff_confirm(
    town: Town, place: Estate
) -> None:
    await offices.bill(offices.Town(place, place.community), 0)
    phone = await _newcomer(town)
    assert "名册" in phone.shown and "人工" in phone.shown
    for asked in ("查一下物业费", "收据", "费用明细", "每月账单", "缴费"):
        answer = await phone.says(asked)
        assert "还没核对" in answer and "人工" in answer and "1.00元" not in answer, asked
    assert "李四" in await phone.says("家人") and "王芳" not in phone.shown
    await phone.says("算了")
    assert "什么时候方便" in await phone.says("厨房水龙头漏水")
    await phone.says("取消")
    binding = await Binding.get(person=await phone.person())
    with clock.fixed(town.now):
        await within(reviews.confirm(binding.id, actor=await places.clerk()))
    assert "1.00元" in await phone.says("查一下物业费")


async def test_an_owner_who_does_not_know_the_newcomer_has_them_checked(town: Town) -> None:
    owner, _ = await _owner(town), await _newcomer(town)
    told = await owner.reads()
    assert "李四（家人，139****0009）" in told and "1栋101" in told
    assert "物业马上核对" in await owner.taps("我不认识")
    assert "看不到您家的账单" in owner.shown
    await owner.taps("要核对")
    reasons = {task.reason for task in await StaffTask.filter(done_at=None)}
    assert reasons == {"unmatched", "disputed"}
    assert (await Event.get(verb="disputed")).actor_id == (await owner.person()).id


async def test_a_newcomer_cannot_object_to_the_owner(town: Town, place: Estate) -> None:
    owner, phone = await _owner(town), await _newcomer(town)
    theirs = await Binding.get(person=await owner.person())
    await phone.taps_id(f"s:stranger?binding={theirs.id}")
    if "要核对" in phone.shown:
        await phone.taps("要核对")
    assert "只有您家名册上的业主" in phone.shown
    assert (await Binding.get(id=theirs.id)).matched


async def test_whom_the_list_has_stays_confirmed_while_staff_look(town: Town, place: Estate) -> None:
    owner = await _owner(town)
    await owner.opens("members")
    for said in ("加一位", "李明", "13900001111", "家人", "加上"):
        await (owner.taps(said) if said in owner.shown else owner.says(said))
    family = town.phone("o_family")
    await _binds(family, "1栋101", "李明", "13900001111", "家人")
    await owner.reads()
    await owner.taps("我不认识")
    await owner.taps("要核对")
    binding = await Binding.get(person=await family.person())
    assert binding.matched
    clerk = await places.clerk()
    assert [one.id for one in (await reviews.waiting(actor=clerk)).rows] == [binding.id]
    task = await StaffTask.get(reason="disputed", done_at=None)
    said = shipped.phrases().reply("task.disputed", task.values).text
    assert said.startswith("业主王芳说不认识绑到1栋101的李明")
    with clock.fixed(town.now):
        await within(reviews.confirm(binding.id, actor=clerk))
    assert (await reviews.waiting(actor=clerk)).rows == []
    assert not await StaffTask.filter(done_at=None).exists()


async def test_objecting_twice_changes_nothing_that_staff_confirmed(town: Town) -> None:
    owner, phone = await _owner(town), await _newcomer(town)
    await owner.reads()
    await owner.taps("我不认识")
    await owner.taps("要核对")
    binding = await Binding.get(person=await phone.person())
    with clock.fixed(town.now):
        await within(reviews.confirm(binding.id, actor=await places.clerk()))
    await owner.taps_id(f"s:stranger?binding={binding.id}")
    assert "核对过" in await owner.taps("要核对")
    assert (await Binding.get(id=binding.id)).matched


async def test_a_phone_changes_only_after_a_clear_yes(town: Town) -> None:
    owner = await _owner(town)
    await owner.says("换手机号")
    answer = await owner.says("我要改一下登记的名字，请打我老公电话13999998888")
    assert "13999998888" in answer and "对吗" in answer
    await owner.taps("不改了")
    assert (await Person.get(channel_id="o_resident")).phone == "13800000001"
    await owner.says("换手机号")
    await owner.says("13999998888")
    await owner.taps("改成这个号")
    assert (await Person.get(channel_id="o_resident")).phone == "13999998888"


@pytest.mark.parametrize(
    "said",
    [
        "我在青禾花园还有一套房 能不能也加上",
        "我名下两套房，都想绑定",
        "能再绑一套房吗",
        "另一套房怎么绑",
        "我家第二套房子也绑上",
    ],
)
async def test_that_one_person_has_one_home_is_said(town: Town, said: str) -> None:
    owner = await _owner(town)
    answer = await owner.says(said)
    assert "只能绑一套房" in answer and "1栋101" in answer and "人工" in answer
    assert await Binding.filter(status="active").count() == 1
