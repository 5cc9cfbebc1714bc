"""A fault that comes in pieces, a time changed in one breath, and protest: one report that says what was meant."""

import pytest

from models.tickets import Area
from services import clock
from tests.world import estate
from tests.world.estate import Estate
from tests.world.phone import Phone, Town

pytestmark = pytest.mark.usefixtures("database")


@pytest.fixture
async def resident(town: Town, place: Estate) -> Phone:
    await estate.kinds("appliance", "door_window", "drain", "public_light", "other")
    return town.phone(place.resident.channel_id)


@pytest.mark.parametrize(
    ("pieces", "told"),
    [
        (["我家", "阳台", "的窗户", "关不上了"], "我家阳台的窗户关不上了"),
        (["那个", "就是卫生间", "的热水", "不出来"], "卫生间的热水不出来"),
        (["客厅", "灯", "一闪一闪的"], "客厅灯一闪一闪的"),
    ],
)
async def test_the_pieces_of_a_sentence_are_one_report(resident: Phone, pieces: list[str], told: str) -> None:
    for piece in pieces[:-1]:
        answer = await resident.says(piece)
        assert "没" not in answer
        assert not resident.options
    assert "什么时候方便" in await resident.says(pieces[-1])
    await resident.says("明天上午")
    assert (await estate.newest()).description == told


async def test_what_comes_while_a_time_is_asked_goes_to_the_report(resident: Phone) -> None:
    await resident.says("卫生间的热水坏了")
    assert "什么时候" in await resident.says("不出来")
    await resident.says("明天上午")
    assert "不出来" in (await estate.newest()).description


async def test_a_single_word_gets_a_list_and_a_number_picks_from_it(resident: Phone) -> None:
    await resident.opens("repair")
    answer = await resident.says("水")
    assert "「水」怎么了" in answer
    assert "太短" not in answer
    assert "灯不亮" not in answer
    assert "门锁打不开" in await resident.says("门")
    assert "door_window，记下了" in await resident.says("1")


async def test_the_time_said_last_is_the_time(resident: Phone) -> None:
    await resident.says("厨房水龙头漏水")
    answer = await resident.says("明天上午 等等 明天上午要开会 改下午五点以后")
    assert "上门：明天 17:00–18:00" in answer
    start = (await estate.newest()).appointment_start
    assert start
    assert clock.local(start).hour == 17


async def test_the_second_of_two_times_stands_in_the_report(resident: Phone) -> None:
    await resident.says("卧室灯不亮了")
    answer = await resident.says("明天下午或者礼拜五上午都可以")
    assert "上门：明天 12:00–18:00" in answer
    assert "礼拜五上午" in (await estate.newest()).description


async def test_what_the_technician_should_know_beside_the_time_is_kept(resident: Phone) -> None:
    await resident.says("我家厨房玻璃裂了")
    await resident.says("明儿上午吧 师傅带玻璃来不")
    assert "师傅带玻璃来不" in (await estate.newest()).description


async def test_another_place_told_while_a_time_is_asked_is_nobodys_home(resident: Phone) -> None:
    await resident.says("你们什么破物业 灯坏了好久没人修")
    answer = await resident.says("我说的是楼道的灯!")
    assert answer.startswith("对不起")
    assert "什么时候方便" not in answer
    assert "位置：1栋楼道" in answer
    await resident.taps("提交")
    ticket = await estate.newest()
    assert (ticket.area, ticket.category.code) == (Area.PUBLIC, "public_light")
    assert ticket.description == "灯坏了好久没人修"


@pytest.mark.parametrize("said", ["都说了漏水了", "听不懂人话吗", "我说过了呀"])
async def test_protest_is_regretted_and_written_nowhere(resident: Phone, said: str) -> None:
    await resident.says("厨房水龙头漏水")
    answer = await resident.says(said)
    assert answer.startswith("对不起")
    assert "写进去" not in answer
    await resident.says("明天上午")
    assert (await estate.newest()).description == "厨房水龙头漏水"


async def test_another_room_or_thing_is_not_the_same_report(resident: Phone, town: Town) -> None:
    for what in ("卧室插座没电", "客厅灯不亮"):
        assert "同一件" not in await resident.says(what)
        await resident.says("明天上午")
        await town.passes(seconds=5)
    assert "同一件" in await resident.says("客厅灯又不亮了")
