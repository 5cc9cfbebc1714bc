"""Pushes to the account's callback: signed, encrypted, waited for five seconds, tried three times."""

import asyncio
import contextlib
import secrets
import time
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import count

from aiohttp import ClientError, ClientSession, ClientTimeout, TCPConnector
from yarl import URL

from simulator.config import Config, Mode
from simulator.crypto import Envelope, signature
from simulator.people import Content
from simulator.replies import BadReply, ReplyReader
from simulator.xml import XmlValue, build

_MOST_REPLY_BYTES = 256 * 1024


@dataclass(frozen=True, slots=True)
class Answer:
    """What one try brought: an HTTP status and body, or the reason why there is none."""

    target: str
    status: int = 0
    body: bytes = b""
    trouble: str = ""
    seconds: float = 0.0


@dataclass(frozen=True, slots=True)
class Delivery:
    """How a push ended. `failure` is empty when it was answered; `content` is what the phone is to show."""

    attempts: int
    content: Content | None
    failure: str
    seconds: float


class Pusher:
    """Pushes for one account. `open` before the first push, `close` at the end."""

    def __init__(self, config: Config, envelope: Envelope, reader: ReplyReader) -> None:
        self._config = config
        self._envelope = envelope
        self._reader = reader
        self._session: ClientSession | None = None
        self._ids = count(int(time.time() * 1000) * 10_000)

    async def open(self) -> None:
        # A fresh connection for every try: a kept one that the account closes would look like a failed push.
        connector = TCPConnector(limit=0, force_close=True)
        self._session = ClientSession(connector=connector, timeout=ClientTimeout(self._config.push_timeout))

    async def close(self) -> None:
        if self._session is not None:
            await self._session.close()

    def new_id(self) -> int:
        """A MsgId: 64 bits at most and growing, across restarts too."""
        return next(self._ids)

    async def push(self, fields: Mapping[str, XmlValue]) -> Delivery:
        """Push until there is an answer or the tries are used up."""
        started = time.monotonic()
        attempt, nonce = 1, secrets.token_hex(8)
        answer = await self.once(fields, nonce=nonce)
        while self._again(answer) and attempt < self._config.pushes:
            await self._pause(answer.seconds)
            attempt += 1
            answer = await self.once(fields, nonce="" if self._config.fresh_nonce else nonce)
        content, failure = self.judge(answer, fields)
        return Delivery(attempt, content, failure, time.monotonic() - started)

    async def once(self, fields: Mapping[str, XmlValue], *, nonce: str = "", target: str = "") -> Answer:
        """One try, to the callback or to another address of the application."""
        url = target or self._config.callback
        query, body = self._request(fields, nonce or secrets.token_hex(8))
        started = time.monotonic()
        try:
            status, answer = await self._post(url, query, body)
        except TimeoutError:
            return Answer(url, trouble="timeout", seconds=time.monotonic() - started)
        except (ClientError, OSError) as error:
            trouble = f"connection: {type(error).__name__}"
            return Answer(url, trouble=trouble, seconds=time.monotonic() - started)
        return Answer(url, status, answer, seconds=time.monotonic() - started)

    async def verify(self) -> bool:
        """The GET by which the platform checks a callback when it is entered on its settings page."""
        echo, stamp, nonce = secrets.token_hex(8), str(int(time.time())), secrets.token_hex(8)
        query = {"signature": self._sign(stamp, nonce), "timestamp": stamp, "nonce": nonce, "echostr": echo}
        with contextlib.suppress(TimeoutError, ClientError, OSError):
            async with self._client.get(_with(self._config.callback, query)) as response:
                return response.status == 200 and (await response.text()).strip() == echo
        return False

    def judge(self, answer: Answer, fields: Mapping[str, XmlValue]) -> tuple[Content | None, str]:
        """What the phone shows for an answer, and why it failed if it did."""
        if answer.trouble:
            return None, answer.trouble
        if answer.status != 200:
            return None, f"status {answer.status}"
        try:
            openid, to_event = str(fields["FromUserName"]), fields["MsgType"] == "event"
            return self._reader.read(answer.body, openid=openid, to_event=to_event), ""
        except BadReply as error:
            return None, f"malformed: {error}"

    def _again(self, answer: Answer) -> bool:
        return bool(answer.trouble) or (answer.status != 200 and self._config.retry_on_status)

    async def _pause(self, used: float) -> None:
        pause = self._config.push_pause
        await asyncio.sleep(max(0.0, self._config.push_timeout - used) if pause is None else pause)

    def _sign(self, *parts: str) -> str:
        return signature(self._config.token, *parts)

    def _request(self, fields: Mapping[str, XmlValue], nonce: str) -> tuple[dict[str, str], bytes]:
        stamp = str(int(time.time()))
        query = {"signature": self._sign(stamp, nonce), "timestamp": stamp, "nonce": nonce}
        query["openid"] = str(fields["FromUserName"])
        plain = build(fields)
        if self._config.mode is Mode.PLAIN:
            return query, plain.encode()
        sealed = self._envelope.seal(plain)
        query |= {"encrypt_type": "aes", "msg_signature": self._sign(stamp, nonce, sealed)}
        outside = (
            dict(fields) if self._config.mode is Mode.COMPATIBLE else {"ToUserName": fields["ToUserName"]}
        )
        return query, build({**outside, "Encrypt": sealed}).encode()

    async def _post(self, url: str, query: dict[str, str], body: bytes) -> tuple[int, bytes]:
        headers = {"Content-Type": "text/xml", "User-Agent": "Mozilla/4.0", "Pragma": "no-cache"}
        async with self._client.post(_with(url, query), data=body, headers=headers) as response:
            return response.status, await response.content.read(_MOST_REPLY_BYTES)

    @property
    def _client(self) -> ClientSession:
        if self._session is None:
            raise RuntimeError("the pusher is not open")
        return self._session


def _with(url: str, query: dict[str, str]) -> URL:
    return URL(url).update_query(query)
