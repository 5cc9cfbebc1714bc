"""What anybody on the internet may send to the callback, and what residents may send as photos."""

import asyncio
import hashlib
import struct
import time
import zlib
from collections.abc import Callable, Mapping

import aiohttp
import pytest
from yarl import URL

import settings
from simulator.crypto import Envelope
from tests.resilience.installation import OTHER_WEB, WEB, WORKER, Installation
from tests.resilience.parts import until
from tests.resilience.test_messages import REPAIR, picture
from tests.world.phones import photo

Attack = tuple[Mapping[str, str], bytes]

_LAUGHS = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
_BOMB = f'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY l0 "ha">{_LAUGHS}]><xml><Encrypt>&l9;</Encrypt></xml>'
_FILE = '<!DOCTYPE x [<!ENTITY f SYSTEM "file:///etc/passwd">]><xml><Encrypt>&f;</Encrypt></xml>'
_DEEP = "<xml>" + "<a>" * 4_000 + "</a>" * 4_000 + "</xml>"


def signed(*parts: str, token: str = "") -> str:
    words = sorted([token or settings.load().wechat.token, *parts])
    return hashlib.sha1("".join(words).encode(), usedforsecurity=False).hexdigest()


def query(secret: str, *, timestamp: str = "", token: str = "") -> dict[str, str]:
    """What the platform puts behind the address when the body's Encrypt is `secret`."""
    stamp, nonce = timestamp or str(int(time.time())), f"n{time.time_ns()}"
    signature = signed(stamp, nonce, secret, token=token)
    return {"timestamp": stamp, "nonce": nonce, "encrypt_type": "aes", "msg_signature": signature}


def wrapped(secret: str) -> bytes:
    return f"<xml><ToUserName>x</ToUserName><Encrypt>{secret}</Encrypt></xml>".encode()


def sealed(plain: str, *, app_id: str = "") -> str:
    account = settings.load().wechat
    return Envelope(account.encoding_aes_key, app_id or account.app_id).seal(plain)


def genuine(plain: str) -> Attack:
    """Somebody who knows every key, or the platform gone mad."""
    secret = sealed(plain)
    return query(secret), wrapped(secret)


def message() -> str:
    now = int(time.time())
    return (
        f"<xml><ToUserName>{settings.load().wechat.account_id}</ToUserName><FromUserName>ohostile</FromUserName>"
        f"<CreateTime>{now}</CreateTime><MsgType>text</MsgType><Content>你好</Content><MsgId>{now}001</MsgId></xml>"
    )


def forged(*, secret: str = "", timestamp: str = "", token: str = "", app_id: str = "") -> Attack:
    """A push in which one thing is not as the platform has it."""
    inner = secret or sealed(message(), app_id=app_id)
    return query(inner, timestamp=timestamp, token=token), wrapped(inner)


ATTACKS: dict[str, Callable[[], Attack]] = {
    "nothing at all": lambda: ({}, b""),
    "garbage": lambda: (query(""), bytes(range(256)) * 8),
    "not encrypted": lambda: (query(""), message().encode()),
    "plain in safe mode": lambda: ({"signature": "x", "timestamp": "1", "nonce": "n"}, message().encode()),
    "too large": lambda: (query(""), b"<xml>" + b"a" * (512 * 1024) + b"</xml>"),
    "a bomb outside": lambda: (query(""), _BOMB.encode()),
    "a file outside": lambda: (query(""), _FILE.encode()),
    "thousands of tags deep": lambda: (query(""), _DEEP.encode()),
    "another token": lambda: forged(token="guessed"),
    "an old push": lambda: forged(timestamp="1500000000"),
    "a time that is none": lambda: forged(timestamp="now"),
    "another account": lambda: forged(app_id="wx0000000000000000"),
    "no base64": lambda: forged(secret="%%%"),
    "no cipher text": lambda: forged(secret="QUJD"),
    "a bomb inside": lambda: genuine(_BOMB),
    "a file inside": lambda: genuine(_FILE),
    "no XML inside": lambda: genuine("hello"),
    "nothing inside": lambda: genuine(""),
    "no sender inside": lambda: genuine("<xml><MsgType>text</MsgType></xml>"),
    "everything twice inside": lambda: genuine(message().replace("</xml>", message()[5:])),
}


@pytest.mark.parametrize("name", ATTACKS)
async def test_what_is_not_from_the_platform_is_refused_in_silence(
    installation: Installation, name: str
) -> None:
    asked, body = ATTACKS[name]()
    async with (
        aiohttp.ClientSession() as http,
        http.post(URL(installation.callbacks[0]).update_query(asked), data=body) as response,
    ):
        assert 400 <= response.status < 500
        assert "Traceback" not in await response.text()
    assert not installation.parts[WEB].said("Traceback")
    assert await installation.inbound("ohostile") == []


async def test_the_next_message_is_answered_beside_a_hundred_half_sent_ones(
    installation: Installation,
) -> None:
    person = await installation.phones.sim.follower()
    web = URL(installation.callbacks[0])
    half = f"POST {web.path} HTTP/1.1\r\nHost: x\r\nContent-Length: 60000\r\n\r\n<xml>".encode()
    opened = [await asyncio.open_connection(web.host, web.port) for _ in range(100)]
    for _, writer in opened:
        writer.write(half)
        await writer.drain()
    pushed = await installation.phones.says(person, "帮助")
    assert pushed.attempts == 1
    assert pushed.reply
    for _, writer in opened:
        writer.close()
    assert not any(installation.parts[name].said("Traceback") for name in (WEB, OTHER_WEB))


def bomb(side: int) -> bytes:
    """A PNG of some hundred bytes that promises `side` × `side` pixels."""
    header = struct.pack(">IIBBBBB", side, side, 8, 0, 0, 0, 0)
    some = zlib.compress(bytes(100 * (side + 1)), 9)
    return b"\x89PNG\r\n\x1a\n" + _chunk(b"IHDR", header) + _chunk(b"IDAT", some) + _chunk(b"IEND", b"")


def _chunk(name: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))


async def test_a_bomb_and_a_text_as_photos_fail_alone_and_their_sender_is_told(
    installation: Installation,
) -> None:
    person = await installation.resident()
    await installation.phones.says(person, REPAIR)
    for content in (bomb(30_000), b"hello, not a photo", picture(7)):
        await installation.phones.send(person, photo(content))

    async def settled() -> list[str]:
        rows = await installation.photos(person)
        done = [str(row["status"]) for row in rows if row["status"] in ("stored", "failed")]
        return done if len(done) == 3 else []

    assert await until(settled, "the three photos are decided about") == ["failed", "failed", "stored"]
    assert installation.parts[WORKER].alive
    (ticket,) = await installation.tickets(person)
    shown = await installation.command("tickets", str(ticket["number"]))
    assert shown.count("stored") == 1
    assert "failed" not in shown

    async def told() -> bool:
        return any("照片没有收下" in one.text for one in await installation.phones.heard(person))

    await until(told, "it was said that photos were not taken")
    why = [row["error"] for row in await installation.photos(person)]
    assert why == ["too_large", "unreadable", ""]
