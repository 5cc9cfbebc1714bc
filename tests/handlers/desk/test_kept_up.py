"""Pages that stay open are kept up by events, whoever acts and whatever process or server is lost meanwhile."""

import contextlib
import random
import re
from collections.abc import Awaitable, Callable

from playwright.async_api import Page
from redis.asyncio import Redis

from models.community import Community
from models.conversations import Conversation, Message
from models.people import Staff
from services import actors
from services.actors import Actor
from services.desk import notes, reading, taking
from services.errors import DomainError
from settings import Settings
from tests.conftest import free_port
from tests.world import chromium, places, processes
from tests.world.processes import Gate
from tests.world.scene import Scene, until
from tests.world.units import within

pytestmark = chromium.MARKS
_OF_THE_KILL = re.compile(r"net::ERR_(INCOMPLETE_CHUNKED_ENCODING|EMPTY_RESPONSE|CONNECTION)")
# Time alone changes how long somebody has waited, and who looks is gone in seconds.
_STATE = """() => [...document.querySelectorAll('#list .tabs a')].map(one => one.textContent).concat(
    [...document.querySelectorAll('#list .line')].map(one => [
        one.id, one.querySelector('.who').textContent, one.querySelector('.words').textContent,
        one.querySelector('.count').hidden ? '' : one.querySelector('[data-count]').textContent,
        one.querySelector('.tag').hidden ? '' : one.querySelector('.tag').textContent].join('|')))"""


async def test_what_events_keep_up_is_what_a_fresh_page_shows(
    scene: Scene, test_settings: Settings, redis: Redis
) -> None:
    """Several people act at random, two web processes serve, Redis loses everything and one process is killed."""
    port = free_port()
    gate = Gate((port, test_settings.web.port))
    chance = random.Random(11)
    house = await places.house(await Community.get(), "2-1-101")
    talks = [await Conversation.create(person=await places.resident(house, f"住户{n}")) for n in range(5)]
    async with processes.web(test_settings, port) as second, gate.opened() as address:
        one = await scene.signed_in("xu")
        other = await scene.signed_in("tang", at=address)
        await one.goto(f"{scene.address}/desk/talks?box=all")
        await other.goto(f"{address}/desk/talks?box=waiting")
        people = [await _clerk("xu"), await _clerk("tang")]
        for number in range(60):
            if number == 20:
                await redis.flushdb()
            if number == 40:
                await _same_as_fresh(other)  # by the process that is about to end
                assert set(gate.passed) == {port}
                second.kill()
                await second.wait()
            with contextlib.suppress(DomainError):  # a random act may not be allowed just then
                await within(_act(chance, chance.choice(talks), chance.choice(people), number))
        for page in (one, other):
            await _same_as_fresh(page)
        assert gate.passed[test_settings.web.port]
    scene.faults[:] = [one for one in scene.faults if not _OF_THE_KILL.search(one)]


async def _clerk(login: str) -> Actor:
    return await actors.staff((await Staff.get(login=login)).id)


def _act(chance: random.Random, talk: Conversation, actor: Actor, number: int) -> Awaitable[object]:
    acts: list[Callable[[], Awaitable[object]]] = [
        lambda: _heard(talk, number),
        lambda: _heard(talk, number),
        lambda: taking.take(talk.id, actor=actor),
        lambda: taking.release(talk.id, actor=actor),
        lambda: taking.hand_back(talk.id, actor=actor),
        lambda: taking.snooze(talk.id, None, actor=actor),
        lambda: taking.wake(talk.id, actor=actor),
        lambda: notes.add(talk.id, f"备注{number}", key=f"note-key-{number:04}", actor=actor),
        lambda: reading.mark_unread(talk.id, actor=actor),
    ]
    return chance.choice(acts)()


async def _heard(talk: Conversation, number: int) -> None:
    """As a turn leaves it."""
    made = await Message.create(conversation_id=talk.id, kind="text", text=f"第{number}句")
    await made.refresh_from_db()
    row = await Conversation.get(id=talk.id)
    waiting = row.waiting_since or (made.created_at if row.hold != "bot" else None)
    await Conversation.filter(id=talk.id).update(
        turns=row.turns + 1, last_inbound_at=made.created_at, waiting_since=waiting, snoozed=False
    )


async def _same_as_fresh(page: Page) -> None:
    fresh = await page.context.new_page()

    async def same() -> bool:
        await fresh.goto(page.url)
        return bool(await fresh.evaluate(_STATE) == await page.evaluate(_STATE))

    await until(same)
    await fresh.close()
