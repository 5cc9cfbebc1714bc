"""What staff say: once, never past something that they had not seen, and taken back while it has not left."""

import asyncio
from datetime import timedelta

import pytest

from models.conversations import Conversation
from models.desk import Draft
from models.outbox import Outbox, OutboxStatus
from services import clock, work
from services.delivery import claiming, sending, windows
from services.desk import allowance, drafts, replies, stream
from services.desk.replies import Crossed, Words
from services.desk.sources import UNDO
from services.desk.stream import Marker
from services.errors import Invalid, NotAllowed
from tests.services.desk.conftest import KEY, Desk
from tests.world.units import within

pytestmark = pytest.mark.usefixtures("monday")


async def _seen(desk: Desk) -> Marker:
    return (await stream.page(desk.talk_id, actor=desk.clerk)).newest


async def _send(left: int) -> None:
    """The worker sends what is due, with so many sends left on the platform's side afterwards."""
    with clock.fixed(clock.now() + UNDO):
        for letter in await claiming.claim(10):
            await sending.sent(letter)
            await windows.used(letter.person_id)
    await Conversation.all().update(sends_left=left)


async def test_the_same_key_is_one_message_however_often_it_comes(desk: Desk) -> None:
    await desk.hears()
    await desk.taken()
    seen = await _seen(desk)
    first = await desk.says(seen=seen)
    again = await desk.says(seen=seen)
    assert (first.fresh, again.fresh) == (True, False)
    assert first.ids == again.ids
    assert await Outbox.filter(key=f"staff:{KEY}").count() == 1


async def test_what_crosses_a_newer_message_is_stopped_and_the_next_press_sends(desk: Desk) -> None:
    await desk.hears()
    await desk.taken()
    seen = await _seen(desk)
    await desk.hears("不用来了")
    with pytest.raises(Crossed) as stopped:
        await desk.says("师傅明早到", seen=seen)
    assert stopped.value.values == {"count": 1}
    news = await stream.news(desk.talk_id, str(seen), actor=desk.clerk)
    assert [one.text for one in news.entries] == ["不用来了"]
    assert (await desk.says("好的，取消了", seen=news.newest)).fresh


async def test_a_note_and_a_message_of_the_house_cross_too(desk: Desk) -> None:
    await desk.hears()
    await desk.taken()
    seen = await _seen(desk)
    await Outbox.create(
        key="news",
        person=desk.resident,
        payload={"phrase": "ticket.done", "values": {}},
        not_before=clock.now(),
    )
    with pytest.raises(Crossed):
        await desk.says(seen=seen)


async def test_of_two_at_the_same_moment_one_is_stopped(desk: Desk) -> None:
    await desk.hears()
    await desk.taken()
    seen = await _seen(desk)

    async def press(key: str) -> bool:
        async with work.unit():
            try:
                await replies.say(desk.talk_id, Words("好"), key=key, seen=seen, actor=desk.clerk)
            except Crossed:
                return False
            return True

    assert sorted(await asyncio.gather(press("first-tab-1"), press("second-tab"))) == [False, True]


async def test_only_the_holder_writes(desk: Desk) -> None:
    await desk.taken()
    with pytest.raises(NotAllowed, match="not_yours"):
        await within(replies.say(desk.talk_id, Words("插一句"), key=KEY, seen=None, actor=desk.other))


async def test_undone_within_five_seconds_it_never_leaves_and_the_resident_waits_on(desk: Desk) -> None:
    await desk.taken()
    await desk.hears()
    waited = (await desk.talk()).waiting_since
    await desk.says("发错了")
    assert (await desk.talk()).waiting_since is None
    assert await within(replies.undo(desk.talk_id, key=KEY, actor=desk.clerk)) == Words("发错了", images=[])
    assert (await Outbox.get(key=f"staff:{KEY}")).status is OutboxStatus.CANCELLED
    assert (await desk.talk()).waiting_since == waited is not None
    with clock.fixed(clock.now() + 2 * UNDO):
        assert [one.key for one in await claiming.claim(10) if one.key == f"staff:{KEY}"] == []


async def test_what_has_left_says_so(desk: Desk) -> None:
    await desk.taken()
    await desk.says()
    await _send(left=4)
    with clock.fixed(clock.now() + 2 * UNDO):
        await _send(left=4)
    with pytest.raises(NotAllowed, match="already_left"):
        await within(replies.undo(desk.talk_id, key=KEY, actor=desk.clerk))


