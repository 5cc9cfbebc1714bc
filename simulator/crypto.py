"""The platform's signatures and AES envelope, written from its pages and from nothing else."""

import base64
import binascii
import hashlib
import os
import struct

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

_BLOCK = 32


class BadEnvelope(Exception):
    """An encrypted text that the keys do not open, or that is meant for another account."""


def signature(*parts: str) -> str:
    """SHA-1 hex over the parts in sorted order: the platform's signature for every mode."""
    return hashlib.sha1("".join(sorted(parts)).encode(), usedforsecurity=False).hexdigest()


class Envelope:
    """Encrypts for and decrypts from one account. `aes_key` is the EncodingAESKey of 43 characters."""

    def __init__(self, aes_key: str, app_id: str) -> None:
        try:
            key = base64.b64decode(aes_key + "=")
        except binascii.Error as error:
            raise ValueError("the AES key is not base64") from error
        if len(key) != 32:
            raise ValueError("the AES key must be 43 characters of base64")
        self._cipher = Cipher(algorithms.AES(key), modes.CBC(key[:16]))
        self._app_id = app_id.encode()

    def seal(self, text: str) -> str:
        body = text.encode()
        plain = os.urandom(16) + struct.pack(">I", len(body)) + body + self._app_id
        padding = _BLOCK - len(plain) % _BLOCK
        encryptor = self._cipher.encryptor()
        sealed = encryptor.update(plain + bytes([padding]) * padding) + encryptor.finalize()
        return base64.b64encode(sealed).decode()

    def open(self, sealed: str) -> str:
        """The text inside. BadEnvelope on anything that the account did not seal."""
        plain = self._unpad(self._decrypt(sealed))
        if len(plain) < 20:
            raise BadEnvelope("too short")
        (length,) = struct.unpack(">I", plain[16:20])
        body, app_id = plain[20 : 20 + length], plain[20 + length :]
        if len(body) != length or app_id != self._app_id:
            raise BadEnvelope("wrong length or app id")
        try:
            return body.decode()
        except UnicodeDecodeError as error:
            raise BadEnvelope("not UTF-8") from error

    def _decrypt(self, sealed: str) -> bytes:
        try:
            raw = base64.b64decode(sealed, validate=True)
            decryptor = self._cipher.decryptor()
            return decryptor.update(raw) + decryptor.finalize()
        except ValueError as error:
            raise BadEnvelope(str(error)) from error

    @staticmethod
    def _unpad(plain: bytes) -> bytes:
        padding = plain[-1] if plain else 0
        if not 1 <= padding <= _BLOCK or plain[-padding:] != bytes([padding]) * padding:
            raise BadEnvelope("bad padding")
        return plain[:-padding]
