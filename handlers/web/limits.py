"""How often one person, or one address of somebody who is not signed in, may ask: more than anybody's fingers can.

Counted in each process on its own: it keeps one browser that went wild from taking the time of everybody.
"""

import time
from dataclasses import dataclass

from aiohttp import web
from aiohttp.typedefs import Handler

from handlers.web import network, routes, session
from handlers.web.routes import SAFE
from services.errors import TooOften

_MOST = 10_000  # buckets; beyond, those that are full again go


@dataclass(frozen=True, slots=True)
class Rate:
    per_second: float
    burst: int


READS, CHANGES, STRANGERS = Rate(20, 200), Rate(5, 60), Rate(5, 100)


@dataclass(slots=True)
class _Bucket:
    left: float
    at: float


class Limits:
    """Token buckets by who asks."""

    def __init__(self) -> None:
        self._buckets: dict[tuple[str, Rate], _Bucket] = {}

    def take(self, who: str, rate: Rate) -> bool:
        """Whether one more is allowed now."""
        now = time.monotonic()
        if len(self._buckets) > _MOST:
            self._forget_full(now)
        bucket = self._buckets.setdefault((who, rate), _Bucket(rate.burst, now))
        bucket.left = min(rate.burst, bucket.left + (now - bucket.at) * rate.per_second)
        bucket.at = now
        if bucket.left < 1:
            return False
        bucket.left -= 1
        return True

    def _forget_full(self, now: float) -> None:
        self._buckets = {
            key: one
            for key, one in self._buckets.items()
            if one.left + (now - one.at) * key[1].per_second < key[1].burst
        }


LIMITS: web.AppKey[Limits] = web.AppKey("limits", Limits)


@web.middleware
async def middleware(request: web.Request, handler: Handler) -> web.StreamResponse:
    if routes.is_file(request):  # an office that opens its pages at nine stands behind one address
        return await handler(request)
    found = session.of(request)
    who = f"staff {found.staff_id}" if found else network.address(request)
    rate = STRANGERS if found is None else READS if request.method in SAFE else CHANGES
    if not request.config_dict[LIMITS].take(who, rate):
        raise TooOften("page.too_often")
    return await handler(request)