async def test_nothing_of_a_message_leaves_before_the_time_to_take_it_back_is_over(desk: Desk) -> None:
    await desk.taken()
    await Outbox.all().update(status=OutboxStatus.SENT)
    await desk.says()
    assert await claiming.claim(10) == []
    with clock.fixed(clock.now() + UNDO):
        assert [one.key for one in await claiming.claim(10)] == [f"staff:{KEY}"]


async def test_the_draft_goes_with_the_message_and_not_before(desk: Desk) -> None:
    await desk.hears()
    await desk.taken()
    seen = await _seen(desk)
    await within(drafts.save(desk.talk_id, "写到一半", key=KEY, actor=desk.clerk))
    await within(drafts.save(desk.talk_id, "同事的", key="other-key-1", actor=desk.other))
    await desk.hears("还在吗")
    with pytest.raises(Crossed):
        await desk.says("写到一半", seen=seen)
    assert (await drafts.of(desk.talk_id, actor=desk.clerk)).text == "写到一半"
    await desk.says("写到一半", seen=await _seen(desk))
    assert [one.text for one in await Draft.all()] == ["同事的"]


async def test_pictures_are_messages_of_their_own_behind_the_text(desk: Desk) -> None:
    await desk.taken()
    words = Words("这两张", images=("a" * 64, "b" * 64), cost=3)
    said = await within(replies.say(desk.talk_id, words, key=KEY, seen=None, actor=desk.clerk))
    rows = await Outbox.filter(id__in=said.ids).order_by("id")
    assert [(one.payload["reply"]["text"], one.payload["reply"]["image"]) for one in rows] == [
        ("这两张", ""),
        ("", "a" * 64),
        ("", "b" * 64),
    ]
    shown = (await stream.news(desk.talk_id, str(stream.Marker()), actor=desk.clerk)).entries
    assert [one.number for one in shown if one.number in said.ids and one.table == "o"] == said.ids
    await Outbox.filter(id=said.ids[0]).update(status=OutboxStatus.SENT)
    back = await within(replies.undo(desk.talk_id, key=KEY, actor=desk.clerk))
    assert back == Words("", images=["a" * 64, "b" * 64])  # what has left is not written a second time
    seen = str(await _seen(desk))
    watched = await stream.news(desk.talk_id, seen, watch=said.ids, actor=desk.other)
    assert ([one.number for one in watched.changed], sorted(watched.gone)) == (
        said.ids[:1],
        [f"o{one}" for one in said.ids[1:]],
    )


@pytest.mark.parametrize("text", ["", "   ", "您的【时间】已经改好", "字" * 4001])
async def test_what_is_not_ready_is_not_said(desk: Desk, text: str) -> None:
    await desk.taken()
    with pytest.raises(Invalid):
        await desk.says(text)
    assert not await Outbox.exists(key=f"staff:{KEY}")


async def test_what_costs_more_than_is_left_is_refused_before(desk: Desk) -> None:
    await desk.taken()
    await Outbox.all().delete()
    await Conversation.all().update(sends_left=1)
    words = Words("长", cost=2)
    with pytest.raises(NotAllowed, match="too_few_sends"):
        await within(replies.say(desk.talk_id, words, key=KEY, seen=None, actor=desk.clerk))
    await Conversation.all().update(sends_left=0)
    with pytest.raises(NotAllowed, match="window_closed"):
        await desk.says()


async def test_what_waits_to_be_sent_counts_as_used(desk: Desk) -> None:
    await desk.taken()  # which tells the resident who comes
    allowed = await allowance.of(await desk.talk())
    assert (allowed.left, allowed.by) == (4, windows.Opening.MESSAGE)
    await desk.says()
    assert (await allowance.of(await desk.talk())).left == 3


async def test_a_tap_alone_opens_a_minute(desk: Desk) -> None:
    minute = clock.now() + timedelta(minutes=1)
    await Conversation.all().update(window_until=clock.now(), minute_until=minute, minute_left=3)
    allowed = await allowance.of(await desk.talk())
    assert (allowed.left, allowed.until, allowed.by) == (3, minute, windows.Opening.ACT)
    with clock.fixed(minute):
        assert (await allowance.of(await desk.talk())).closed


async def test_a_template_goes_where_nothing_else_does(desk: Desk) -> None:
    await desk.taken()
    await Conversation.all().update(sends_left=0)
    for _ in range(2):
        await within(
            replies.by_template(
                desk.talk_id, "human.please_write", {"number": "T7"}, key=KEY, seen=None, actor=desk.clerk
            )
        )
    row = await Outbox.get(key=f"staff:{KEY}")
    assert (row.rung, row.payload["values"]) == ("template", {"number": "T7"})
