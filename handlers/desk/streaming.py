"""The stream of a browser: server-sent events that name what changed, as far as its owner may know of it.

    ping     nothing but the cursor, every 15 seconds and at first
    changed  {"talks": [ids], "list": true, "alarms": true, "work": ["ticket"]}, work by the kinds of its subjects
             and, where all that changed was drawn just now, "rows" of the list with "waiting", "mine", "snoozed";
             "much" where that was too much
    reload   the cursor reaches back too far: everything is to be read anew

Each carries the cursor as its id, from which the browser goes on after any break, by time never.
"""

import asyncio
import contextlib

import orjson
from aiohttp import hdrs, web

from handlers.desk import live
from handlers.desk.live import Hub, Listener
from handlers.web import session, watch
from handlers.web.routes import Routes, sees
from services.actors import Actor
from services.desk import changes
from services.desk.changes import Told
from services.scope import Field

routes = Routes("/stream")

PING_S = 15.0
_STUCK_S = 30.0  # a line that takes nothing for so long is given up; the browser comes again
_HEADERS = {
    hdrs.CONTENT_TYPE: "text/event-stream; charset=utf-8",
    hdrs.CACHE_CONTROL: "no-store",
    "X-Accel-Buffering": "no",  # a proxy in between passes each event on at once
}


@routes.get("", sees(Field.ALERTS))
async def stream(request: web.Request) -> web.StreamResponse:
    """Goes on after `after` or Last-Event-ID, until the session ends or its owner's rights change."""
    if request.method == hdrs.METH_HEAD:
        return web.Response(headers=_HEADERS)
    hub, actor = request.config_dict[live.HUB], await session.actor(request)
    after = request.headers.get("Last-Event-ID") or request.query.get("after", "")
    response = web.StreamResponse(headers=_HEADERS)
    with (
        hub.listening(actor.staff_id or 0) as listener,
        watch.over(request, listener.told) as ended,
    ):
        await hub.begin()
        first = await _missed(after, actor) if after else _frame(Told(), await changes.now())
        try:
            await response.prepare(request)
            await _write(response, b"retry: 2000\n\n" + first)
            await _tell(response, hub, listener, ended)
            await response.write_eof()
        except (ConnectionError, TimeoutError):  # it went away, which is how most streams end
            return response
    return response


async def _missed(after: str, actor: Actor) -> bytes:
    news = await changes.since(after)
    told = news.told_to(actor.seeing(Field.ALERTS), actor.staff_id or 0)
    return _frame(told, news.cursor)


async def _tell(response: web.StreamResponse, hub: Hub, listener: Listener, ended: asyncio.Event) -> None:
    """Two hundred desks wait here at once, five times a second: one wait each, without tasks of their own."""
    while not ended.is_set():
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(PING_S):
                await listener.told.wait()
        if not ended.is_set():
            told = listener.take()
            await _write(response, _frame(told, hub.cursor, hub.rows(told, listener.staff_id)))


async def _write(response: web.StreamResponse, frame: bytes) -> None:
    async with asyncio.timeout(_STUCK_S):
        await response.write(frame)


def _frame(told: Told, cursor: str, rows: bytes = b"") -> bytes:
    kind = "reload" if told.reload else "changed" if told else "ping"
    values: dict[str, object] = {}
    if kind == "changed":
        values = {
            "talks": sorted(told.talks),
            "list": told.lists or bool(told.talks),
            "alarms": told.alarms,
            "work": sorted(told.work),
        }
    body = orjson.dumps(values)[:-1] + rows + b"}" if values else b"{}"
    return f"event: {kind}\nid: {cursor}\ndata: ".encode() + body + b"\n\n"
