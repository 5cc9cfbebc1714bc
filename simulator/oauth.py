"""Web authorisation: codes that work once for five minutes, and the tokens they buy."""

import secrets
from dataclasses import dataclass

from simulator.clock import Clock
from simulator.errors import ApiError

_CODE_LIFE = 300
_TOKEN_LIFE = 7200
_REFRESH_LIFE = 30 * 86400


@dataclass(slots=True)
class Grant:
    """What one person allowed; `ends` is in simulated time."""

    openid: str
    scope: str
    ends: float
    used: bool = False


class Consents:
    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._codes: dict[str, Grant] = {}
        self._tokens: dict[str, Grant] = {}
        self._refreshers: dict[str, Grant] = {}

    def code(self, openid: str, scope: str) -> str:
        return self._add(self._codes, openid, scope, _CODE_LIFE)

    def redeem(self, code: str) -> Grant:
        """The grant of a code: 40029 unknown, 40163 used before, 42003 too old."""
        grant = self._codes.get(code)
        if grant is None:
            raise ApiError(40029)
        if grant.used:
            raise ApiError(40163)
        if grant.ends <= self._clock.now():
            raise ApiError(42003)
        grant.used = True
        return grant

    def tokens(self, grant: Grant) -> tuple[str, str]:
        """An access token and a refresh token for a grant."""
        access = self._add(self._tokens, grant.openid, grant.scope, _TOKEN_LIFE)
        return access, self._add(self._refreshers, grant.openid, grant.scope, _REFRESH_LIFE)

    def refresh(self, token: str) -> Grant:
        grant = self._refreshers.get(token)
        if grant is None or grant.ends <= self._clock.now():
            raise ApiError(40030)
        return grant

    def holder(self, token: str) -> Grant:
        grant = self._tokens.get(token)
        if grant is None:
            raise ApiError(40001)
        if grant.ends <= self._clock.now():
            raise ApiError(42001)
        return grant

    def _add(self, where: dict[str, Grant], openid: str, scope: str, life: float) -> str:
        text = secrets.token_urlsafe(24)
        where[text] = Grant(openid, scope, self._clock.now() + life)
        return text
