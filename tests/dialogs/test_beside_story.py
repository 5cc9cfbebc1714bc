"""While people have a talk: stars that are tapped are given, and their next words are for the people again."""

from datetime import timedelta

import pytest

from bot.understanding import Understander
from dialogs import shipped
from models.conversations import Hold
from models.desk import TalkRating
from models.tickets import Ticket
from services import clock
from services.actors import Actor
from services.desk import ratings, replies, taking
from services.desk.replies import Words
from tests.dialogs.test_feedback_story import _mended
from tests.world import places
from tests.world.estate import Estate
from tests.world.phone import Phone, Town
from tests.world.taps import WAYS
from tests.world.units import within

pytestmark = pytest.mark.usefixtures("database")


@pytest.fixture(params=WAYS)
def town(request: pytest.FixtureRequest, place: Estate, understander: Understander) -> Town:
    return Town(understander, taps=str(request.param))


@pytest.fixture
async def clerk(place: Estate) -> Actor:
    return await places.clerk("小徐")


@pytest.fixture
async def resident(town: Town, place: Estate) -> Phone:
    """Somebody whose tap was mended, and who was told so."""
    phone = town.phone(place.resident.channel_id)
    await phone.says("厨房水龙头漏水，明天下午三点来")
    await town.passes(seconds=5)
    await _mended(town)
    await phone.reads()
    return phone


async def _held(resident: Phone, town: Town, clerk: Actor, *, wish: str = "人工") -> None:
    """A clerk has the talk and has spoken."""
    await resident.says(wish)
    talk = await resident.conversation()
    with clock.fixed(town.now):
        await within(taking.take(talk.id, actor=clerk))
        key = f"page-key-{town.said}"
        await within(replies.say(talk.id, Words("您说"), key=key, seen=None, actor=clerk))
    await resident.reads()


async def _waits(resident: Phone) -> bool:
    talk = await resident.conversation()
    assert talk.hold is Hold.STAFF
    return talk.waiting_since is not None


async def test_stars_of_a_repair_are_given_and_nobody_has_to_answer_them(
    resident: Phone, town: Town, clerk: Actor
) -> None:
    news = next(one for one in resident.options if "去评价" in one.text)
    await _held(resident, town, clerk)
    assert "快慢" in await resident.taps_option(news)
    assert "质量" in await resident.taps("★★★★★ 很满意")
    assert "还有想说的" in await resident.taps("★★★★ 满意")
    assert "谢谢" in await resident.taps("没有了")
    ticket = await Ticket.get()
    assert (ticket.rating_speed, ticket.rating_quality) == (5, 4)
    assert not await _waits(resident)


async def test_stars_may_be_typed_where_the_bot_asked_for_them_last(
    resident: Phone, town: Town, clerk: Actor
) -> None:
    news = next(one for one in resident.options if "去评价" in one.text)
    await _held(resident, town, clerk)
    await resident.taps_option(news)
    assert "质量" in await resident.says("5")
    assert not await _waits(resident)


async def test_what_is_said_in_between_is_for_people_and_so_is_the_next_word(
    resident: Phone, town: Town, clerk: Actor
) -> None:
    news = next(one for one in resident.options if "去评价" in one.text)
    await _held(resident, town, clerk)
    await resident.taps_option(news)
    assert await resident.says("窗户也关不上，什么时候来看") == ""
    assert await _waits(resident)
    with clock.fixed(town.now):
        talk = await resident.conversation()
        await within(replies.say(talk.id, Words("几扇？"), key="page-key-two", seen=None, actor=clerk))
    await resident.reads()
    assert await resident.says("5") == ""
    assert await _waits(resident)
    assert (await Ticket.get()).rating_speed is None


async def test_a_word_that_the_bot_offered_before_people_took_over_is_said_to_them(
    resident: Phone, town: Town, clerk: Actor
) -> None:
    await resident.says("我要报修")
    await resident.says("灯不亮了")
    offered = resident.options[0].text
    talk = await resident.conversation()
    with clock.fixed(town.now):
        await within(taking.take(talk.id, actor=clerk))
        await within(replies.say(talk.id, Words("哪里的灯？"), key="page-key-held", seen=None, actor=clerk))
    await resident.reads()
    assert await resident.says(offered) == ""
    assert await _waits(resident)


async def test_stars_of_an_earlier_talk_are_thanked_for_and_low_ones_lead_back_to_people(
    resident: Phone, town: Town, clerk: Actor
) -> None:
    await _held(resident, town, clerk)
    talk = await resident.conversation()
    with clock.fixed(town.now):
        await within(
            ratings.resolve(
                talk.id, closing="处理好了", stars=shipped.stars(), key="page-key-end", seen=None, actor=clerk
            )
        )
    town.now += timedelta(seconds=10)  # in which it could be taken back
    await resident.reads()
    stars = next(one for one in resident.options if one.text == "★★ 不太满意")
    await _held(resident, town, clerk, wish="人工客服")
    assert "人工" in await resident.taps_option(stars)
    assert (await TalkRating.get()).stars == 2
    assert not await _waits(resident)
    await resident.taps("找人工")
    assert await _waits(resident)
