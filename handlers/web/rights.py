"""Who may use a route, checked before its handler runs, and the unit of work round what changes something."""

from urllib.parse import quote

from aiohttp import hdrs, web
from aiohttp.typedefs import Handler

from handlers.web import routes, session
from handlers.web.routes import OPEN_TO_ALL, SAFE, Declared
from services import work
from services.company.sessions import Session, Stage
from services.errors import MayNot

SIGN_IN = "/desk/sign-in"
# Where somebody is led who is signed in by half.
STEPS = {
    Stage.FACTOR: "/desk/sign-in/code",
    Stage.PASSWORD: "/desk/account/password",
    Stage.ENROL: "/desk/account/authenticator",
    Stage.OPEN: "/desk",
}


@web.middleware
async def middleware(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Raises MayNot for what is not this person's work; strangers are led to signing in."""
    declared = routes.of(request)
    if declared is None:  # there is no such page, or not by this method
        return await handler(request)
    if declared.needs.use not in OPEN_TO_ALL:
        found = session.of(request)
        if found is None or found.stage not in declared.needs.stages:
            return _led(request, found)
        await _must(request, declared)
    return await handler(request)


@web.middleware
async def in_unit(request: web.Request, handler: Handler) -> web.StreamResponse:
    """The innermost: one transaction for the handler of a route that was declared to change something."""
    declared = routes.of(request)
    if declared is None or not declared.unit:
        return await handler(request)
    async with work.unit():
        return await handler(request)


async def _must(request: web.Request, declared: Declared) -> None:
    """Finds out who acts in any case: the page shows the areas that are theirs."""
    needs, actor = declared.needs, await session.actor(request)
    if actor.scope is None or not needs.allow(actor.scope.sees, actor.scope.does):
        raise MayNot(f"may_not.{needs.field}")


def _led(request: web.Request, found: Session | None) -> web.Response:
    """To what comes first. A script is told by 401, for it would follow a redirect into nowhere."""
    place = STEPS[found.stage] if found else SIGN_IN
    if "HX-Request" in request.headers:
        return web.Response(status=401, headers={"HX-Redirect": place})
    page = _is_page(request)
    if page and found is None and request.method in SAFE:
        place = f"{SIGN_IN}?next={quote(request.path_qs, safe='')}"
    if page or found:
        return web.Response(status=303, headers={hdrs.LOCATION: place})
    return web.Response(status=401, headers={hdrs.LOCATION: place})


def _is_page(request: web.Request) -> bool:
    """Whether a person opens this address, not a script, a picture or a stream of one of our pages."""
    kind = request.headers.get("Sec-Fetch-Dest")
    if kind:
        return kind == "document"
    accepted = request.headers.get(hdrs.ACCEPT, "*/*")
    return "text/html" in accepted or accepted == "*/*"
