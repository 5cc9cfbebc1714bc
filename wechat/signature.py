"""Is this push from the platform, fresh, and not a forged replay?

https://developers.weixin.qq.com/doc/offiaccount/Basic_Information/Access_Overview.html
"""

import hmac
import re
from hashlib import sha1

from wechat.errors import BadSignature

_TIMESTAMP = re.compile(r"[0-9]{9,11}", re.ASCII)
_NONCE = re.compile(r"[\w-]{1,64}", re.ASCII)
_REMEMBERED = 50_000  # pushes, in some 6 MB: 40 a second for as long as their timestamps pass


def sign(*parts: str) -> str:
    """Signature over `parts` in any order: token, timestamp, nonce, in safe mode also the ciphertext."""
    # SHA-1 is what the platform prescribes.
    return sha1("".join(sorted(parts)).encode(), usedforsecurity=False).hexdigest()


def check(signature: str, *parts: str) -> None:
    """Raises BadSignature unless `signature` is right. Takes the same time wherever it differs."""
    if not hmac.compare_digest(sign(*parts).encode(), signature.encode()):
        raise BadSignature("signature differs")


class Freshness:
    """Remembers, for one process, which nonce came with which message; bounded in age and in number.

    The plain mode's signature does not cover the body, so whoever saw one could send another body with it.
    A repeated nonce with the same message is the platform's own retry and passes. Both are kept as hashes,
    keyed again in every process, so that nobody can aim at a collision.
    """

    def __init__(self, window_s: int, remembered: int = _REMEMBERED) -> None:
        self._window_s = window_s
        self._room = max(1, remembered // 2)
        self._recent: dict[int, int] = {}
        self._older: dict[int, int] = {}
        self._turned_at = 0.0

    def check_time(self, timestamp: str, nonce: str, now: float) -> None:
        """Raises BadSignature for a timestamp outside the window on either side, or an ill-formed nonce."""
        if not _TIMESTAMP.fullmatch(timestamp) or not _NONCE.fullmatch(nonce):
            raise BadSignature("timestamp or nonce is ill-formed")
        if abs(now - int(timestamp)) > self._window_s:
            raise BadSignature("timestamp is outside the window")

    def check_replay(self, timestamp: str, nonce: str, message: bytes, now: float) -> None:
        """Raises BadSignature when this nonce came with another message. For genuine pushes only."""
        self._forget(now)
        key, mark = hash(timestamp + nonce), hash(message)
        seen = self._recent.get(key) or self._older.get(key)
        if seen is not None and seen != mark:
            raise BadSignature("nonce was used with another message")
        self._recent[key] = mark

    def __len__(self) -> int:
        return len(self._recent) + len(self._older)

    def _forget(self, now: float) -> None:
        # A timestamp passes for `window_s` before and after now, so a nonce matters for twice that long.
        if now - self._turned_at > 2 * self._window_s or len(self._recent) >= self._room:
            self._older, self._recent = self._recent, {}
            self._turned_at = now
