"""Options of messages from before do what they say, in whatever way an account gives back what was tapped."""

import pytest

from bot.understanding import Understander
from bot.values import Kind
from models.outbox import Outbox, OutboxStatus
from models.tickets import Ticket, TicketStatus
from services import outbox
from tests.dialogs.test_feedback_story import _mended
from tests.world.estate import Estate
from tests.world.phone import Phone, Town
from tests.world.taps import WAYS

pytestmark = pytest.mark.usefixtures("database")


@pytest.fixture(params=WAYS)
def town(request: pytest.FixtureRequest, place: Estate, understander: Understander) -> Town:
    return Town(understander, taps=str(request.param))


@pytest.fixture
async def resident(town: Town, place: Estate) -> Phone:
    """Somebody whose tap was mended, and who has been told so and talked about other things since."""
    phone = town.phone(place.resident.channel_id)
    await phone.says("厨房水龙头漏水，明天下午三点来")
    await town.passes(seconds=5)
    await _mended(town)
    await phone.reads()
    return phone


async def test_stars_are_given_by_an_old_option(resident: Phone) -> None:
    news = next(one for one in resident.options if "去评价" in one.text)
    await resident.says("菜单")
    await resident.says("查物业费")
    assert "快慢" in await resident.taps_option(news)


async def test_not_mended_is_said_by_an_old_option_in_the_middle_of_another_talk(resident: Phone) -> None:
    news = next(one for one in resident.options if one.text == "没修好")
    await resident.says("我要投诉")
    await resident.taps_option(news)
    await resident.says("还在滴水")
    assert (await Ticket.get()).status in (TicketStatus.IN_PROGRESS, TicketStatus.CONFIRMED)


async def test_a_place_on_the_waiting_list_is_taken_by_an_old_option(resident: Phone, town: Town) -> None:
    person = await resident.person()
    values = {"title": "亲子包饺子", "party": 2, "until": town.now.isoformat(), "activity": 999}
    await outbox.tell(person.id, "activity.seat_offered", values, key="seat")
    await Outbox.filter(key="seat").update(not_before=town.now)
    assert "给您留了2个名额" in await resident.reads()
    mine = next(one for one in resident.options if one.text == "去，我要")
    await resident.says("菜单")
    assert await Outbox.filter(key="seat", status=OutboxStatus.SENT).exists()
    assert "没有找到这个活动" in await resident.taps_option(mine)


async def test_an_old_option_is_nobodys_name(town: Town) -> None:
    newcomer = town.phone("o_newcomer")
    await newcomer.does(Kind.FOLLOW)
    welcome = next(one for one in newcomer.options if one.text == "绑定房屋")
    await newcomer.does(Kind.SCAN, key="h:1-1-101")
    assert "姓名" in await newcomer.taps("同意")
    assert "手机" not in await newcomer.taps_option(welcome)
