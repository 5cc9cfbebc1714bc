"""The door in its three modes, with wechatpy as the platform's side."""

import base64
from xml.etree import ElementTree

import pytest
from wechatpy.crypto import WeChatCrypto

from bot.values import Reply
from tests.wechat.pushes import ACCOUNT, OPENID, text
from wechat.callback import Callback, Mode
from wechat.errors import BadPush, BadSignature
from wechat.signature import sign

TOKEN = "token"
KEY = base64.b64encode(bytes(range(32))).decode()[:43]
APP = "wx1234567890abcdef"
NOW = 1763860000
STAMP = str(NOW)


def door(mode: Mode, now: float = NOW) -> Callback:
    return Callback(token=TOKEN, app_id=APP, encoding_aes_key=KEY, mode=mode, window_s=600, clock=lambda: now)


def plain_query(nonce: str = "n1") -> dict[str, str]:
    return {"signature": sign(TOKEN, STAMP, nonce), "timestamp": STAMP, "nonce": nonce, "openid": OPENID}


def sealed_push(message: bytes, nonce: str = "n1", app_id: str = APP) -> tuple[dict[str, str], bytes]:
    sealed = ElementTree.fromstring(WeChatCrypto(TOKEN, KEY, app_id).encrypt_message(message, nonce, STAMP))
    secret = sealed.findtext("Encrypt") or ""
    query = plain_query(nonce) | {"encrypt_type": "aes", "msg_signature": sign(TOKEN, STAMP, nonce, secret)}
    return query, f"<xml><ToUserName>{ACCOUNT}</ToUserName><Encrypt>{secret}</Encrypt></xml>".encode()


def test_the_address_is_verified_by_its_echo():
    assert door(Mode.SAFE).greet(plain_query() | {"echostr": "5837"}) == "5837"
    with pytest.raises(BadSignature):
        door(Mode.SAFE).greet(plain_query() | {"signature": "0" * 40, "echostr": "5837"})


@pytest.mark.parametrize("mode", [Mode.PLAIN, Mode.COMPATIBLE])
def test_a_plain_push_and_its_plain_answer(mode: Mode):
    callback = door(mode)
    push = callback.receive(plain_query(), text("漏水"))
    assert push.inbound.text == "漏水"
    assert ElementTree.fromstring(callback.answer(push, Reply("收到"))).findtext("Content") == "收到"


@pytest.mark.parametrize("mode", [Mode.SAFE, Mode.COMPATIBLE])
def test_a_sealed_push_and_its_sealed_answer(mode: Mode):
    callback = door(mode)
    push = callback.receive(*sealed_push(text("漏水")))
    assert push.inbound.text == "漏水"
    answer = ElementTree.fromstring(callback.answer(push, Reply("收到")))
    opened = WeChatCrypto(TOKEN, KEY, APP).decrypt_message(
        {"Encrypt": answer.findtext("Encrypt")},
        answer.findtext("MsgSignature"),
        answer.findtext("TimeStamp"),
        answer.findtext("Nonce"),
    )
    assert ElementTree.fromstring(opened).findtext("Content") == "收到"


def test_in_compatible_mode_the_sealed_part_counts_not_the_plain_tags_beside_it():
    query, body = sealed_push(text("真"))
    forged = body.replace(b"</xml>", b"<MsgType>text</MsgType><Content>x</Content></xml>")
    assert door(Mode.COMPATIBLE).receive(query, forged).inbound.text == "真"


def test_silence_stays_plain():
    callback = door(Mode.SAFE)
    assert callback.answer(callback.receive(*sealed_push(text("a"))), None) == b"success"


def test_safe_mode_takes_no_plain_push():
    with pytest.raises(BadSignature):
        door(Mode.SAFE).receive(plain_query(), text("a"))


def test_plain_mode_takes_no_sealed_push():
    with pytest.raises(BadPush):
        door(Mode.PLAIN).receive(*sealed_push(text("a")))


@pytest.mark.parametrize("field", ["msg_signature", "timestamp", "nonce"])
@pytest.mark.parametrize("value", ["", "0" * 40, None])
def test_a_sealed_push_with_a_wrong_query_is_refused(field: str, value: str | None):
    query, body = sealed_push(text("a"))
    query.pop(field) if value is None else query.update({field: value})
    with pytest.raises(BadSignature):
        door(Mode.SAFE).receive(query, body)


def test_the_plain_signature_does_not_open_the_safe_door():
    query, body = sealed_push(text("a"))
    query["msg_signature"] = query["signature"]
    with pytest.raises(BadSignature):
        door(Mode.SAFE).receive(query, body)


def test_another_accounts_push_is_refused():
    with pytest.raises(BadPush):
        door(Mode.SAFE).receive(*sealed_push(text("a"), app_id="wxffffffffffffffff"))


@pytest.mark.parametrize("now", [NOW - 601, NOW + 601])
def test_a_push_from_another_time_is_refused(now: float):
    with pytest.raises(BadSignature):
        door(Mode.SAFE, now).receive(*sealed_push(text("a")))


def test_a_retry_passes_though_it_is_sealed_anew():
    callback = door(Mode.SAFE)
    assert callback.receive(*sealed_push(text("a"))) == callback.receive(*sealed_push(text("a")))


def test_a_seen_signature_does_not_carry_another_body():
    callback = door(Mode.PLAIN)
    callback.receive(plain_query(), text("开门"))
    callback.receive(plain_query(), text("开门"))
    with pytest.raises(BadSignature):
        callback.receive(plain_query(), text("关门"))


@pytest.mark.parametrize("body", [b"", b"x", b"<xml/>", b"<xml><Encrypt></Encrypt></xml>"])
def test_nonsense_in_safe_mode_is_refused(body: bytes):
    with pytest.raises(BadPush):
        door(Mode.SAFE).receive(sealed_push(text("a"))[0], body)
