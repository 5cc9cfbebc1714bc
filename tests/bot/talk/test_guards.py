"""A script that needs another one first waits for it, even when that one runs already."""

import pytest

from bot.understanding import Understander
from bot.values import Kind
from models.people import Person
from tests.bot import talks
from tests.bot.talks import Resident
from tests.world import places

pytestmark = pytest.mark.usefixtures("database")


@pytest.fixture
async def resident(understander: Understander) -> Resident:
    """Somebody who is asked for the name, as the script that others wait for does."""
    resident = Resident(talks.pipeline(understander))
    assert "称呼" in await resident.says("登记")
    return resident


async def belongs(resident: Resident) -> None:
    """The person has a house now."""
    person = await Person.get(channel_id=resident.name)
    await places.bind(person, await places.house(await places.community()))


async def test_a_script_waits_for_its_guard_that_runs_already(resident: Resident) -> None:
    said = await resident.does(Kind.MENU, key="s:rounds")
    assert "「巡查」记下了" in said
    assert "姓名" in said
    await belongs(resident)
    assert "几楼" in await resident.says("王芳")


async def test_whoever_called_it_waits_too(resident: Resident) -> None:
    said = await resident.does(Kind.MENU, key="s:beat")
    assert "「巡查」记下了" in said
    assert "姓名" in said
    await belongs(resident)
    await resident.says("王芳")
    await resident.taps("一楼")
    await resident.says("一切都好")
    await resident.taps("看完了")
    assert "交班好了" in await resident.taps("提交")
