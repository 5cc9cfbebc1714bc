"""What a load balancer or a supervisor asks. /healthz: this process runs; /readyz: it can work."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping

from aiohttp import web

Check = Callable[[], Awaitable[None]]

_LONGEST_S = 2.0


def routes(checks: Mapping[str, Check]) -> list[web.RouteDef]:
    """`checks` by what they check, each raising when that does not answer."""

    async def ready(request: web.Request) -> web.Response:
        answers = await asyncio.gather(*(_state(check) for check in checks.values()))
        states = dict(zip(checks, answers, strict=True))
        return web.json_response(states, status=200 if set(answers) == {"ok"} else 503)

    return [web.get("/healthz", _alive), web.get("/readyz", ready)]


async def _alive(request: web.Request) -> web.Response:
    return web.Response(text="ok")


async def _state(check: Check) -> str:
    try:
        async with asyncio.timeout(_LONGEST_S):
            await check()
    except Exception as fault:  # noqa: BLE001 - whatever a check raises is its answer
        return type(fault).__name__
    return "ok"
