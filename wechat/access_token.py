"""The account's access token, one for all processes.

Every process asks the platform's stable_token, which gives everybody the same token, and shares it through
Redis to spare the daily limit. With Redis away each process asks by itself; nothing else changes.
https://developers.weixin.qq.com/doc/offiaccount/Basic_Information/getStableAccessToken.html
"""

import asyncio
import contextlib
import logging
import time
from collections.abc import Awaitable, Callable

from redis.asyncio import Redis
from redis.exceptions import RedisError

log = logging.getLogger(__name__)

Fetch = Callable[[bool], Awaitable[tuple[str, int]]]

_OVERLAP_S = 300  # the platform gives out the next token this long before the old one ends
_LOCK_S = 10
_FORCE_EVERY_S = 1800  # forced refreshes: 20 a day, at least 30 s apart


class AccessToken:
    """`fetch(force)` asks the platform and gives the token and the seconds it is good for."""

    def __init__(self, app_id: str, fetch: Fetch, redis: "Redis | None") -> None:
        self._fetch = fetch
        self._redis = redis
        self._name = f"wechat:token:{app_id}"
        self._turn = asyncio.Lock()
        self._token = ""
        self._good_until = 0.0
        self._forced_at = float("-inf")

    async def current(self) -> str:
        """A token that should be good. Raises what `fetch` raises."""
        if time.monotonic() < self._good_until:
            return self._token
        async with self._turn:
            if time.monotonic() >= self._good_until and not await self._adopt_shared(but=""):
                await self._ask_in_turn()
            return self._token

    async def replace(self, dead: str) -> str:
        """A token other than `dead`, which the platform just refused, as far as there is one."""
        async with self._turn:
            if self._token != dead or await self._adopt_shared(but=dead):
                return self._token
            await self._ask(force=False)
            if self._token == dead and await self._may_force():
                await self._ask(force=True)
            return self._token

    async def _ask_in_turn(self) -> None:
        """One process asks, the others wait for what it shares, and ask too when that never comes."""
        deadline = time.monotonic() + _LOCK_S
        while not await self._lock() and time.monotonic() < deadline:
            await asyncio.sleep(0.1)
            if await self._adopt_shared(but=""):
                return
        await self._ask(force=False)

    async def _ask(self, *, force: bool) -> None:
        try:
            token, seconds = await self._fetch(force)
        except BaseException:
            await self._unlock()  # whoever waits for it would wait in vain
            raise
        good = max(seconds - _OVERLAP_S, seconds // 2, 1)
        self._keep(token, good)
        await self._share(token, good)
        log.info("access token fetched force=%s good_for_s=%d", force, good)

    def _keep(self, token: str, seconds: float) -> None:
        self._token, self._good_until = token, time.monotonic() + seconds

    async def _may_force(self) -> bool:
        if time.monotonic() - self._forced_at < _FORCE_EVERY_S:
            return False
        self._forced_at = time.monotonic()
        if self._redis is None:
            return True
        try:
            return bool(await self._redis.set(f"{self._name}:forced", "1", nx=True, ex=_FORCE_EVERY_S))
        except (RedisError, OSError):
            return True

    # Redis only spares calls: whatever goes wrong with it, asking the platform is right.

    async def _adopt_shared(self, *, but: str) -> bool:
        if self._redis is None:
            return False
        try:
            token, left_ms = await self._redis.get(self._name), await self._redis.pttl(self._name)
        except (RedisError, OSError):
            return False
        if token is None or left_ms <= 0 or _text(token) == but:
            return False
        self._keep(_text(token), left_ms / 1000)
        return True

    async def _share(self, token: str, seconds: int) -> None:
        if self._redis is None:
            return
        try:
            await self._redis.set(self._name, token, ex=seconds)
        except (RedisError, OSError) as error:
            log.warning("access token not shared: %s", error)
        await self._unlock()

    async def _lock(self) -> bool:
        if self._redis is None:
            return True
        try:
            return bool(await self._redis.set(f"{self._name}:lock", "1", nx=True, ex=_LOCK_S))
        except (RedisError, OSError):
            return True

    async def _unlock(self) -> None:
        if self._redis is not None:
            with contextlib.suppress(RedisError, OSError):  # it ends by itself
                await self._redis.delete(f"{self._name}:lock")


def _text(value: bytes | str) -> str:
    return value.decode() if isinstance(value, bytes) else value
