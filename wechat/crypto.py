"""The platform's message encryption: AES-256-CBC, key from the EncodingAESKey, our app id sealed inside.

Written on `cryptography` rather than wechatpy's WeChatCrypto: quicker, the app id and every
length checked, one error for all that is wrong. The tests use wechatpy as the other side.
https://developers.weixin.qq.com/doc/oplatform/Third-party_Platforms/2.0/api/Before_Develop/Technical_Plan.html
"""

import os
from base64 import b64decode, b64encode
from binascii import Error as Base64Error

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

from wechat.errors import BadPush

_PAD = 32
_HEAD = 20  # 16 random bytes and the length


def key_of(encoding_aes_key: str) -> bytes:
    """32 bytes from the 43 letters of the account's settings page; ValueError for anything else."""
    key = b64decode(encoding_aes_key + "=", validate=True)
    if len(encoding_aes_key) != 43 or len(key) != 32:
        raise ValueError("encoding_aes_key must be the 43 letters from the account's settings page")
    return key


class Seal:
    """Seals and opens messages of one account, for one thread at a time."""

    def __init__(self, encoding_aes_key: str, app_id: str) -> None:
        key = key_of(encoding_aes_key)
        cipher = Cipher(algorithms.AES(key), modes.CBC(key[:16]))
        # Made once, for making them costs more than a message does. In CBC a message that goes on where the last
        # one ended differs in its first block alone, and nobody needs that one: see close and _decrypt.
        self._encryptor, self._decryptor = cipher.encryptor(), cipher.decryptor()
        self._start = key[:16]
        self._app_id = app_id.encode()

    def close(self, message: bytes) -> str:
        """Base64 of the sealed message. Its first block is random, whatever the cipher chains it to."""
        length = len(message).to_bytes(4, "big")
        plain = b"".join((os.urandom(16), length, message, self._app_id))
        pad = _PAD - len(plain) % _PAD
        return b64encode(self._encryptor.update(plain + bytes((pad,)) * pad)).decode()

    def open(self, sealed: str) -> bytes:
        """The message; BadPush for another account's message or anything that was not sealed with our key."""
        plain = self._decrypt(sealed)
        pad = plain[-1]
        end = _HEAD + int.from_bytes(plain[16:_HEAD], "big")
        if not 1 <= pad <= _PAD or end > len(plain) - pad:
            raise BadPush("sealed message is broken")
        if plain[end : len(plain) - pad] != self._app_id:
            raise BadPush("sealed for another app id")
        return plain[_HEAD:end]

    def _decrypt(self, sealed: str) -> bytes:
        try:
            secret = b64decode(sealed, validate=True)
        except (Base64Error, ValueError):
            raise BadPush("sealed message is not base64") from None
        if len(secret) < 32 or len(secret) % 16:
            raise BadPush("sealed message has a wrong length")
        # Fed in front, the start vector makes the first block depend on itself, not on the message before.
        opened = self._decryptor.update(self._start + secret)
        return opened[len(self._start) :]
