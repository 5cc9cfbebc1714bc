"""A whole worker, woken as the web wakes it, with Redis coming and going, and killed at work."""

import asyncio
import base64
import contextlib
import io
import os
import signal
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import timedelta

import pytest
from PIL import Image
from redis.asyncio import Redis

from handlers.waking import waker
from models.media import MediaFile, MediaStatus
from models.outbox import Outbox, OutboxStatus
from models.people import Person
from services import outbox
from settings import Settings
from tests.world import processes
from tests.world.simulated import Simulated
from workers import main

pytestmark = pytest.mark.usefixtures("database", "redis")


@pytest.fixture
def lazy(test_settings: Settings, sim: Simulated) -> Settings:
    """Sweeps so seldom that only wake-ups can explain what happens soon."""
    return _with(test_settings, sim, sweep_s=60)


def _with(settings: Settings, sim: Simulated, *, sweep_s: float, redis: str = "") -> Settings:
    changed = {
        "worker": settings.worker.model_copy(update={"sweep_s": sweep_s}),
        "wechat": settings.wechat.model_copy(update={"api_url": sim.url, "api_timeout_s": 5.0}),
    }
    if redis:
        changed["redis"] = settings.redis.model_copy(update={"url": redis})
    return settings.model_copy(update=changed)


@contextlib.asynccontextmanager
async def working(settings: Settings) -> AsyncIterator[asyncio.Task[None]]:
    stop = asyncio.Event()
    task = asyncio.create_task(main.work(settings, stop))
    try:
        yield task
    finally:
        stop.set()
        await task


async def until(happened: Callable[[], Awaitable[bool]]) -> None:
    async with asyncio.timeout(30):
        while not await happened():  # noqa: ASYNC110 - another process does it, which cannot call us
            await asyncio.sleep(0.02)


async def queue(sim: Simulated, text: str, key: str = "k") -> str:
    openid = await sim.follower()
    person = await Person.create(channel_id=openid)
    await outbox.put(person.id, {"reply": {"text": text}}, key=key)
    return openid


async def is_sent(key: str = "k") -> bool:
    return (await Outbox.get(key=key)).status == OutboxStatus.SENT


async def test_a_wake_up_sends_what_waits(lazy: Settings, sim: Simulated):
    async with working(lazy), waker(lazy.redis.url) as waking:
        await until(lambda: _listening(lazy))
        openid = await queue(sim, "好")
        waking.wake(["deliver"])
        await until(is_sent)
    assert [m["text"] for m in await sim.shown(openid)] == ["好"]


async def _listening(settings: Settings) -> bool:
    client = Redis.from_url(settings.redis.url)
    try:
        return bool(await client.exists("arq:queue:health-check"))
    finally:
        await client.aclose()


async def test_without_redis_the_worker_looks_by_itself(test_settings: Settings, sim: Simulated):
    openid = await queue(sim, "好")
    alone = _with(test_settings, sim, sweep_s=0.1, redis="redis://127.0.0.1:1")
    async with working(alone):
        await until(is_sent)
        await queue(sim, "又", key="again")
        await until(lambda: is_sent("again"))
    assert [m["text"] for m in await sim.shown(openid)] == ["好"]


async def test_an_emptied_redis_loses_nothing(test_settings: Settings, sim: Simulated, redis: Redis):
    async with working(_with(test_settings, sim, sweep_s=0.2)):
        await until(lambda: _listening(test_settings))
        await redis.flushdb()
        await queue(sim, "好")
        await until(is_sent)


async def test_a_photo_is_fetched(test_settings: Settings, sim: Simulated):
    openid = await sim.follower()
    out = io.BytesIO()
    Image.new("RGB", (16, 16)).save(out, "JPEG")
    person = await Person.create(channel_id=openid)
    shown = await sim.post(
        f"/sim/users/{openid}/send", type="image", base64=base64.b64encode(out.getvalue()).decode()
    )
    assert shown["msg_id"]
    media_id = next(m["media_id"] for m in await sim.messages(openid) if "media_id" in m)
    row = await MediaFile.create(person_id=person.id, media_id=media_id)

    async def stored() -> bool:
        await row.refresh_from_db()
        return row.status == MediaStatus.STORED

    async with working(_with(test_settings, sim, sweep_s=0.2)):
        await until(stored)


async def test_killed_in_mid_delivery_it_sent_once_or_staff_are_told(
    test_settings: Settings, sim: Simulated, monkeypatch: pytest.MonkeyPatch
):
    openid = await queue(sim, "好")
    await sim.fault("message/custom/send", delay_s=2, times=1)
    configured = _with(test_settings, sim, sweep_s=0.2)
    async with processes.worker(configured) as child:
        await until(lambda: _in_flight(sim))
        os.kill(child.pid, signal.SIGKILL)
        await child.wait()
    monkeypatch.setattr(main, "_SENDING_AT_MOST", timedelta(seconds=4))
    async with working(configured):
        await until(lambda: _has("k", OutboxStatus.UNKNOWN))
        await queue(sim, "下一条", key="next")
        await until(lambda: is_sent("next"))
    assert len(await sim.shown(openid)) <= 1
    assert len(await sim.calls("message/custom/send")) <= 2


async def _in_flight(sim: Simulated) -> bool:
    """The call has reached the platform, which takes its time."""
    return not (await sim.get("/sim/faults"))["faults"]


async def _has(key: str, status: OutboxStatus) -> bool:
    return (await Outbox.get(key=key)).status == status


async def test_asked_to_stop_it_finishes_what_it_is_sending(test_settings: Settings, sim: Simulated):
    await queue(sim, "好")
    await sim.fault("message/custom/send", delay_s=1, times=1)
    async with processes.worker(_with(test_settings, sim, sweep_s=0.2)) as child:
        await until(lambda: _in_flight(sim))
        child.terminate()
        assert await asyncio.wait_for(child.wait(), 30) == 0
    assert await is_sent()
