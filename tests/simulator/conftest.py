"""A small account with keys of its own stands behind every test: it answers what the test tells it to."""

import asyncio
import hashlib
import os
import struct
import time
import xml.etree.ElementTree as ElementTree
from base64 import b64decode, b64encode
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack
from dataclasses import replace

import pytest
from aiohttp import ClientSession, ClientTimeout, web
from aiohttp.test_utils import TestServer
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

from simulator.app import create_app
from simulator.config import Config, Mode
from simulator.jsonio import JsonObject

TOKEN = "a-token-of-the-tests"
KEY = "MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY"
APP_ID = "wx00000000000000aa"
SECRET = "f" * 32
ACCOUNT = "gh_test"

Push = dict[str, str]
Reply = Callable[[Push], Awaitable[web.Response]]


def sha1(*parts: str) -> str:
    return hashlib.sha1("".join(sorted(parts)).encode(), usedforsecurity=False).hexdigest()


def _cipher() -> Cipher[modes.CBC]:
    key = b64decode(KEY + "=")
    return Cipher(algorithms.AES(key), modes.CBC(key[:16]))


def seal(text: str, app_id: str = APP_ID) -> str:
    body = text.encode()
    plain = os.urandom(16) + struct.pack(">I", len(body)) + body + app_id.encode()
    pad = 32 - len(plain) % 32
    encryptor = _cipher().encryptor()
    return b64encode(encryptor.update(plain + bytes([pad]) * pad) + encryptor.finalize()).decode()


def unseal(sealed: str) -> str:
    decryptor = _cipher().decryptor()
    plain = decryptor.update(b64decode(sealed)) + decryptor.finalize()
    (length,) = struct.unpack(">I", plain[16:20])
    assert plain[20 + length : -plain[-1]].decode() == APP_ID
    return plain[20 : 20 + length].decode()


def reply_xml(push: Push, inner: str) -> str:
    names = (
        f"<ToUserName>{push['FromUserName']}</ToUserName><FromUserName>{push['ToUserName']}</FromUserName>"
    )
    return f"<xml>{names}<CreateTime>{int(time.time())}</CreateTime>{inner}</xml>"


def text_xml(push: Push, text: str) -> str:
    return reply_xml(push, f"<MsgType>text</MsgType><Content><![CDATA[{text}]]></Content>")


def sealed_xml(xml: str, *, token: str = TOKEN, app_id: str = APP_ID) -> str:
    sealed = seal(xml, app_id)
    sign = sha1(token, "1700000000", "n", sealed)
    return (
        f"<xml><Encrypt>{sealed}</Encrypt><MsgSignature>{sign}</MsgSignature>"
        "<TimeStamp>1700000000</TimeStamp><Nonce>n</Nonce></xml>"
    )


class Account:
    """The callback of an account: keeps what it was pushed, after checking signature and envelope."""

    def __init__(self) -> None:
        self.pushes: list[Push] = []
        self.queries: list[dict[str, str]] = []
        self.bodies: list[str] = []
        self.mode = Mode.SAFE
        self.reply: Reply = self.silent
        self.released = asyncio.Event()
        self._awaited: asyncio.Future[Push] | None = None

    async def silent(self, push: Push) -> web.Response:
        return web.Response(text="success")

    def next_push(self) -> asyncio.Future[Push]:
        """The push that comes next, to be awaited."""
        self._awaited = asyncio.get_running_loop().create_future()
        return self._awaited

    def says(self, text: str) -> None:
        """Answer every push with this text."""

        async def reply(push: Push) -> web.Response:
            return self.wrapped(text_xml(push, text))

        self.reply = reply

    def answers(self, inner: str) -> None:
        """Answer every push with this XML below <xml>, beside the names."""

        async def reply(push: Push) -> web.Response:
            return self.wrapped(reply_xml(push, inner))

        self.reply = reply

    def wrapped(self, xml: str) -> web.Response:
        return web.Response(text=xml if self.mode is Mode.PLAIN else sealed_xml(xml))

    async def too_late(self, push: Push) -> web.Response:
        """Hold the connection until the test lets go."""
        await self.released.wait()
        return web.Response(text="success")

    async def take(self, request: web.Request) -> web.Response:
        query = dict(request.query)
        assert query["signature"] == sha1(TOKEN, query["timestamp"], query["nonce"])
        body = await request.text()
        self.queries.append(query)
        self.bodies.append(body)
        push = self._read(body, query)
        self.pushes.append(push)
        if self._awaited is not None and not self._awaited.done():
            self._awaited.set_result(push)
        return await self.reply(push)

    def _read(self, body: str, query: dict[str, str]) -> Push:
        root = ElementTree.fromstring(body)
        if self.mode is not Mode.PLAIN:
            sealed = root.findtext("Encrypt") or ""
            assert query["msg_signature"] == sha1(TOKEN, query["timestamp"], query["nonce"], sealed)
            root = ElementTree.fromstring(unseal(sealed))
        return {child.tag: child.text or "" for child in root}

    async def verify(self, request: web.Request) -> web.Response:
        return web.Response(text=request.query["echostr"])


