"""Two clerks and a resident who write at random: nothing is ever said to something that its writer had not seen."""

import asyncio
import random
from dataclasses import dataclass, field

import pytest

from models.conversations import Conversation, Message
from models.outbox import Outbox
from services import work
from services.actors import Actor
from services.desk import drafts, notes, replies, stream, taking
from services.desk.entries import Speaker
from services.desk.replies import Crossed, Words
from services.desk.stream import Marker
from services.errors import DomainError
from tests.services.desk.conftest import Desk
from tests.world.units import within

pytestmark = pytest.mark.usefixtures("monday")

ROUNDS = 500
_SAYS = (Speaker.RESIDENT, Speaker.STAFF, Speaker.BOT, Speaker.NOTE)


@dataclass(slots=True)
class Clerk:
    """Somebody at a page: what it shows, and what was on it when each message was sent."""

    actor: Actor
    seen: Marker = field(default_factory=Marker)
    shown: set[str] = field(default_factory=set)
    wrote: dict[int, set[str]] = field(default_factory=dict)
    stopped: int = 0

    async def looks(self, talk_id: int) -> None:
        page = await stream.news(talk_id, str(self.seen), actor=self.actor)
        self.shown |= {one.id for one in page.entries}
        self.seen = page.newest

    async def writes(self, talk_id: int) -> None:
        before, key = set(self.shown), drafts.new_key()
        try:
            async with work.unit():
                said = await replies.say(talk_id, Words("好的"), key=key, seen=self.seen, actor=self.actor)
        except Crossed:
            self.stopped += 1
            await self.looks(talk_id)
            return
        except DomainError:  # not the holder at this moment
            return
        for one in said.ids:
            self.wrote[one] = before
            self.shown.add(f"o{one}")
        self.seen = said.seen


async def _resident_writes(desk: Desk) -> None:
    """As the turn does it: under the lock of the conversation."""
    async with work.unit():
        await work.lock(Conversation.filter(id=desk.talk_id))
        await Message.create(conversation_id=desk.talk_id, kind="text", text="还有")


async def _changes_hands(desk: Desk, who: Clerk) -> None:
    try:
        await within(taking.take_over(desk.talk_id, "换人", actor=who.actor))
    except DomainError:
        return


async def test_no_reply_is_sent_to_something_that_its_writer_had_not_seen(desk: Desk) -> None:
    dice = random.Random(20261128)
    await desk.taken()
    await Conversation.all().update(window_until=None, minute_until=None)  # nothing is counted here
    one, other = Clerk(desk.clerk), Clerk(desk.other)
    for number in range(ROUNDS):
        acts = []
        for clerk in (one, other):
            act = dice.random()
            if act < 0.45:
                acts.append(clerk.writes(desk.talk_id))
            elif act < 0.8:
                acts.append(clerk.looks(desk.talk_id))
            elif act < 0.9:
                acts.append(_changes_hands(desk, clerk))
            elif number % 5 == 0:
                acts.append(within(notes.add(desk.talk_id, "记", key=drafts.new_key(), actor=clerk.actor)))
        if dice.random() < 0.4:
            acts.append(_resident_writes(desk))
        dice.shuffle(acts)
        await asyncio.gather(*acts)
    await _nothing_was_overlooked(desk, [one, other])


async def _nothing_was_overlooked(desk: Desk, clerks: list[Clerk]) -> None:
    """Whatever stood in the talk when a message was written down had been on its writer's page."""
    page = await stream.page(desk.talk_id, actor=desk.clerk, limit=10_000)
    spoken = [one for one in page.entries if one.speaker in _SAYS]
    times = await _order(desk)
    checked = 0
    for clerk in clerks:
        for sent_id, seen in clerk.wrote.items():
            before = {one.id for one in spoken if times[one.id] < times[f"o{sent_id}"]}
            assert before <= seen, (sent_id, before - seen)
            checked += 1
    assert checked > 50, "hardly anything was said"
    assert all(clerk.stopped for clerk in clerks), "nothing ever crossed"


async def _order(desk: Desk) -> dict[str, int]:
    """In which order the transactions took the talk's lock, by what each left in the table of its rows."""
    query = """
        SELECT 'm' || id AS entry, xmin::text::bigint AS at FROM message WHERE conversation_id = $1
        UNION ALL SELECT 'o' || id, xmin::text::bigint FROM outbox WHERE person_id = $2
        UNION ALL SELECT 'n' || id, xmin::text::bigint FROM note WHERE conversation_id = $1
    """
    rows = await Outbox._meta.db.execute_query_dict(query, [desk.talk_id, desk.resident.id])
    return {row["entry"]: row["at"] for row in rows}
