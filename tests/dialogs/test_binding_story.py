"""认证绑定 on the shipped scripts and a real database: approval, moving house, being shut off, family."""

import pytest

from bot.understanding import Understander
from models.community import BindingMode, Community, Occupant
from models.people import Binding, BindingStatus
from models.tasks import StaffTask, TaskKind
from services import clock
from services.estate import reviews
from tests.world import estate, places
from tests.world.estate import Estate
from tests.world.phone import Phone, Town
from tests.world.units import within

pytestmark = pytest.mark.usefixtures("database")


@pytest.fixture
async def place() -> Estate:
    return await estate.build()


@pytest.fixture
def town(place: Estate, understander: Understander) -> Town:
    return Town(understander)


async def _binds(phone: Phone, room: str, name: str, number: str, role: str) -> str:
    """From the community's QR code to the answer."""
    answer = await phone.scans("c:one")
    if "同意吗" in answer:
        await phone.taps("同意")
    await phone.says(room)
    if "手机号" in await phone.says(name):
        await phone.says(number)
    await phone.taps(role)
    return await phone.taps("提交")


async def test_approval_mode_waits_for_staff(town: Town, place: Estate) -> None:
    await Community.filter(id=place.community.id).update(binding_mode=BindingMode.APPROVAL)
    phone = town.phone("o_new")
    assert "审核" in await _binds(phone, "2栋101", "赵敏", "13711112222", "业主")
    assert "审核" in await phone.opens("house")
    binding = await Binding.get(person=await phone.person())
    assert binding.status is BindingStatus.PENDING
    assert await StaffTask.filter(kind=TaskKind.REVIEW).count() == 1
    with clock.fixed(town.now):
        await within(reviews.approve(binding.id, actor=await places.clerk()))
    assert "审核通过" in await phone.reads()
    assert "哪里坏了" in await phone.taps("我要报修")


async def test_wrong_room_is_offered_what_comes_close(town: Town) -> None:
    phone = town.phone("o_new")
    await phone.scans("c:one")
    await phone.taps("同意")
    assert "没找到" in await phone.says("8栋101")
    assert "姓名" in await phone.says("二栋二零一")


async def test_room_in_the_first_sentence_is_not_asked_again(town: Town) -> None:
    phone = town.phone("o_new")
    await phone.says("我想绑定房屋，2栋201的")
    await phone.taps("同意")
    assert "姓名" in await phone.taps("青禾一期")


async def test_moving_house_ends_the_old_binding(town: Town) -> None:
    phone = town.phone("o_new")
    await _binds(phone, "2栋101", "赵敏", "13711112222", "租客")
    await phone.opens("house")
    await phone.taps("换一套房")
    await phone.taps("换一套")
    await phone.taps("青禾一期")
    assert "姓名" in await phone.says("2栋201")
    await phone.says("赵敏")
    await phone.taps("租客")
    answer = await phone.taps("提交")
    assert "2栋101已经解绑" in answer and "2栋201" in answer
    assert await Binding.filter(status=BindingStatus.ACTIVE).count() == 1


async def test_shut_off_person_is_told_and_cannot_bind_again(town: Town) -> None:
    phone = town.phone("o_new")
    await _binds(phone, "2栋101", "赵敏", "13711112222", "租客")
    binding = await Binding.get(person=await phone.person())
    with clock.fixed(town.now):
        await within(reviews.disable(binding.id, actor=await places.clerk(), reason="已搬走"))
    assert "已搬走" in await phone.reads()
    assert "联系管理处" in await _binds(phone, "2栋101", "赵敏", "13711112222", "租客")


async def test_no_consent_no_binding(town: Town) -> None:
    phone = town.phone("o_new")
    assert "绑定" in await phone.follows("h:1-1-101")
    assert "电话报修" in await phone.taps("不同意")
    assert await Binding.all().count() == 0


async def test_repair_goes_on_after_binding(town: Town) -> None:
    phone = town.phone("o_new")
    assert "绑定" in await phone.says("厨房水龙头漏水")
    await phone.taps("同意")
    await phone.taps("青禾一期")
    await phone.says("2栋201")
    await phone.says("赵敏")
    await phone.says("13711112222")
    await phone.taps("业主")
    answer = await phone.taps("提交")
    assert "什么时候方便" in answer
    assert "厨房" in await phone.says("明天上午")


async def test_owner_adds_family_who_then_matches(town: Town, place: Estate) -> None:
    owner = town.phone("o_resident")
    await _binds(owner, "1栋101", "王芳", "13800000001", "业主")
    await owner.opens("house")
    await owner.taps("家人和租客")
    await owner.taps("加一位")
    await owner.says("李明")
    await owner.says("13900001111")
    await owner.taps("家人")
    assert "李明" in await owner.taps("加上")
    assert await Occupant.filter(house=place.house, name="李明").exists()
    family = town.phone("o_family")
    await _binds(family, "1栋101", "李明", "13900001111", "家人")
    assert (await Binding.get(person=await family.person())).matched


async def test_unbind_needs_a_second_yes(town: Town) -> None:
    phone = town.phone("o_new")
    await _binds(phone, "2栋101", "赵敏", "13711112222", "租客")
    await phone.says("我要解绑")
    await phone.taps("不解绑")
    assert await Binding.filter(status=BindingStatus.ACTIVE).exists()
    await phone.says("我要解绑")
    assert "解绑" in await phone.taps("确定解绑")
    assert not await Binding.filter(status=BindingStatus.ACTIVE).exists()
