"""Replies that wait until the resident writes: kept, ended by a colleague, for seven days at most."""

import pytest

from models.conversations import Conversation
from models.desk import HeldReply, HeldStatus
from models.outbox import Outbox
from services.desk import composing, held_replies, replies, taking
from services.desk.replies import Words
from tests.services.desk.conftest import KEY, Desk
from tests.world import estate
from tests.world.units import within

pytestmark = pytest.mark.usefixtures("monday")


async def test_a_reply_waits_for_the_next_word(desk: Desk) -> None:
    await desk.taken()
    await Conversation.all().update(sends_left=0)
    await within(
        replies.wait_for_word(desk.talk_id, Words("单子改好了"), key=KEY, seen=None, actor=desk.clerk)
    )
    [held] = (await composing.of(desk.talk_id, actor=desk.other)).held
    assert (held.text, held.staff, held.mine) == ("单子改好了", "李娜", False)
    assert not await Outbox.exists(key=f"staff:{KEY}")
    await within(held_replies.release(desk.talk_id))
    assert (await Outbox.get(key=f"staff:{KEY}")).payload["staff"] == desk.clerk.staff_id
    assert not (await desk.talk()).replies_held


async def test_pictures_wait_with_their_words(desk: Desk) -> None:
    await desk.taken()
    words = Words("改好的单子", images=("a" * 64, "b" * 64))
    await within(replies.wait_for_word(desk.talk_id, words, key=KEY, seen=None, actor=desk.clerk))
    [held] = (await composing.of(desk.talk_id, actor=desk.clerk)).held
    assert (held.text, held.pictures) == ("改好的单子", 2)
    await within(held_replies.release(desk.talk_id))
    rows = await Outbox.filter(key__startswith=f"staff:{KEY}").order_by("id")
    sent = [(row.payload["reply"]["text"], row.payload["reply"]["image"][:1]) for row in rows]
    assert sent == [("改好的单子", ""), ("", "a"), ("", "b")]


async def test_a_reply_that_waits_ends_when_a_colleague_answers(desk: Desk) -> None:
    await desk.taken()
    await within(replies.wait_for_word(desk.talk_id, Words("旧话"), key=KEY, seen=None, actor=desk.clerk))
    await within(taking.take_over(desk.talk_id, "他下班了", actor=desk.other))
    await within(replies.say(desk.talk_id, Words("我来答"), key="other-key-1", seen=None, actor=desk.other))
    assert (await HeldReply.get()).status is HeldStatus.CANCELLED
    await within(held_replies.release(desk.talk_id))
    assert not await Outbox.exists(key=f"staff:{KEY}")


async def test_a_reply_waits_seven_days_at_most(desk: Desk) -> None:
    await desk.taken()
    await within(replies.wait_for_word(desk.talk_id, Words("旧话"), key=KEY, seen=None, actor=desk.clerk))
    await estate.run_timers(held_replies.LONGEST)
    assert (await HeldReply.get()).status is HeldStatus.EXPIRED
    assert not (await desk.talk()).replies_held
