"""The web process as it is put together, on real servers, spoken to by the simulated platform."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from aiohttp import web
from redis.asyncio import Redis
from yarl import URL

from bot.values import Kind
from handlers.app import create_app
from models.conversations import Conversation, Message
from models.outbox import Outbox, OutboxStatus
from models.people import Person
from models.tasks import StaffTask, TaskKind
from services import clock, outbox
from settings import Settings
from simulator.config import Config, Mode
from tests.workers.letters import PHRASES, TEMPLATES, deliver
from tests.world.simulated import Simulated, running
from wechat import subscriptions
from wechat.platform import connect
from workers import schedules
from workers.delivery import Delivery

MINUTE = timedelta(seconds=61)


@pytest.fixture
async def address(
    database: str, redis: Redis, test_settings: Settings, quick_start: None
) -> AsyncIterator[str]:
    runner = web.AppRunner(create_app(test_settings))
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", test_settings.web.port).start()
    yield f"http://127.0.0.1:{test_settings.web.port}"
    await runner.cleanup()


@pytest.fixture
async def sim(address: str, test_settings: Settings) -> AsyncIterator[Simulated]:
    wechat = test_settings.wechat
    config = Config(
        callback=f"{address}/wechat",
        app_id=wechat.app_id,
        app_secret=wechat.app_secret,
        token=wechat.token,
        aes_key=wechat.encoding_aes_key,
        account=wechat.account_id,
        mode=Mode(wechat.mode),
    )
    async with running(config) as simulated:
        yield simulated


async def test_the_address_is_verified(sim: Simulated):
    assert (await sim.post("/sim/verify"))["verified"] is True


async def test_who_follows_is_welcomed(sim: Simulated):
    openid = await sim.person()
    result = await sim.post(f"/sim/users/{openid}/follow")
    assert result["attempts"] == 1
    assert result["reply"]["text"]


async def test_one_push_three_times_at_once_is_one_turn_with_one_reply(sim: Simulated):
    openid = await sim.follower()
    before = (await Conversation.get(person__channel_id=openid)).turns
    pushed = await sim.post("/sim/push", openid=openid, copies=3, send={"type": "text", "content": "菜单"})
    assert len({reply["text"] for reply in pushed["replies"]}) == 1
    assert pushed["replies"][0]["text"]
    assert (await Conversation.get(person__channel_id=openid)).turns == before + 1
    assert await Message.filter(external_id__endswith=pushed["msg_id"]).count() == 1


@pytest.mark.parametrize("menu_ids", ["full", "numbered", "zero", "none"])
async def test_a_tap_leads_where_it_says_whatever_comes_back_of_its_id(sim: Simulated, menu_ids: str):
    await sim.post("/sim/mode", menu_ids=menu_ids)
    openid = await sim.follower()
    menu = (await sim.says(openid, "菜单"))["reply"]["options"]
    opened = await taps(sim, openid, menu[1])
    assert opened["options"], opened["text"]
    await sim.says(openid, "取消")
    again = await taps(sim, openid, menu[1])
    assert [one["text"] for one in again["options"]] == [one["text"] for one in opened["options"]]
    numbers = [int(one["id"]) for shown in (menu, opened["options"], again["options"]) for one in shown]
    assert min(numbers) > 1000
    assert len(set(numbers)) == len(numbers)
    row = await Message.filter(kind="text", conversation__person__channel_id=openid).order_by("-id").first()
    assert row
    assert row.body.get("tapped", "").isdecimal() is (menu_ids != "none")


@pytest.mark.parametrize(("typed", "via"), [(False, "template"), (True, "custom")])
async def test_who_only_taps_is_told_by_template_after_a_minute(
    sim: Simulated, test_settings: Settings, tmp_path: Path, typed: bool, via: str
):
    openid = await sim.follower()
    menu = (await sim.says(openid, "菜单"))["reply"]["options"]
    await Conversation.filter(person__channel_id=openid).update(window_until=None, sends_left=0)
    for _ in range(3):
        await taps(sim, openid, menu[1])
    if typed:
        await sim.says(openid, "取消")
    await sim.post("/sim/clock", advance_s=61)
    person = await Person.get(channel_id=openid)
    await outbox.put(person.id, {"phrase": "repair.accepted", "values": {"name": "李"}}, key="k")
    async with connect(test_settings.wechat, sim.url, None) as platform:
        await deliver(Delivery(platform, PHRASES, TEMPLATES, tmp_path), clock.now() + MINUTE)
    assert [message["via"] for message in await sim.shown(openid)] == [via]
    assert len(await sim.calls("message/custom/send")) == int(typed)


async def taps(sim: Simulated, openid: str, option: dict) -> dict:
    return (await sim.post(f"/sim/users/{openid}/send", type="option", **option))["reply"]


async def test_a_template_message_that_was_blocked_goes_to_staff(sim: Simulated, test_settings: Settings):
    openid = await sim.follower()
    await sim.post(f"/sim/users/{openid}/templates", blocked=True)
    person = await Person.get(channel_id=openid)
    await outbox.put(person.id, {"reply": {"text": "好"}}, key="k")
    async with connect(test_settings.wechat, sim.url, None) as platform:
        platform_id = await platform.send_template(openid, "T1", {"thing1": "好"}, key="k")
    await Outbox.filter(key="k").update(status=OutboxStatus.SENT, platform_id=platform_id)
    async with asyncio.timeout(10):
        while not await Message.filter(kind=Kind.DELIVERY.value).exists():  # noqa: ASYNC110 - pushed to us by another
            await asyncio.sleep(0.02)
    with clock.fixed(clock.now() + timedelta(minutes=1)):
        await schedules.run_due()  # in case the platform was quicker than we
    assert (await Outbox.get(key="k")).status == OutboxStatus.FAILED
    task = await StaffTask.get(kind=TaskKind.PHONE, person_id=person.id)
    assert (task.reason, task.values["why"]) == ("undelivered", "blocked")


async def test_who_agrees_on_wechats_page_may_be_told_once_more(
    address: str, sim: Simulated, test_settings: Settings
):
    openid = await sim.follower()
    asked = replace(subscriptions.of(test_settings), pages=sim.url, back=f"{address}/subscribed")
    link = asked.link(openid).partition("#")[0]
    for answer, left in (("cancel", 0), ("confirm", 1)):
        async with sim.http.get(f"{link}&sim_openid={openid}&answer={answer}") as response:
            assert (response.status, response.url.path) == (200, "/subscribed")
            came_back = response.url
        assert (await Conversation.get(person__channel_id=openid)).subscriptions_left == left
    for change in ({"openid": await sim.follower()}, {"reserved": "x"}, {"template_id": "x"}, {"scene": "2"}):
        async with sim.http.get(came_back.update_query(change)) as response:
            assert response.status == 404
    assert await Conversation.filter(subscriptions_left__gt=0).count() == 1


async def test_health(address: str, sim: Simulated):
    async with sim.http.get(f"{address}/healthz") as response:
        assert response.status == 200
    async with sim.http.get(f"{address}/readyz") as response:
        assert (response.status, await response.json()) == (
            200,
            {"database": "ok", "redis": "ok", "turns": "ok", "clock": "ok"},
        )


async def test_a_clock_that_is_off_is_said_until_a_push_came_in_time(address: str, sim: Simulated):
    now = clock.now()
    clock.go_by(now + timedelta(minutes=11), asked=now, answered=now)
    try:
        async with sim.http.get(f"{address}/readyz") as response:
            assert (response.status, (await response.json())["clock"]) == (503, "ClockIsOffError")
        await sim.follower()
        async with sim.http.get(f"{address}/readyz") as response:
            assert (response.status, (await response.json())["clock"]) == (200, "ok")
    finally:
        clock.go_by(now, asked=now, answered=now)


@pytest.mark.parametrize(
    "sent", ["GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n", "GET / HTTP/1.1\r\nBad Header\r\n\r\n"]
)
async def test_no_answer_names_what_we_are_made_of(address: str, sent: str):
    reader, writer = await asyncio.open_connection("127.0.0.1", URL(address).port)
    writer.write(sent.encode())
    answer = (await reader.readuntil(b"\r\n\r\n")).decode()
    writer.close()
    assert "Server: guanjia" in answer
    assert "aiohttp" not in answer and "Python" not in answer


async def test_not_ready_without_redis(database: str, test_settings: Settings, sim: Simulated):
    away = test_settings.redis.model_copy(update={"url": "redis://127.0.0.1:1"})
    runner = web.AppRunner(create_app(test_settings.model_copy(update={"redis": away})))
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    port = runner.addresses[0][1]
    async with sim.http.get(f"http://127.0.0.1:{port}/readyz") as response:
        assert response.status == 503
        assert (await response.json())["database"] == "ok"
    async with sim.http.get(f"http://127.0.0.1:{port}/healthz") as response:
        assert response.status == 200
    await runner.cleanup()
