"""The platform's door: from a request's query and body to an Inbound, and from a Reply to the answer's body.

https://developers.weixin.qq.com/doc/offiaccount/Message_Management/Message_encryption_and_decryption_instructions.html
"""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from bot.values import Inbound, Reply
from wechat import codec, render, signature
from wechat.crypto import Seal
from wechat.errors import BadPush, BadSignature

NOTHING_TO_SAY = b"success"

Query = Mapping[str, str]


class Mode(StrEnum):
    """As set on the account's settings page. Compatible takes both forms and answers in the one it got."""

    PLAIN = "plain"
    COMPATIBLE = "compatible"
    SAFE = "safe"


@dataclass(frozen=True, slots=True)
class Push:
    """A genuine push, and what its answer needs."""

    inbound: Inbound
    sealed: bool
    timestamp: str
    nonce: str


class Callback:
    """Reads pushes and writes their answers for one account; `account` is its original id, gh_… ("": any)."""

    def __init__(
        self,
        *,
        token: str,
        app_id: str,
        encoding_aes_key: str,
        mode: str = Mode.SAFE,
        account: str = "",
        window_s: int = 600,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self._token = token
        self._account = account
        self._mode = Mode(mode)
        self._seal = None if self._mode is Mode.PLAIN else Seal(encoding_aes_key, app_id)
        self._fresh = signature.Freshness(window_s)
        self._clock = clock

    def greet(self, query: Query) -> str:
        """The answer to the platform's verification of our address: its own echostr."""
        timestamp, nonce = query.get("timestamp", ""), query.get("nonce", "")
        self._fresh.check_time(timestamp, nonce, self._clock())
        signature.check(query.get("signature", ""), self._token, timestamp, nonce)
        return query.get("echostr", "")

    def admit(self, query: Query) -> None:
        """Raises BadSignature for what the query alone shows not to be a fresh push, before its body is read.

        A sealed push is authenticated by msg_signature, over its body; its `signature` must still be right if there.
        """
        timestamp, nonce = query.get("timestamp", ""), query.get("nonce", "")
        self._fresh.check_time(timestamp, nonce, self._clock())
        sealed = query.get("encrypt_type", "raw") == "aes"
        if not sealed or "signature" in query:
            signature.check(query.get("signature", ""), self._token, timestamp, nonce)

    def receive(self, query: Query, body: bytes) -> Push:
        """Raises BadSignature or BadPush; what it returns comes from the platform."""
        now = self._clock()
        timestamp, nonce = query.get("timestamp", ""), query.get("nonce", "")
        self._fresh.check_time(timestamp, nonce, now)
        sealed = query.get("encrypt_type", "raw") == "aes"
        message = self._open(query, body) if sealed else self._take_plain(query, body)
        self._fresh.check_replay(timestamp, nonce, message, now)
        inbound = codec.decode(message)
        if self._account and inbound.account != self._account:
            raise BadPush("it is for another account")
        return Push(inbound, sealed, timestamp, nonce)

    def _take_plain(self, query: Query, body: bytes) -> bytes:
        if self._mode is Mode.SAFE:
            raise BadSignature("plain push in safe mode")
        signature.check(query.get("signature", ""), self._token, query["timestamp"], query["nonce"])
        return body

    def _open(self, query: Query, body: bytes) -> bytes:
        """What authenticates here is msg_signature, which covers the ciphertext; `signature` does not."""
        if self._seal is None:
            raise BadPush("encrypted push in plain mode")
        sealed = codec.sealed_part(body)
        signature.check(
            query.get("msg_signature", ""), self._token, query["timestamp"], query["nonce"], sealed
        )
        return self._seal.open(sealed)

    def answer(self, push: Push, reply: Reply | None) -> bytes:
        """The body to answer with; `reply` must fit (`render.fits_passive`). Silence is never sealed."""
        if reply is None:
            return NOTHING_TO_SAY
        inbound = push.inbound
        message = render.passive(reply, inbound.person, inbound.account, int(self._clock()))
        return self._sealed(message, push) if push.sealed else message

    def _sealed(self, message: bytes, push: Push) -> bytes:
        if self._seal is None:
            raise BadPush("encrypted push in plain mode")
        secret = self._seal.close(message)
        signed = signature.sign(self._token, push.timestamp, push.nonce, secret)
        return (
            f"<xml><Encrypt><![CDATA[{secret}]]></Encrypt>"
            f"<MsgSignature><![CDATA[{signed}]]></MsgSignature>"
            f"<TimeStamp>{push.timestamp}</TimeStamp><Nonce><![CDATA[{push.nonce}]]></Nonce></xml>"
        ).encode()
