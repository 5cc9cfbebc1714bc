"""A talk that waits is reminded of once."""

from datetime import timedelta

import pytest

from bot.understanding import Understander
from models.conversations import Conversation
from models.outbox import Outbox
from services import clock
from tests.bot import talks
from tests.bot.talks import Resident
from workers.nudges import Nudges

pytestmark = pytest.mark.usefixtures("database", "monday")


async def test_waiting_talk_is_reminded_once(understander: Understander) -> None:
    resident = Resident(talks.pipeline(understander))
    nudges = Nudges(resident.pipeline.bot.catalogue)
    await resident.says("记一条")
    assert await nudges.run() == 0
    with clock.fixed(clock.now() + timedelta(minutes=31)):
        assert await nudges.run() == 1
        assert await nudges.run() == 0
    sent = await Outbox.get()
    assert sent.payload == {"phrase": "bot.nudge", "values": {"text": "还记吗？"}}
    reply = resident.pipeline.bot.phrases.reply("bot.nudge", {"text": "还记吗？"})
    assert (reply.text, [one.id for one in reply.options]) == ("还记吗？", ["c:resume", "c:cancel"])


async def test_answered_talk_is_left_alone(understander: Understander) -> None:
    resident = Resident(talks.pipeline(understander))
    await resident.says("记一条")
    await resident.says("取消")
    with clock.fixed(clock.now() + timedelta(minutes=31)):
        assert await Nudges(resident.pipeline.bot.catalogue).run() == 0
    assert (await Conversation.get()).nudge_at is None


@pytest.mark.parametrize("morning", [timedelta(hours=8), timedelta(hours=8, minutes=50)])
async def test_who_stopped_in_the_evening_is_reminded_in_the_morning(
    understander: Understander, morning: timedelta
) -> None:
    midnight = clock.now().replace(hour=16)  # of the next day, here
    resident = Resident(talks.pipeline(understander))
    nudges = Nudges(resident.pipeline.bot.catalogue)
    with clock.fixed(midnight - timedelta(hours=2, minutes=45)):
        await resident.says("记一条")
    for night in (timedelta(hours=-2), timedelta(hours=7, minutes=59)):
        with clock.fixed(midnight + night):
            assert await nudges.run() == 0
    assert not await Outbox.exists()
    with clock.fixed(midnight + morning):
        assert await nudges.run() == 1


async def test_a_talk_that_a_stopped_worker_left_for_hours_is_not_brought_up(
    understander: Understander,
) -> None:
    resident = Resident(talks.pipeline(understander))
    await resident.says("记一条")
    with clock.fixed(clock.now() + timedelta(hours=2)):
        assert await Nudges(resident.pipeline.bot.catalogue).run() == 0
