"""Pushes as the platform makes them in safe mode, built before the clock runs."""

import base64
import hashlib
import os
import struct
import time
from dataclasses import dataclass

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

import settings

_ACCOUNT = settings.load().wechat
APP_ID, TOKEN, AES_KEY = _ACCOUNT.app_id, _ACCOUNT.token, _ACCOUNT.encoding_aes_key
_KEY = base64.b64decode(AES_KEY + "=")


@dataclass(frozen=True, slots=True)
class Request:
    """One HTTP request, ready for the wire."""

    person: int
    wire: bytes


def openid(person: int) -> str:
    return f"o_bench_{person:06d}"


@dataclass(frozen=True, slots=True)
class Said:
    """Words, or with `option` a tap on the option of that number."""

    words: str
    option: int = 0


def text(person: int, number: int, content: str) -> Request:
    """The `number`th message of a person; the same number again is the same push delivered again."""
    return said(person, number, Said(content))


def said(person: int, number: int, what: Said) -> Request:
    """`text`, or a tap."""
    now = int(time.time())
    tapped = f"<bizmsgmenuid>{what.option}</bizmsgmenuid>" if what.option else ""
    xml = (
        f"<xml><ToUserName><![CDATA[{_ACCOUNT.account_id}]]></ToUserName>"
        f"<FromUserName><![CDATA[{openid(person)}]]></FromUserName><CreateTime>{now}</CreateTime>"
        f"<MsgType><![CDATA[text]]></MsgType><Content><![CDATA[{what.words}]]></Content>{tapped}"
        f"<MsgId>{person * 1_000_000 + number}</MsgId></xml>"
    )
    return Request(person, _wire(xml.encode(), str(now)))


def _wire(xml: bytes, timestamp: str) -> bytes:
    sealed = _seal(xml)
    nonce = os.urandom(6).hex()
    signature = hashlib.sha1("".join(sorted([TOKEN, timestamp, nonce, sealed])).encode()).hexdigest()  # noqa: S324 - the platform's own
    body = (
        f"<xml><ToUserName><![CDATA[{_ACCOUNT.account_id}]]></ToUserName>"
        f"<Encrypt><![CDATA[{sealed}]]></Encrypt></xml>"
    ).encode()
    path = f"/wechat/callback?timestamp={timestamp}&nonce={nonce}&encrypt_type=aes&msg_signature={signature}"
    head = f"POST {path} HTTP/1.1\r\nHost: bench\r\nContent-Type: text/xml\r\nContent-Length: {len(body)}\r\n\r\n"
    return head.encode() + body


def _seal(message: bytes) -> str:
    plain = os.urandom(16) + struct.pack(">I", len(message)) + message + APP_ID.encode()
    pad = 32 - len(plain) % 32
    encryptor = Cipher(algorithms.AES(_KEY), modes.CBC(_KEY[:16])).encryptor()
    return base64.b64encode(encryptor.update(plain + bytes([pad]) * pad) + encryptor.finalize()).decode()
