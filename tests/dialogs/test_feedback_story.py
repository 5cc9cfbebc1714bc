"""What people type when their repair is finished, instead of tapping stars. On a real database."""

from datetime import timedelta

import pytest

from models.events import Event, SubjectKind
from models.tickets import Ticket, TicketStatus
from services import actors, clock
from services.repairs import jobs
from tests.world.estate import Estate
from tests.world.phone import Phone, Town
from tests.world.units import within

pytestmark = pytest.mark.usefixtures("database")


@pytest.fixture
async def resident(town: Town, place: Estate) -> Phone:
    """Somebody whose tap was mended, and who was just told so."""
    phone = town.phone(place.resident.channel_id)
    await phone.says("厨房水龙头漏水，明天下午三点来")
    await town.passes(seconds=5)
    await _mended(town)
    assert "您看修好了吗" in await phone.reads()
    return phone


async def _mended(town: Town) -> None:
    ticket = await Ticket.get().select_related("technician")
    assert ticket.technician
    with clock.fixed(town.now):
        if ticket.status is TicketStatus.DISPATCHED:
            await within(
                jobs.confirm(
                    ticket.id,
                    actor=actors.technician(ticket.technician.id),
                    eta=town.now + timedelta(hours=1),
                )
            )
            await within(jobs.arrive(ticket.id, actor=actors.technician(ticket.technician.id)))
        await within(jobs.finish(ticket.id, actor=actors.technician(ticket.technician.id)))


@pytest.mark.parametrize(
    ("said", "stars"),
    [
        ("五星", 5),
        ("5", 5),
        ("很满意", 5),
        ("满意", 4),
        ("不错", 4),
        ("一般", 3),
        ("不太满意", 2),
        ("不满意", 1),
    ],
)
async def test_stars_typed_at_the_news_are_taken(resident: Phone, said: str, stars: int) -> None:
    answer = await resident.says(said)
    if stars <= 3:
        assert "哪里没做好" in answer
        answer = await resident.taps("不想说")
    assert f"速度{'★' * stars}" in answer
    await resident.taps("没有了")
    ticket = await Ticket.get()
    assert (ticket.rating_speed, ticket.rating_quality) == (stars, stars)


async def test_that_it_works_opens_the_stars(resident: Phone) -> None:
    assert "来得及时吗" in await resident.says("修好了")


async def test_praise_is_kept_as_the_remark(resident: Phone) -> None:
    assert "来得及时吗" in await resident.says("修得挺好的，小伙子手脚麻利")
    await resident.taps("★★★★★")
    assert "谢谢" in await resident.taps("★★★★★")
    assert (await Ticket.get()).rating_remark == "修得挺好的，小伙子手脚麻利"


async def test_a_story_instead_of_stars_is_kept_and_asked_on(resident: Phone) -> None:
    await resident.taps("去评价")
    answer = await resident.says("约好的时间没来，电话也打不通")
    assert "记下了，留言：约好的时间没来" in answer
    assert "一颗到五颗星" in answer
    await resident.says("2")
    await resident.says("修得还可以，就是地上全是水")
    await resident.taps("弄脏没收拾")
    ticket = await Ticket.get()
    assert (ticket.rating_speed, ticket.rating_quality) == (2, 4)
    assert ticket.rating_remark == "约好的时间没来，电话也打不通，修得还可以，就是地上全是水"


@pytest.mark.parametrize("said", ["没修好", "根本没修好", "还在滴水", "又漏了"])
async def test_what_is_still_broken_gets_no_stars(resident: Phone, said: str) -> None:
    await resident.taps("去评价")
    assert "什么情况" in await resident.says(said)
    assert "王强师傅" in await resident.says("拧紧了还是一滴一滴的")
    assert (await Ticket.get()).status is TicketStatus.IN_PROGRESS


async def test_still_broken_can_be_tapped_among_the_stars(resident: Phone) -> None:
    await resident.taps("去评价")
    await resident.taps("★★★★★")
    assert "什么情况" in await resident.taps("还没修好")


@pytest.mark.parametrize("said", ["没修好", "还在滴", "又漏了"])
async def test_still_broken_typed_at_the_news_opens_it_again(resident: Phone, said: str) -> None:
    assert "什么情况" in await resident.says(said)


