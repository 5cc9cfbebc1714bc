"""Requests that other pages make in the name of whoever is signed in: none of them changes anything here.

Two independent checks on everything that is not GET: where the browser says the request comes from, and a token that
only our own pages know. The token of a session stays the same while its cookie is renewed, so that a form that was
open meanwhile still goes through.
"""

import hmac
from urllib.parse import urlsplit

from aiohttp import web
from aiohttp.typedefs import Handler

from handlers.web import session
from handlers.web.routes import SAFE
from services.company import sessions
from services.errors import MayNot

HEADER = "X-CSRF-Token"
FIELD = "csrf"


@web.middleware
async def middleware(request: web.Request, handler: Handler) -> web.StreamResponse:
    if request.method not in SAFE and not (_from_here(request) and await _has_token(request)):
        raise MayNot("page.foreign")
    return await handler(request)


def token(request: web.Request) -> str:
    """What forms of this request's answer carry."""
    found = session.of(request)
    return found.form_key if found else sessions.digest(f"form {session.visit(request)}")


def _from_here(request: web.Request) -> bool:
    """By Sec-Fetch-Site; browsers leave it out over plain http, where Origin must name this host."""
    site = request.headers.get("Sec-Fetch-Site")
    if site is not None:
        return site == "same-origin"
    origin = request.headers.get("Origin")
    return origin is None or urlsplit(origin).netloc == request.host


async def _has_token(request: web.Request) -> bool:
    given = request.headers.get(HEADER) or await _field(request)
    return hmac.compare_digest(given.encode(), token(request).encode())


async def _field(request: web.Request) -> str:
    """A form with files names its token in the header: its body is for the handler to read, part by part."""
    if request.content_type != "application/x-www-form-urlencoded":
        return ""
    value = (await request.post()).get(FIELD, "")
    return value if isinstance(value, str) else ""
