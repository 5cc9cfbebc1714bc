"""A talk that waits is reminded of once."""

from datetime import UTC, datetime, timedelta

import pytest

from bot.understanding import Understander
from models.conversations import Conversation
from models.outbox import Outbox
from services import clock
from tests.bot import talks
from tests.bot.talks import Resident
from workers.nudges import Nudges

pytestmark = pytest.mark.usefixtures("database")


async def test_waiting_talk_is_reminded_once(understander: Understander) -> None:
    resident = Resident(talks.pipeline(understander))
    nudges = Nudges(resident.pipeline.bot.catalogue)
    await resident.says("记一条")
    assert await nudges.run() == 0
    with clock.fixed(datetime.now(UTC) + timedelta(minutes=31)):
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
    with clock.fixed(datetime.now(UTC) + timedelta(minutes=31)):
        assert await Nudges(resident.pipeline.bot.catalogue).run() == 0
    assert (await Conversation.get()).nudge_at is None
