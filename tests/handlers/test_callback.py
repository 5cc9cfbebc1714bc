"""The callback over HTTP, with a pipeline that answers as told."""

import asyncio
import base64
import logging
import time
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field

import aiohttp
import asyncpg
import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer
from tortoise.exceptions import TransactionManagementError
from wechatpy.crypto import WeChatCrypto

from bot.values import Inbound, Reply
from handlers import callback as callback_module
from handlers.callback import PIPELINE, Door, Trouble, TroubleError
from tests.wechat.pushes import ACCOUNT, OPENID, text
from wechat.callback import Callback, Mode
from wechat.signature import sign

TOKEN = "token"
KEY = base64.b64encode(bytes(range(32))).decode()[:43]
APP = "wx1234567890abcdef"


@dataclass
class Result:
    reply: Reply | None = None
    duplicate: bool = False
    rule: str = ""


@dataclass
class Scripted:
    """Raises what it was given, one a call, then answers."""

    turn: Result = field(default_factory=Result)
    faults: list[Exception] = field(default_factory=list)
    handled: list[Inbound] = field(default_factory=list)

    async def handle(self, inbound: Inbound) -> Result:
        if self.faults:
            raise self.faults.pop(0)
        self.handled.append(inbound)
        return self.turn

    async def apologise(self, inbound: Inbound) -> Result:
        if self.faults:
            raise self.faults.pop(0)
        return Result(Reply("对不起"))


@pytest.fixture
def pipeline() -> Scripted:
    return Scripted(Result(Reply("收到"), rule="intent"))


Opened = Callable[[Mode], "aiohttp.ClientSession"]


def wrapped(outer: Exception, cause: Exception) -> Exception:
    outer.__cause__ = cause
    return outer


async def opened(pipeline: Scripted, mode: Mode, trouble: Trouble | None = None) -> TestClient:
    app = web.Application()
    app[PIPELINE] = pipeline
    callback = Callback(token=TOKEN, app_id=APP, encoding_aes_key=KEY, mode=mode, account=ACCOUNT)
    app.add_routes(Door(callback, trouble).routes())
    server = TestServer(app)
    await server.start_server(auto_decompress=False)  # as run.py web serves it
    client = TestClient(server)
    await client.start_server()
    return client


@pytest.fixture
async def plain(pipeline: Scripted) -> AsyncIterator[TestClient]:
    client = await opened(pipeline, Mode.PLAIN)
    yield client
    await client.close()


@pytest.fixture
async def safe(pipeline: Scripted) -> AsyncIterator[TestClient]:
    client = await opened(pipeline, Mode.SAFE)
    yield client
    await client.close()


def query(nonce: str = "n") -> dict[str, str]:
    stamp = str(int(time.time()))
    return {"signature": sign(TOKEN, stamp, nonce), "timestamp": stamp, "nonce": nonce, "openid": OPENID}


def sealed(message: bytes) -> tuple[dict[str, str], bytes]:
    stamp = str(int(time.time()))
    envelope = WeChatCrypto(TOKEN, KEY, APP).encrypt_message(message, "n", stamp)
    secret = envelope.partition("<Encrypt><![CDATA[")[2].partition("]]>")[0]
    asked = {"timestamp": stamp, "nonce": "n", "encrypt_type": "aes"}
    asked["msg_signature"] = sign(TOKEN, stamp, "n", secret)
    return asked, f"<xml><ToUserName>{ACCOUNT}</ToUserName><Encrypt>{secret}</Encrypt></xml>".encode()


@pytest.mark.parametrize("path", ["/wechat", "/wechat/callback"])
async def test_the_platform_verifies_the_address(safe: TestClient, path: str):
    response = await safe.get(path, params=query() | {"echostr": "5837"})
    assert (response.status, await response.text()) == (200, "5837")
    response = await safe.get(path, params=query() | {"signature": "0" * 40, "echostr": "5837"})
    assert (response.status, await response.text()) == (403, "")


