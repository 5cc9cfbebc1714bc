import base64
import os

import pytest
from hypothesis import given
from hypothesis import strategies as st
from wechatpy.crypto import WeChatCrypto
from wechatpy.exceptions import InvalidAppIdException

from wechat.crypto import Seal
from wechat.errors import BadPush

TOKEN = "token"
KEY = base64.b64encode(bytes(range(32))).decode()[:43]
APP = "wx1234567890abcdef"

seal = Seal(KEY, APP)
peer = WeChatCrypto(TOKEN, KEY, APP)


def theirs(message: str, app_id: str = APP) -> str:
    xml = WeChatCrypto(TOKEN, KEY, app_id).encrypt_message(message, "n", "1")
    return xml.partition("<Encrypt><![CDATA[")[2].partition("]]>")[0]


def test_what_wechatpy_seals_we_open():
    assert seal.open(theirs("你好")).decode() == "你好"


def test_what_we_seal_wechatpy_opens():
    from wechatpy.crypto import PrpCrypto

    assert PrpCrypto(peer.key).decrypt(seal.close("你好".encode()), APP) == "你好"


def test_another_accounts_message_is_refused():
    with pytest.raises(BadPush, match="another app id"):
        seal.open(theirs("你好", "wxffffffffffffffff"))


def test_ours_is_refused_by_another_account():
    from wechatpy.crypto import PrpCrypto

    with pytest.raises(InvalidAppIdException):
        PrpCrypto(peer.key).decrypt(seal.close(b"x"), "wxffffffffffffffff")


@given(st.binary(max_size=2000))
def test_sealing_and_opening_gives_the_same_back(message: bytes):
    assert seal.open(seal.close(message)) == message


@given(st.binary(max_size=200))
def test_nonsense_is_refused(noise: bytes):
    for sealed in (noise.decode("latin-1"), base64.b64encode(noise).decode()):
        with pytest.raises(BadPush):
            seal.open(sealed)


def test_any_changed_block_is_refused_or_changes_only_the_message():
    secret = bytearray(base64.b64decode(seal.close(b"m" * 100)))
    for at in range(0, len(secret), 16):
        changed = bytes(secret[:at]) + os.urandom(16) + bytes(secret[at + 16 :])
        try:
            opened = seal.open(base64.b64encode(changed).decode())
        except BadPush:
            continue
        assert len(opened) == 100


@pytest.mark.parametrize("key", ["", "a" * 42, "a" * 44, "!" * 43])
def test_a_key_of_another_shape_is_refused_at_start(key: str):
    with pytest.raises(ValueError, match=r"."):
        Seal(key, APP)
