"""A message that failed: tried again by people, as what it was, and whoever was not reached waits on."""

import pytest

from models.conversations import Conversation
from models.outbox import Outbox, OutboxStatus
from models.tasks import StaffTask
from services import clock
from services.delivery import claiming, undelivered
from services.delivery.sending import Fault
from services.desk import replies, stream
from services.desk.sources import UNDO
from services.errors import NotAllowed
from tests.services.desk.conftest import KEY, Desk
from tests.world.units import within

pytestmark = pytest.mark.usefixtures("monday")


async def _failed(desk: Desk, words: str = "failed:system failed") -> int:
    """A message of the clerk's that was refused everywhere, so that somebody has to call."""
    await desk.taken()
    [row_id] = (await desk.says()).ids
    await Outbox.exclude(id=row_id).update(status=OutboxStatus.SENT)
    with clock.fixed(clock.now() + UNDO):
        [letter] = await claiming.claim(10)
        await within(undelivered.failed(letter, Fault(words)))
    return row_id


async def test_a_retry_is_a_new_numbered_attempt_and_settles_the_call(desk: Desk) -> None:
    row_id = await _failed(desk)
    assert await StaffTask.filter(done_at=None, key=f"outbox:{row_id}").exists()
    again = await within(replies.retry(row_id, actor=desk.clerk))
    assert not await StaffTask.filter(done_at=None, key=f"outbox:{row_id}").exists()
    shown = {
        one.number: one
        for one in (await stream.page(desk.talk_id, actor=desk.clerk)).entries
        if one.table == "o"
    }
    assert (shown[row_id].state, shown[row_id].retried, shown[again].attempt) == ("failed", True, 2)
    with pytest.raises(NotAllowed, match="no_retry"):
        await within(replies.retry(row_id, actor=desk.clerk))


async def test_what_arrived_is_not_sent_again(desk: Desk) -> None:
    await desk.taken()
    [row_id] = (await desk.says()).ids
    await Outbox.filter(id=row_id).update(status=OutboxStatus.SENT)
    with pytest.raises(NotAllowed, match="no_retry"):
        await within(replies.retry(row_id, actor=desk.clerk))


async def test_a_template_that_failed_goes_once_more_as_a_template(desk: Desk) -> None:
    await desk.taken()
    await Conversation.all().update(sends_left=0)
    said = await within(
        replies.by_template(
            desk.talk_id, "human.please_write", {"number": "T7"}, key=KEY, seen=None, actor=desk.clerk
        )
    )
    failed = Outbox.filter(id__in=said.ids)
    await failed.update(status=OutboxStatus.FAILED, payload={**(await failed.get()).payload, "card": {}})
    again = await Outbox.get(id=await within(replies.retry(said.ids[0], actor=desk.clerk)))
    assert (again.rung, again.payload["phrase"], "card" in again.payload) == (
        "template",
        "human.please_write",
        False,
    )
    assert again.payload["attempt"] == 2


async def test_whoever_was_not_reached_waits_on(desk: Desk) -> None:
    await desk.taken()
    await desk.hears()
    since = (await desk.talk()).waiting_since
    [row_id] = (await desk.says()).ids
    await Outbox.exclude(id=row_id).update(status=OutboxStatus.SENT)
    with clock.fixed(clock.now() + UNDO):
        [letter] = await claiming.claim(10)
        await within(undelivered.failed(letter, Fault("failed:system failed")))
    assert (await desk.talk()).waiting_since == since is not None
