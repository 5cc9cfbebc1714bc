"""Our client against the simulated platform and its faults."""

import asyncio
import io
from collections.abc import AsyncIterator
from types import SimpleNamespace

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer
from PIL import Image
from redis.asyncio import Redis

from bot.values import Article, Option, Reply
from simulator.config import Config
from tests.conftest import free_port
from tests.world.simulated import Simulated, running
from wechat.errors import Reason, Refused, Unknown, Unreachable
from wechat.platform import Platform, connect

CONFIG = Config(callback="http://127.0.0.1:9/nobody", push_timeout=0.2, push_pause=0.0)
ACCOUNT = SimpleNamespace(app_id=CONFIG.app_id, app_secret=CONFIG.app_secret, api_timeout_s=1.0)


@pytest.fixture
async def sim() -> AsyncIterator[Simulated]:
    async with running(CONFIG) as simulated:
        yield simulated


@pytest.fixture
async def platform(sim: Simulated) -> AsyncIterator[Platform]:
    async with connect(ACCOUNT, sim.url, None) as connected:
        yield connected


def picture() -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (8, 8), "red").save(out, "JPEG")
    return out.getvalue()


async def test_a_text_with_options_arrives_in_chinese_and_tappable(sim: Simulated, platform: Platform):
    openid = await sim.follower()
    await platform.send(openid, Reply("师傅到哪了？", (Option("查进度 50%", "s:progress", number=1001),)))
    (message,) = await sim.shown(openid)
    assert message["via"] == "custom"
    assert message["text"].startswith("师傅到哪了？\n1. 查进度 50%")
    assert message["options"] == [{"text": "查进度 50%", "id": "1001"}]


async def test_a_picture_arrives(sim: Simulated, platform: Platform):
    openid = await sim.follower()
    media_id = await platform.upload("image", "a.jpg", picture(), "image/jpeg")
    await platform.send(openid, Reply(image="ab"), media_id=media_id)
    assert (await sim.shown(openid))[0]["media_id"] == media_id
    assert await platform.download(media_id) == (picture(), "image/jpeg")


async def test_a_card_arrives(sim: Simulated, platform: Platform):
    openid = await sim.follower()
    await platform.send(openid, Reply(article=Article("停水通知", "明天", "https://x/1", "https://x/1.jpg")))
    assert (await sim.shown(openid))[0]["title"] == "停水通知"


async def test_a_template_message_is_sent_once_for_one_key(sim: Simulated, platform: Platform):
    openid = await sim.follower()
    send = {"template_id": "T1", "values": {"thing1": "师傅已接单"}, "key": "outbox-7"}
    first = await platform.send_template(openid, **send)
    assert await platform.send_template(openid, **send) == first
    assert len(await sim.shown(openid)) == 1


async def test_a_template_that_the_person_blocked_is_refused(sim: Simulated, platform: Platform):
    openid = await sim.follower()
    await sim.post("/sim/faults", api="message/template/send", errcode=43101, times=1)
    with pytest.raises(Refused) as refusal:
        await platform.send_template(openid, "T1", {"thing1": "x"}, key="outbox-8")
    assert refusal.value.reason is Reason.NOT_ACCEPTED
    assert (refusal.value.code, refusal.value.errcode) == ("not_accepted", 43101)


async def test_menu_and_qr_code(sim: Simulated, platform: Platform):
    await platform.create_menu({"button": [{"type": "click", "name": "报修", "key": "repair"}]})
    assert (await sim.get("/sim/menu"))["menu"]["button"][0]["key"] == "repair"
    assert await platform.create_qrcode("c:1")
    await platform.check()


async def test_a_bad_media_id(platform: Platform):
    with pytest.raises(Refused) as refusal:
        await platform.download("no-such-media")
    assert refusal.value.reason is Reason.MEDIA


@pytest.mark.parametrize(
    ("errcode", "reason", "passing"),
    [
        (45015, Reason.OUT_OF_WINDOW, False),
        (45047, Reason.OUT_OF_COUNT, False),
        (45009, Reason.QUOTA, False),
        (45011, Reason.RATE, True),
        (-1, Reason.BUSY, True),
        (43004, Reason.NOT_FOLLOWING, False),
        (99999, Reason.OTHER, False),
    ],
)
async def test_refusals_say_why(
    sim: Simulated, platform: Platform, errcode: int, reason: Reason, passing: bool
):
    openid = await sim.follower()
    await sim.fault("message/custom/send", errcode=errcode)
    with pytest.raises(Refused) as refusal:
        await platform.send(openid, Reply("好"))
    assert (refusal.value.reason, refusal.value.passing) == (reason, passing)
    assert (refusal.value.code, refusal.value.errcode) == (reason, errcode)


