"""/metrics for Prometheus: what waits, what was answered, what the process takes. Only with its token."""

import hmac
from collections.abc import Sequence
from typing import Final

from aiohttp import hdrs, web
from prometheus_client import (
    CONTENT_TYPE_LATEST,
    CollectorRegistry,
    Counter,
    Gauge,
    ProcessCollector,
    generate_latest,
)

from services import gauges
from services.gauges import Reading

PATH: Final = "/metrics"
_ABOUT = {
    "outbox": "Messages that have to be sent, by status",
    "outbox_oldest_seconds": "How long the message that is due longest has waited",
    "media": "Photos and voices that have to be fetched, by status",
    "staff_tasks": "Tasks of staff that are open, by kind",
    "timers_overdue": "Timers that are more than a minute late",
    "talks_held": "Talks that wait for staff or are with them",
}


def add(app: web.Application, token: str) -> None:
    """Without a token there is no such page."""
    if not token:
        return
    registry = CollectorRegistry()
    ProcessCollector(registry=registry)
    answered = Counter("guanjia_answers", "Answers by page and status", ["page", "status"], registry=registry)

    async def count(request: web.Request, response: web.StreamResponse) -> None:
        answered.labels(_page(request), str(response.status)).inc()

    async def show(request: web.Request) -> web.Response:
        given = request.headers.get(hdrs.AUTHORIZATION, "")
        if not hmac.compare_digest(given.encode(), f"Bearer {token}".encode()):
            raise web.HTTPUnauthorized
        text = generate_latest(registry) + generate_latest(_waiting(await gauges.read()))
        return web.Response(body=text, headers={hdrs.CONTENT_TYPE: CONTENT_TYPE_LATEST})

    app.on_response_prepare.append(count)
    app.add_routes([web.get(PATH, show)])


def _page(request: web.Request) -> str:
    """The path as it is routed: what strangers ask for makes no new label."""
    resource = request.match_info.route.resource
    return resource.canonical if resource else "other"


def _waiting(readings: Sequence[Reading]) -> CollectorRegistry:
    registry = CollectorRegistry()
    named = {
        name: Gauge(f"guanjia_{name}", about, ["of"], registry=registry) for name, about in _ABOUT.items()
    }
    for one in readings:
        named[one.name].labels(one.label).set(one.value)
    return registry
