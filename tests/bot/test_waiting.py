"""Who waits for people, and since when: kept by the turn itself, one definition for list, colour and queue."""

from datetime import timedelta

import pytest

from bot.pipeline import Pipeline
from bot.understanding import Understander
from bot.values import Kind
from models.conversations import Conversation, Hold
from models.desk import HeldReply, HeldStatus
from models.outbox import Outbox
from models.people import Role, Staff
from models.timers import Timer
from services import actors, clock
from services.actors import Actor
from services.desk import holding, replies, taking
from services.desk.replies import Words
from tests.bot import talks
from tests.bot.talks import Resident
from tests.world.units import within

pytestmark = pytest.mark.usefixtures("database", "monday")


@pytest.fixture
def pipe(understander: Understander) -> Pipeline:
    return talks.pipeline(understander)


@pytest.fixture
def resident(pipe: Pipeline) -> Resident:
    return Resident(pipe)


async def _clerk() -> Actor:
    return await actors.staff((await Staff.create(login="xu", name="小徐", role=Role.SERVICE)).id)


async def test_nobody_waits_whom_the_bot_answers(resident: Resident) -> None:
    await resident.says("记一条")
    assert (await Conversation.get()).waiting_since is None


async def test_the_first_word_since_staff_spoke_counts_and_later_ones_change_nothing(
    resident: Resident,
) -> None:
    start, minute = clock.now(), timedelta(minutes=1)
    await resident.says("人工")
    with clock.fixed(start + minute):
        await resident.says("在吗")
    talk = await Conversation.get()
    assert (talk.hold, talk.waiting_since) == (Hold.QUEUED, start)
    clerk = await _clerk()
    await within(taking.take(talk.id, actor=clerk))
    await within(replies.say(talk.id, Words("您说"), key="page-key-1", seen=None, actor=clerk))
    assert (await Conversation.get()).waiting_since is None
    for later in (2, 3):
        with clock.fixed(start + later * minute):
            await resident.says("水管漏了")
    assert (await Conversation.get()).waiting_since == start + 2 * minute
    assert await Timer.filter(kind=holding.SILENCE).count() == 1


async def test_a_page_that_was_looked_at_waits_for_nothing_and_a_photo_does(resident: Resident) -> None:
    await resident.says("人工")
    talk, clerk = await Conversation.get(), await _clerk()
    await within(taking.take(talk.id, actor=clerk))
    await within(replies.say(talk.id, Words("您说"), key="page-key-1", seen=None, actor=clerk))
    await resident.hands_in(resident.inbound(Kind.SILENT))
    assert (await Conversation.get()).waiting_since is None
    await resident.hands_in(resident.inbound(Kind.IMAGE, media_id="m1"))
    assert (await Conversation.get()).waiting_since is not None


async def test_their_next_word_wakes_a_talk_and_sends_what_waited_for_it(resident: Resident) -> None:
    await resident.says("人工")
    talk, clerk = await Conversation.get(), await _clerk()
    await within(taking.take(talk.id, actor=clerk))
    await within(replies.wait_for_word(talk.id, Words("改好了"), key="page-key-1", seen=None, actor=clerk))
    await within(taking.snooze(talk.id, None, actor=clerk))
    assert not await Outbox.exists(key="staff:page-key-1")
    await resident.says("好了吗")
    assert (await HeldReply.get()).status is HeldStatus.RELEASED
    assert await Outbox.filter(key="staff:page-key-1").count() == 1
    talk = await Conversation.get()
    assert (talk.snoozed, talk.replies_held) == (False, False)