class Phone:
    """Drives one simulator over its control interface and its API, as another process would."""

    def __init__(self, http: ClientSession, stop: Callable[[], Awaitable[None]]) -> None:
        self.http = http
        self.stop = stop
        self.access_token = ""

    async def post(self, path: str, body: JsonObject | None = None, *, status: int = 200) -> JsonObject:
        async with self.http.post(path, json=body or {}) as response:
            assert response.status == status, await response.text()
            answer: JsonObject = await response.json()
            return answer

    async def get(self, path: str, *, status: int = 200) -> JsonObject:
        async with self.http.get(path) as response:
            assert response.status == status, await response.text()
            answer: JsonObject = await response.json()
            return answer

    async def send(self, openid: str, *, status: int = 200, **body: object) -> JsonObject:
        fields: JsonObject = {k: v for k, v in body.items() if isinstance(v, str | float | int)}
        return await self.post(f"/sim/users/{openid}/send", fields, status=status)

    async def says(self, openid: str, text: str) -> JsonObject:
        return await self.send(openid, type="text", content=text)

    async def messages(self, openid: str, after: int = 0, wait: int = 0) -> list[JsonObject]:
        async with self.http.get(f"/sim/users/{openid}/messages?after={after}&wait={wait}") as response:
            assert response.status == 200, await response.text()
            messages: list[JsonObject] = await response.json()
            return messages

    async def follower(self, openid: str, nickname: str = "张三") -> str:
        await self.post("/sim/users", {"openid": openid, "nickname": nickname})
        await self.post(f"/sim/users/{openid}/follow")
        return openid

    async def log_in(self) -> str:
        body: JsonObject = {"grant_type": "client_credential", "appid": APP_ID, "secret": SECRET}
        answer = await self.post("/cgi-bin/stable_token", body)
        self.access_token = str(answer["access_token"])
        return self.access_token

    async def call(self, name: str, body: JsonObject) -> JsonObject:
        """POST to the API with the token of the last log_in."""
        return await self.post(f"/cgi-bin/{name}?access_token={self.access_token}", body)

    async def fetch(self, name: str, **query: str) -> JsonObject:
        """GET from the API with the token of the last log_in."""
        async with self.http.get(
            f"/cgi-bin/{name}", params={"access_token": self.access_token} | query
        ) as response:
            answer: JsonObject = await response.json()
            return answer

    async def advance(self, seconds: float) -> None:
        await self.post("/sim/clock", {"advance_s": seconds})

    async def custom(self, openid: str, text: str = "您好") -> int:
        body: JsonObject = {"touser": openid, "msgtype": "text", "text": {"content": text}}
        errcode = (await self.call("message/custom/send", body))["errcode"]
        assert isinstance(errcode, int)
        return errcode


Start = Callable[[Config], Awaitable[Phone]]


@pytest.fixture
async def account() -> AsyncIterator[Account]:
    yield Account()


@pytest.fixture
async def callback(account: Account) -> AsyncIterator[str]:
    app = web.Application()
    app.add_routes([web.post("/wechat", account.take), web.get("/wechat", account.verify)])
    async with TestServer(app) as server:
        yield str(server.make_url("/wechat"))
        account.released.set()


@pytest.fixture
def config(callback: str) -> Config:
    return Config(
        callback=callback,
        app_id=APP_ID,
        app_secret=SECRET,
        token=TOKEN,
        aes_key=KEY,
        account=ACCOUNT,
        push_timeout=5,
        push_pause=0,
    )


@pytest.fixture
async def start() -> AsyncIterator[Start]:
    """Starts a simulator with a configuration and gives a phone to drive it."""
    async with AsyncExitStack() as stack:

        async def begin(config: Config) -> Phone:
            server = await stack.enter_async_context(TestServer(create_app(config)))
            http = ClientSession(server.make_url("/"), timeout=ClientTimeout(20))
            return Phone(await stack.enter_async_context(http), server.close)

        yield begin


@pytest.fixture
async def phone(start: Start, config: Config) -> Phone:
    return await start(config)


@pytest.fixture
async def impatient(start: Start, config: Config) -> Phone:
    """A simulator that gives up a push after a twentieth of a second."""
    return await start(replace(config, push_timeout=0.05))
