"""What tells the open desks of one process: looked up once, coalesced, within the scope of the moment."""

import asyncio
import contextlib
from typing import Any

import pytest
from redis.asyncio import Redis

from handlers import waking
from handlers.desk import live
from handlers.desk.live import Hub
from models.community import Community, ManagementOffice
from models.conversations import Conversation
from services.desk import changes, presence
from services.desk.changes import Changes, Told
from tests.resilience.parts import until
from tests.world import desk, places

_PATIENCE_S = 20  # of a test on a busy machine, for what must come


@pytest.fixture
async def hub(database: str) -> Hub:
    made = live.Hub()
    await made.begin()
    return made


async def test_the_scope_is_that_of_the_moment(hub: Hub) -> None:
    """The community goes to another office while the desk is open."""
    community = await places.community()
    talk = await Conversation.create(person=await places.resident(await places.house(community)))
    clerk = await desk.employ("xu", office_id=community.office_id)
    far = await ManagementOffice.create(name="远处管理处")
    with hub.listening(clerk.id) as listener:
        await hub.look()
        assert listener.take().talks == {talk.id}
        await Community.filter(id=community.id).update(office_id=far.id)
        await desk.touch(talk.id)
        await hub.look()
        assert not listener.take()


async def test_what_comes_faster_than_a_line_takes_it_becomes_one_frame(hub: Hub) -> None:
    clerk = await desk.employ("xu")
    talks = [await Conversation.create(person=await places.person()) for _ in range(3)]
    await hub.look()
    with hub.listening(clerk.id) as listener:
        for round_ in range(10):
            await desk.touch(talks[round_ % 3].id)
            await hub.look()
        assert listener.take() == Told(talks=frozenset(one.id for one in talks))
        assert not listener.told.is_set()
        assert not listener.take()


async def test_a_change_is_looked_up_once_however_many_desks_are_open(
    hub: Hub, monkeypatch: pytest.MonkeyPatch
) -> None:
    clerk = await desk.employ("xu")
    talk = await Conversation.create(person=await places.person())
    asked: list[Changes] = []
    since = changes.since

    async def counted(cursor: str, **named: Any) -> Changes:
        asked.append(await since(cursor, **named))
        return asked[-1]

    monkeypatch.setattr(changes, "since", counted)
    with contextlib.ExitStack() as open_desks:
        listeners = [open_desks.enter_context(hub.listening(clerk.id)) for _ in range(200)]
        await hub.look()
        assert len(asked) == 1
        assert all(one.take().talks == {talk.id} for one in listeners)


async def test_a_fault_on_the_way_loses_nothing(hub: Hub, monkeypatch: pytest.MonkeyPatch) -> None:
    clerk = await desk.employ("xu")
    talk = await Conversation.create(person=await places.person())

    async def away(staff_ids: object) -> dict[int, object]:
        raise OSError

    with hub.listening(clerk.id) as listener:
        with monkeypatch.context() as patched:
            patched.setattr(live.scope, "of_many", away)
            with pytest.raises(OSError):
                await hub.look()
        await hub.look()
        assert listener.take().talks == {talk.id}


async def test_redis_wakes_and_names_who_looks(hub: Hub, redis: Redis) -> None:
    clerk = await desk.employ("xu")
    talk = await Conversation.create(person=await places.person())
    await hub.look()
    hearing = asyncio.create_task(hub.hear(redis))

    async def subscribed() -> bool:
        return await redis.pubsub_numsub(waking.CHANNEL) == [(waking.CHANNEL.encode(), 1)]

    with hub.listening(clerk.id) as listener:
        await until(subscribed, "the hub listens")
        await presence.look(redis, talk.id, typing=True, actor=await places.clerk())
        running = asyncio.create_task(hub.run())
        await asyncio.wait_for(listener.told.wait(), _PATIENCE_S)
        assert talk.id in listener.take().talks
    for task in (hearing, running):
        task.cancel()
    await asyncio.gather(hearing, running, return_exceptions=True)
