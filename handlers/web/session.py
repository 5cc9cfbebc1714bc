"""The session of a request: from its cookie, and back into one.

Over https the cookie is `__Host-session`: no other host and no unencrypted page can set or read it. Browsers drop
such a cookie over plain http, but for the machine itself; `[desk] insecure_http` takes a plain one there.
"""

import secrets
from dataclasses import dataclass

from aiohttp import hdrs, web
from aiohttp.typedefs import Handler

from handlers.web import network, routes
from services import actors
from services.actors import Actor
from services.company import sessions
from services.company.sessions import Browser, Session

INSECURE_HTTP: web.AppKey[bool] = web.AppKey("insecure_http", bool)
SESSION: web.RequestKey[Session] = web.RequestKey("session", Session)
_ACTOR: web.RequestKey[Actor] = web.RequestKey("actor", Actor)
_VISIT: web.RequestKey[str] = web.RequestKey("visit", str)

_DEVICE_S = 400 * 86_400  # the longest that browsers keep a cookie


@dataclass(frozen=True, slots=True)
class Jar:
    """The cookies of one request, under the names that they have where it came from."""

    request: web.Request

    @property
    def safe(self) -> bool:
        return network.keeps_safe_cookies(self.request)

    def read(self, name: str) -> str:
        return self.request.cookies.get(self._named(name), "")

    def write(
        self, response: web.StreamResponse, name: str, value: str, *, max_age: int | None = None
    ) -> None:
        response.set_cookie(
            self._named(name),
            value,
            max_age=max_age,
            path="/",
            secure=self.safe,
            httponly=True,
            samesite="Lax",
        )

    def holds(self, response: web.StreamResponse, name: str) -> bool:
        """Whether the answer sets or drops this cookie already."""
        return self._named(name) in response.cookies

    def line(self, response: web.StreamResponse, name: str) -> str:
        return response.cookies[self._named(name)].OutputString()

    def drop(self, response: web.StreamResponse, name: str) -> None:
        response.del_cookie(self._named(name), path="/", secure=self.safe, httponly=True, samesite="Lax")

    def _named(self, name: str) -> str:
        return f"__Host-{name}" if self.safe else name


def may_keep(request: web.Request) -> bool:
    """Whether somebody can sign in from where this came: encrypted, at the machine itself, or because they may."""
    return network.keeps_safe_cookies(request) or request.config_dict[INSECURE_HTTP]


@web.middleware
async def middleware(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Find the session, whose new token `prepare` gives to the browser when there is one."""
    looked_for = may_keep(request) and not routes.is_file(request)
    token = Jar(request).read("session") if looked_for else ""
    found = await sessions.find(token) if token else None
    if found:
        request[SESSION] = found
    return await handler(request)


async def prepare(request: web.Request, response: web.StreamResponse) -> None:
    """For `on_response_prepare`, so that streams carry a new token, too; what a handler gave goes first."""
    found, jar = of(request), Jar(request)
    if found and found.token and not jar.holds(response, "session"):
        jar.write(response, "session", found.token)
        response.headers.add(
            hdrs.SET_COOKIE, jar.line(response, "session")
        )  # cookies were written out already


def of(request: web.Request) -> Session | None:
    return request.get(SESSION)


async def actor(request: web.Request) -> Actor:
    """Who acts, with the rights of this moment. Only for routes that need somebody signed in."""
    if _ACTOR not in request:
        source = f"{network.address(request)} {network.device(request)}"
        request[_ACTOR] = await actors.staff(request[SESSION].staff_id, source=source)
    return request[_ACTOR]


def browser(request: web.Request) -> Browser:
    device = Jar(request).read("device")
    return Browser(
        address=network.address(request),
        device=network.device(request),
        device_hash=sessions.digest(device) if device else "",
    )


def visit(request: web.Request) -> str:
    """What ties the forms of somebody who is not signed in to their browser; new when they have none."""
    if _VISIT not in request:
        request[_VISIT] = Jar(request).read("visit") or secrets.token_urlsafe(24)
    return request[_VISIT]


def greet(request: web.Request, response: web.StreamResponse) -> None:
    """Leave the cookies of somebody who is about to sign in: for their forms, and for knowing the browser again."""
    jar = Jar(request)
    jar.write(response, "visit", visit(request))
    if not jar.read("device"):
        jar.write(response, "device", secrets.token_urlsafe(24), max_age=_DEVICE_S)


def begin(request: web.Request, response: web.StreamResponse, token: str) -> None:
    """Give the browser its session, and no trace of the one before."""
    jar = Jar(request)
    jar.write(response, "session", token)
    jar.drop(response, "visit")


def renew(request: web.Request, response: web.StreamResponse, token: str | None) -> None:
    """Give the browser the new token of its session, unless another request of it has just got one."""
    if token:
        Jar(request).write(response, "session", token)


def end(request: web.Request, response: web.StreamResponse) -> None:
    Jar(request).drop(response, "session")


def known_actor(request: web.Request) -> Actor | None:
    """The actor if somebody is fully signed in; the rights check has found it out already."""
    return request.get(_ACTOR)