async def test_a_plain_turn(plain: TestClient, pipeline: Scripted):
    response = await plain.post("/wechat", params=query(), data=text("漏水"))
    assert response.status == 200
    assert "<![CDATA[收到]]>" in await response.text()
    assert [inbound.text for inbound in pipeline.handled] == ["漏水"]


async def test_a_sealed_turn(safe: TestClient):
    asked, body = sealed(text("漏水"))
    answer = await (await safe.post("/wechat", params=asked, data=body)).text()
    assert "<Encrypt>" in answer
    assert "收到" not in answer


@pytest.mark.parametrize("mode", ["plain", "safe"])
async def test_nothing_to_say_is_success(pipeline: Scripted, mode: str):
    pipeline.turn = Result(None)
    client = await opened(pipeline, Mode(mode))
    asked, body = (query(), text("a")) if mode == "plain" else sealed(text("a"))
    response = await client.post("/wechat", params=asked, data=body)
    assert (response.status, await response.text()) == (200, "success")
    await client.close()


async def test_a_forged_signature_never_reaches_the_pipeline(plain: TestClient, pipeline: Scripted):
    response = await plain.post("/wechat", params=query() | {"signature": "0" * 40}, data=text("a"))
    assert (response.status, pipeline.handled) == (403, [])


@pytest.mark.parametrize("body", [b"", b"nonsense", b"<xml></xml>", b"\xff\xfe", text("a", msg_id="")])
async def test_nonsense_is_answered_400_without_a_traceback(
    plain: TestClient, pipeline: Scripted, body: bytes, caplog: pytest.LogCaptureFixture
):
    response = await plain.post("/wechat", params=query(), data=body)
    assert (response.status, pipeline.handled) == (400, [])
    assert not any(record.exc_info for record in caplog.records)


