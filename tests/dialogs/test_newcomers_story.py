"""People who have just followed and live nowhere yet, on the shipped scripts and a real database."""

import pytest

from bot.understanding import Understander
from models.community import Community, Danger, DutyPhone
from models.people import Consent
from models.tasks import StaffTask, TaskKind
from tests.world import estate, places
from tests.world.estate import Estate
from tests.world.phone import Town

pytestmark = pytest.mark.usefixtures("database")


@pytest.fixture
async def place() -> Estate:
    """Two communities, each with its own duty phones."""
    built = await estate.build()
    await Community.filter(id=built.community.id).update(name="青禾花园")
    other = await Community.create(office=built.office, code="c:two", name="云栖苑")
    await places.house(other, "2-2-601")
    await places.house(other, "2-2-602")
    for community, number in ((built.community, "0571-1111"), (other, "0571-2222")):
        await DutyPhone.create(community=community, name="值班室", phone=number, emergency=True)
        await DutyPhone.create(
            community=community, name="水电值班", phone=f"{number}9", emergency=True, kinds=[Danger.BURST]
        )
    return built


@pytest.fixture
def town(place: Estate, understander: Understander) -> Town:
    return Town(understander)


async def test_an_alert_gives_the_numbers_of_the_community_that_was_scanned(town: Town) -> None:
    phone = town.phone("o_new")
    await phone.follows("c:two")
    answer = await phone.says("水管爆了 到处都是水")
    assert "0571-22229" in answer and "0571-1111" not in answer
    assert "0571-1111" not in await phone.says("2栋2单元601 快点嘛")
    task = await StaffTask.get(kind=TaskKind.ALERT)
    assert task.community_id == (await Community.get(code="c:two")).id


async def test_a_community_that_is_named_is_as_good_as_its_code(town: Town) -> None:
    phone = town.phone("o_new")
    answer = await phone.says("青禾花园2栋201水管爆了 到处都是水")
    assert "0571-11119" in answer and "0571-2222" not in answer
    assert "0571-1111" in await phone.says("电话多少")


async def test_who_refuses_gets_the_numbers_and_is_not_asked_again(town: Town) -> None:
    phone = town.phone("o_new")
    await phone.follows("c:two")
    answer = await phone.says("我不同意 你们以前有我电话 凭啥再填")
    assert "0571-2222" in answer and "0571-1111" not in answer and "同意吗" not in answer
    answer = await phone.says("卫生间水龙头一直滴水")
    assert "转给管理处" in answer and "同意吗" not in answer
    left = await StaffTask.get(kind=TaskKind.LEFT_MESSAGE)
    assert "水龙头一直滴水" in str(left.values)
    assert await Consent.all().count() == 0


async def test_a_house_that_does_not_exist_is_told_at_the_first_mention(town: Town) -> None:
    phone = town.phone("o_new")
    answer = await phone.says("卫生间水龙头滴水,我住云栖苑2栋2单元603")
    assert "名册里没有2栋2单元603" in answer and "2栋2单元601" in answer
    answer = await phone.taps("同意")
    assert "2栋2单元601" in answer and "几栋几单元几室" in answer


async def test_a_room_that_does_not_exist_is_told_where_the_house_is_asked(town: Town) -> None:
    phone = town.phone("o_new")
    await phone.follows("c:two")
    await phone.taps("同意")
    answer = await phone.says("2栋2单元603")
    assert "没找到2栋2单元603" in answer and "2栋2单元602" in answer
    assert "姓名" in await phone.says("2栋2单元602")


async def test_who_is_abroad_and_hears_of_a_leak_has_somebody_told(town: Town) -> None:
    phone = town.phone("o_new")
    await phone.follows("c:two")
    answer = await phone.says("我在日本出差 物业打电话说我家漏水 钥匙在门垫下面 2栋2单元602")
    assert "通知值班人员" in answer and "同意吗" not in answer
    assert "0571-2222" in await phone.says("接不了电话 微信联系我就行")
    assert "微信联系我" in str((await StaffTask.get(kind=TaskKind.ALERT)).values)


async def test_a_child_in_the_dark_is_heard_by_who_is_on_duty(town: Town) -> None:
    phone = town.phone("o_new")
    await phone.follows("c:two")
    answer = await phone.says("阿姨我们家没电了 我写作业呢 妈妈在上夜班")
    assert "别怕" in answer and "同意吗" not in answer and "0571-2222" in answer
    answer = await phone.says("2栋2单元602")
    assert "爸爸妈妈" in answer and "电话多少" not in answer and "手机号" not in answer
    assert "2栋2单元602" in str((await StaffTask.get(kind=TaskKind.ALERT)).values)
    assert await Consent.all().count() == 0