async def test_what_is_said_with_it_is_not_asked_again(resident: Phone) -> None:
    assert "王强师傅" in await resident.says("没修好，还在滴")
    assert "没修好，还在滴" in [event.note for event in await Event.filter(subject_kind=SubjectKind.TICKET)]


@pytest.mark.parametrize(
    "said", ["没修好怎么办", "没修好的话找谁呢", "厨房水龙头又漏了，不知道上次有没有修好"]
)
async def test_a_question_calls_nobody_back_unasked(resident: Phone, said: str) -> None:
    await resident.says(said)
    assert (await Ticket.get()).status is TicketStatus.AWAITING_RESIDENT


async def test_a_new_report_of_what_was_just_mended_asks_whether_it_is_that(resident: Phone) -> None:
    assert "刚修完" in await resident.says("师傅走了又漏了")
    assert "王强师傅" in await resident.taps("没修好")
    ticket = await Ticket.get()
    assert (ticket.status, ticket.reopened_count) == (TicketStatus.IN_PROGRESS, 1)


async def test_something_else_beside_what_was_just_mended_is_a_new_report(resident: Phone) -> None:
    assert "刚修完" in await resident.says("厨房水管漏水")
    assert "什么时候方便" in await resident.taps("另一件")


async def test_what_is_broken_elsewhere_is_a_new_report_without_asking(resident: Phone) -> None:
    assert "什么时候方便" in await resident.says("卫生间水管漏水")


async def test_a_reason_of_ones_own_is_a_reason(resident: Phone) -> None:
    await resident.taps("去评价")
    await resident.says("两星")
    await resident.says("不太好")
    assert "还有想说的" in await resident.says("把我家瓷砖敲裂了")
    await resident.taps("没有了")
    assert (await Ticket.get()).rating_reasons == ["把我家瓷砖敲裂了"]


async def test_waiting_days_is_no_number_of_stars(resident: Phone) -> None:
    await resident.taps("去评价")
    assert "质量" in await resident.says("等了5天才来")
    await resident.taps("★★★★★")
    await resident.taps("来得慢")
    assert (await Ticket.get()).rating_speed == 2


async def test_the_second_finish_is_rated_like_the_first(resident: Phone, town: Town) -> None:
    await resident.taps("没修好")
    await resident.says("还是滴水")
    await _mended(town)
    assert "您看修好了吗" in await resident.reads()
    assert "速度★★★★★" in await resident.says("五星")
    await resident.taps("没有了")
    assert (await Ticket.get()).status is TicketStatus.CLOSED


async def test_broken_again_after_the_stars_is_not_a_dead_end(resident: Phone) -> None:
    news = resident.options
    await resident.says("五星")
    await resident.taps("没有了")
    still = next(one for one in news if "没修好" in one.text)
    assert "什么情况" in await resident.taps_option(still)
    assert "返修" in await resident.says("拧紧了还在滴")
    ticket = await Ticket.get()
    assert (ticket.status, ticket.reopened_count) == (TicketStatus.IN_PROGRESS, 1)


@pytest.mark.parametrize("said", ["我想改评价，刚才点错了", "重新评价", "评价"])
async def test_stars_are_given_anew_days_later(resident: Phone, town: Town, said: str) -> None:
    await resident.says("五星")
    await resident.taps("没有了")
    await town.passes(days=3)
    assert "及时吗" in await resident.says(said)
    await resident.says("三星")
    await resident.says("四星")
    await resident.taps("来得慢")
    await resident.taps("没有了")
    ticket = await Ticket.get()
    assert (ticket.rating_speed, ticket.rating_quality, ticket.status) == (3, 4, TicketStatus.CLOSED)


async def test_not_fixed_days_after_the_stars(resident: Phone, town: Town) -> None:
    await resident.says("五星")
    await resident.taps("没有了")
    await town.passes(days=3)
    assert "什么情况" in await resident.says("没修好")
    await resident.says("昨天又开始滴了")
    assert (await Ticket.get()).status is TicketStatus.IN_PROGRESS


async def test_stars_are_no_longer_changed_when_it_is_too_late(resident: Phone, town: Town) -> None:
    await resident.says("五星")
    await resident.taps("没有了")
    await town.passes(days=20)
    assert "改不了了" in await resident.says("改评价")
