"""Access tokens: the stable kind and the classic kind, each with its own way to go stale."""

import secrets
from dataclasses import dataclass
from enum import StrEnum

from simulator.clock import Clock
from simulator.config import Config
from simulator.errors import ApiError

_FORCED_A_DAY = 20
_FORCED_APART = 30


class TokenKind(StrEnum):
    STABLE = "stable"
    CLASSIC = "classic"


@dataclass(slots=True)
class Token:
    """`ends` is in simulated time; `replaced` tells a superseded token from one that simply grew old."""

    text: str
    ends: float
    replaced: bool = False


class Tokens:
    def __init__(self, config: Config, clock: Clock) -> None:
        self._config = config
        self._clock = clock
        self._issued: dict[str, Token] = {}
        self._current: dict[TokenKind, Token] = {}
        self._forced: list[float] = []

    def stable(self, *, force: bool) -> tuple[str, int]:
        """A token and its seconds to live: the same one until its last minutes, a new one when forced."""
        if force and self._may_force():
            self._retire(TokenKind.STABLE, at=self._clock.now())
            return self._issue(TokenKind.STABLE)
        current = self._current.get(TokenKind.STABLE)
        if current is not None and self._left(current) > self._config.token_overlap:
            return current.text, int(self._left(current))
        return self.classic(TokenKind.STABLE)

    def classic(self, kind: TokenKind = TokenKind.CLASSIC) -> tuple[str, int]:
        """A new token; the one before it lives on for the overlap only."""
        self._retire(kind, at=self._clock.now() + self._config.token_overlap)
        return self._issue(kind)

    def check(self, text: str) -> None:
        """ApiError if a call may not go by this token."""
        if not text:
            raise ApiError(41001)
        if len(text) < 32:
            raise ApiError(40014)
        token = self._issued.get(text)
        if token is None:
            raise ApiError(40001)
        if self._left(token) <= 0:
            raise ApiError(40001 if token.replaced else 42001)

    def forget(self) -> None:
        """Make every token invalid at once, as the platform does when the secret is changed."""
        self._issued.clear()
        self._current.clear()

    def _issue(self, kind: TokenKind) -> tuple[str, int]:
        life = self._config.token_life
        token = Token(f"99_{secrets.token_urlsafe(96)}", self._clock.now() + life)
        self._issued[token.text] = self._current[kind] = token
        return token.text, life

    def _retire(self, kind: TokenKind, *, at: float) -> None:
        current = self._current.get(kind)
        if current is not None:
            current.replaced = True
            current.ends = min(current.ends, at)

    def _may_force(self) -> bool:
        now = self._clock.now()
        self._forced = [moment for moment in self._forced if moment > now - 86400]
        if self._forced and now - self._forced[-1] < _FORCED_APART:
            raise ApiError(45011)
        if len(self._forced) >= _FORCED_A_DAY:
            raise ApiError(45009)
        self._forced.append(now)
        return True

    def _left(self, token: Token) -> float:
        return token.ends - self._clock.now()
