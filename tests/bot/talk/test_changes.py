"""A step that is shown after the deed: what is changed there is done at once, and nothing waits below it."""

import pytest

from bot.understanding import Understander
from models.conversations import Conversation
from models.tasks import StaffTask
from tests.bot import talks
from tests.bot.talks import Resident

pytestmark = pytest.mark.usefixtures("database")


@pytest.fixture
async def resident(understander: Understander) -> Resident:
    resident = Resident(talks.pipeline(understander))
    await resident.says("开条子")
    assert "条子：二楼" in await resident.says("二楼")
    return resident


async def written() -> list[str]:
    return [one.reason for one in await StaffTask.all().order_by("id")]


async def test_the_called_script_takes_the_place_of_its_caller(resident: Resident) -> None:
    stack = (await Conversation.get(person__channel_id=resident.name)).state["stack"]
    assert [frame["script"] for frame in stack] == ["paper"]
    assert "收好" in await resident.taps("没问题")


async def test_options_of_its_own_stand_in_for_change_and_cancel(resident: Resident) -> None:
    assert [one.text for one in resident.options] == ["没问题", "换一层", "撤掉"]


async def test_a_typed_correction_is_done_at_once(resident: Resident) -> None:
    assert "改好了：三楼" in await resident.says("不对，改成三楼")
    assert await written() == ["三楼"]


async def test_a_slot_said_to_be_wrong_is_asked_and_done(resident: Resident) -> None:
    assert "几楼" in await resident.says("楼层错了")
    assert "改好了：一楼" in await resident.says("一楼")
    assert await written() == ["一楼"]


async def test_a_tapped_change_is_done_too(resident: Resident) -> None:
    await resident.taps("换一层")
    assert "改好了：三楼" in await resident.taps("三楼")
    assert await written() == ["三楼"]


async def test_a_photo_is_done_at_once(resident: Resident) -> None:
    await resident.sends_photo()
    assert await written() == ["二楼"]


async def test_cancelling_is_the_option_that_undoes(resident: Resident) -> None:
    assert "撕了" in await resident.says("取消")


async def test_other_words_are_taken_beside_the_options(resident: Resident) -> None:
    assert "写上了：门口有两个纸箱子要搬" in await resident.says("门口有两个纸箱子要搬")
    assert await written() == []