@pytest.mark.parametrize(
    "fault", [{"status": 502}, {"drop": True}, {"delay_s": 1.3}, {"status": 500, "after": True}]
)
async def test_a_send_without_an_answer_has_an_unknown_outcome_and_is_not_repeated(
    sim: Simulated, platform: Platform, fault: dict[str, object]
):
    openid = await sim.follower()
    await platform.check()
    await sim.fault("message/custom/send", **fault)
    with pytest.raises(Unknown):
        await platform.send(openid, Reply("好"))
    assert len(await sim.calls("message/custom/send")) <= 1


async def test_nobody_listening_is_surely_not_sent():
    async with connect(ACCOUNT, f"http://127.0.0.1:{free_port()}", None) as platform:
        with pytest.raises(Unreachable):
            await platform.send("o", Reply("好"))


async def test_a_token_call_that_fails_leaves_the_send_surely_unsent(sim: Simulated, platform: Platform):
    await sim.fault("stable_token", status=500)
    with pytest.raises(Unreachable):
        await platform.send(await sim.follower(), Reply("好"))
    assert await sim.calls("message/custom/send") == []


async def test_a_wrong_secret_is_said(sim: Simulated):
    wrong = SimpleNamespace(app_id=CONFIG.app_id, app_secret="f" * 32, api_timeout_s=1.0)
    async with connect(wrong, sim.url, None) as platform:
        with pytest.raises(Refused) as refusal:
            await platform.check()
    assert refusal.value.reason is Reason.CREDENTIALS


@pytest.mark.parametrize("errcode", [40001, 40014, 42001])
async def test_a_dead_token_is_replaced_once(sim: Simulated, platform: Platform, errcode: int):
    openid = await sim.follower()
    await sim.fault("message/custom/send", errcode=errcode)
    await platform.send(openid, Reply("好"))
    assert len(await sim.shown(openid)) == 1


async def test_a_token_the_platform_forgot_is_replaced(sim: Simulated, platform: Platform):
    openid = await sim.follower()
    await platform.check()
    await sim.forget_tokens()
    await platform.send(openid, Reply("好"))
    assert len(await sim.shown(openid)) == 1


async def test_an_upload_is_whole_after_a_dead_token(sim: Simulated, platform: Platform):
    await sim.fault("media/upload", errcode=42001)
    media_id = await platform.upload("image", "a.jpg", picture(), "image/jpeg")
    assert (await platform.download(media_id))[0] == picture()


async def test_tokens_refused_for_ever_end_in_a_refusal(sim: Simulated, platform: Platform):
    openid = await sim.follower()
    await sim.fault("message/custom/send", times=None, errcode=40001)
    for _ in range(5):
        with pytest.raises(Refused) as refusal:
            await platform.send(openid, Reply("好"))
        assert refusal.value.passing
    assert len(await sim.calls("message/custom/send")) == 10
    assert len(await sim.calls("stable_token")) <= 8  # one forced


async def test_all_processes_share_one_token(sim: Simulated, redis: Redis):
    async with connect(ACCOUNT, sim.url, redis) as one, connect(ACCOUNT, sim.url, redis) as other:
        await asyncio.gather(*(p.check() for p in (one, other) for _ in range(5)))
        assert len(await sim.calls("stable_token")) == 1
        await sim.forget_tokens()
        openid = await sim.follower()
        await one.send(openid, Reply("一"))
        asked = len(await sim.calls("stable_token"))
        await other.send(openid, Reply("二"))
        assert len(await sim.calls("stable_token")) == asked


async def test_an_emptied_or_absent_redis_costs_nothing_but_a_call(sim: Simulated, redis: Redis):
    openid = await sim.follower()
    async with connect(ACCOUNT, sim.url, redis) as one:
        await one.send(openid, Reply("一"))
        await redis.flushdb()
        await one.send(openid, Reply("二"))
    absent = Redis.from_url(f"redis://127.0.0.1:{free_port()}", socket_connect_timeout=0.2)
    async with connect(ACCOUNT, sim.url, absent) as other:
        await other.send(openid, Reply("三"))
    await absent.aclose()
    assert [m["text"] for m in await sim.shown(openid)] == ["一", "二", "三"]


async def test_of_a_video_the_platform_gives_the_address():
    async def token(request: web.Request) -> web.Response:
        return web.json_response({"access_token": "t" * 40, "expires_in": 7200})

    async def get(request: web.Request) -> web.Response:
        return web.json_response({"video_url": str(request.url.with_path("/film").with_query(None))})

    async def film(request: web.Request) -> web.Response:
        assert "access_token" not in request.query
        return web.Response(body=b"film", content_type="video/mp4")

    app = web.Application()
    app.add_routes(
        [
            web.post("/cgi-bin/stable_token", token),
            web.get("/cgi-bin/media/get", get),
            web.get("/film", film),
        ]
    )
    async with TestServer(app) as server, connect(ACCOUNT, str(server.make_url("")), None) as platform:
        assert await platform.download("m") == (b"film", "video/mp4")
