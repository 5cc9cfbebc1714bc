"""The phone in the browser: one page, its files, and the live stream."""

import asyncio
import json
from collections.abc import Awaitable, Callable
from pathlib import Path

from aiohttp import web

from simulator.jsonio import JsonObject
from simulator.shown import described, origin_of
from simulator.world import WORLD, World

_STATIC = Path(__file__).parent / "static"
_PING = 20.0
_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; media-src 'self'; "
    "img-src 'self' data: blob: http: https:; frame-src http: https:; base-uri 'none'; form-action 'none'"
)


async def index(request: web.Request) -> web.StreamResponse:
    headers = {"Content-Security-Policy": _POLICY, "Cache-Control": "no-cache"}
    return web.FileResponse(_STATIC / "phone.html", headers=headers)


def _file(name: str) -> Callable[[web.Request], Awaitable[web.StreamResponse]]:
    async def serve(request: web.Request) -> web.StreamResponse:
        return web.FileResponse(_STATIC / name, headers={"Cache-Control": "no-cache"})

    return serve


async def account(request: web.Request) -> web.Response:
    """What the page's frame needs to know of the account."""
    config = request.app[WORLD].config
    return web.json_response({"name": config.account_name, "account": config.account})


async def events(request: web.Request) -> web.StreamResponse:
    """Server-sent events: messages, people, the menu, as they change. A page that was away reloads its lists."""
    world = request.app[WORLD]
    response = web.StreamResponse(
        headers={"Content-Type": "text/event-stream", "Cache-Control": "no-store", "X-Accel-Buffering": "no"}
    )
    with world.feed.listen() as changes:
        await response.prepare(request)
        await response.write(b"retry: 1000\n\n")
        try:
            await _stream(world, changes, response, origin_of(request))
        except ConnectionResetError:
            return response
    return response


async def _stream(
    world: World, changes: asyncio.Queue[JsonObject | None], response: web.StreamResponse, origin: str
) -> None:
    while True:
        try:
            change = await asyncio.wait_for(changes.get(), _PING)
        except TimeoutError:
            await response.write(b": ping\n\n")
            continue
        if change is None:
            return
        text = json.dumps(_told(world, change, origin), ensure_ascii=False)
        await response.write(f"data: {text}\n\n".encode())


def _told(world: World, change: JsonObject, origin: str) -> JsonObject:
    """A change with what it is about."""
    openid, seq = change.get("openid"), change.get("seq")
    if not isinstance(openid, str):
        return change
    person = world.people.get(openid)
    told = change | {"person": described(person, world.clock.now())}
    return told | ({"message": person.messages[seq - 1].shown(origin)} if isinstance(seq, int) else {})


ROUTES = [
    web.get("/", index),
    web.get("/phone.css", _file("phone.css")),
    web.get("/phone.js", _file("phone.js")),
    web.get("/bubbles.js", _file("bubbles.js")),
    web.get("/browser.js", _file("browser.js")),
    web.get("/sim/account", account),
    web.get("/sim/events", events),
]