async def chunks(size: int) -> AsyncIterator[bytes]:
    for _ in range(size // 1024):
        yield b"x" * 1024


@pytest.mark.parametrize("chunked", [False, True])
async def test_a_body_above_64_kilobytes_is_refused(plain: TestClient, chunked: bool):
    body = chunks(80 * 1024) if chunked else b"x" * (64 * 1024 + 1)
    response = await plain.post("/wechat", params=query(), data=body)
    assert response.status == 413


async def test_a_body_below_it_is_read_also_in_chunks(plain: TestClient, pipeline: Scripted):
    async def whole() -> AsyncIterator[bytes]:
        yield text("漏")
        await asyncio.sleep(0)

    assert (await plain.post("/wechat", params=query(), data=whole())).status == 200
    assert pipeline.handled[0].text == "漏"


async def test_a_fault_of_ours_is_logged_once_and_regretted(
    plain: TestClient, pipeline: Scripted, caplog: pytest.LogCaptureFixture
):
    pipeline.faults = [RuntimeError("bug")]
    response = await plain.post("/wechat", params=query(), data=text("a"))
    assert (response.status, "对不起" in await response.text()) == (200, True)
    assert len([record for record in caplog.records if record.exc_info]) == 1


async def test_what_cannot_even_be_regretted_cuts_the_connection_so_that_the_platform_pushes_again(
    plain: TestClient, pipeline: Scripted, caplog: pytest.LogCaptureFixture
):
    pipeline.faults = [RuntimeError("bug"), RuntimeError("bug")]
    with pytest.raises(aiohttp.ClientError):
        await plain.post("/wechat", params=query(), data=text("a"))
    assert len([record for record in caplog.records if record.exc_info]) == 1


async def test_a_turn_outlives_a_database_in_restart(plain: TestClient, pipeline: Scripted):
    pipeline.faults = [ConnectionRefusedError(), asyncpg.CannotConnectNowError("starting up")]
    response = await plain.post("/wechat", params=query(), data=text("a"))
    assert (response.status, len(pipeline.handled)) == (200, 1)


async def test_without_a_database_the_connection_is_cut_so_that_the_platform_pushes_again(
    plain: TestClient, pipeline: Scripted, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(callback_module, "_PATIENCE_S", 0.5)
    pipeline.faults = [ConnectionRefusedError()] * 50
    with pytest.raises(aiohttp.ClientError):
        await plain.post("/wechat", params=query(), data=text("a"))


READ_ONLY = asyncpg.ReadOnlySQLTransactionError("cannot execute INSERT in a read-only transaction")


@pytest.mark.parametrize(
    "fault",
    [
        asyncpg.DiskFullError("could not extend file"),
        asyncpg.OutOfMemoryError("out of memory"),
        READ_ONLY,
        asyncpg.QueryCanceledError("statement timeout"),
        asyncpg.LockNotAvailableError("lock timeout"),
        asyncpg.SerializationError("could not serialize"),
        wrapped(TransactionManagementError(READ_ONLY), READ_ONLY),
    ],
)
async def test_a_database_that_cannot_store_cuts_the_connection_and_readyz_says_it(
    pipeline: Scripted, monkeypatch: pytest.MonkeyPatch, fault: Exception
):
    monkeypatch.setattr(callback_module, "_PATIENCE_S", 0.5)
    trouble = Trouble()
    client = await opened(pipeline, Mode.PLAIN, trouble)
    pipeline.faults = [fault] * 50
    with pytest.raises(aiohttp.ClientError):
        await client.post("/wechat", params=query("n1"), data=text("a"))
    with pytest.raises(TroubleError, match=type(fault).__name__):
        await trouble.check()
    pipeline.faults = []
    await client.post("/wechat", params=query("n2"), data=text("a"))
    await trouble.check()
    await client.close()


async def test_a_fault_of_the_statement_itself_is_not_tried_again(plain: TestClient, pipeline: Scripted):
    pipeline.faults = [asyncpg.UniqueViolationError("twice")]
    response = await plain.post("/wechat", params=query(), data=text("a"))
    assert (response.status, "对不起" in await response.text()) == (200, True)


@pytest.mark.parametrize("encoding", ["gzip", "deflate", "br", "zstd", "GZIP", "x"])
async def test_an_encoded_body_is_refused_unread(plain: TestClient, pipeline: Scripted, encoding: str):
    headers = {"Content-Encoding": encoding}
    response = await plain.post("/wechat", params=query(), data=b"\x00" * 50, headers=headers)
    assert (response.status, pipeline.handled) == (415, [])


@pytest.mark.parametrize("change", [{"signature": "0" * 40}, {"timestamp": "1"}, {"nonce": ""}])
@pytest.mark.parametrize("mode", ["plain", "safe"])
async def test_the_query_is_looked_at_before_the_body_is_read(
    pipeline: Scripted, monkeypatch: pytest.MonkeyPatch, mode: str, change: dict[str, str]
):
    async def never(request: web.Request) -> bytes:
        raise AssertionError("the body was read")

    monkeypatch.setattr(callback_module, "_body", never)
    client = await opened(pipeline, Mode(mode))
    asked = query() | ({"encrypt_type": "aes", "msg_signature": "x"} if mode == "safe" else {}) | change
    assert (await client.post("/wechat", params=asked, data=b"x")).status == 403
    await client.close()


async def test_a_push_for_another_account_is_refused(pipeline: Scripted):
    app = web.Application()
    app[PIPELINE] = pipeline
    callback = Callback(token=TOKEN, app_id=APP, encoding_aes_key=KEY, mode=Mode.PLAIN, account="gh_other")
    app.add_routes(Door(callback).routes())
    async with TestClient(TestServer(app)) as client:
        response = await client.post("/wechat", params=query(), data=text("a"))
    assert (response.status, pipeline.handled) == (400, [])


async def test_one_line_a_turn_without_what_was_said(plain: TestClient, caplog: pytest.LogCaptureFixture):
    caplog.set_level(logging.INFO, "handlers")
    await plain.post("/wechat", params=query(), data=text("我家门锁密码 1234"))
    (line,) = [record.getMessage() for record in caplog.records if record.name == "handlers.callback"]
    assert line.startswith(
        f"turn id={ACCOUNT}:{OPENID}:24953812345678901 kind=text duplicate=False rule=intent reply=True ms="
    )
    assert "1234 " not in line
    assert "密码" not in line
