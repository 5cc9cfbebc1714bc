"""Signing in with a password, and out."""

from aiohttp import hdrs, web

from handlers.web import errors, forms, pages, rights, session
from handlers.web.routes import PUBLIC, Routes, entering
from services.company import sessions, sign_in
from services.company.sessions import Stage
from services.errors import DomainError, NotAllowed, TooOften

routes = Routes()


@routes.get("/sign-in", PUBLIC)
async def form(request: web.Request) -> web.Response:
    if session.of(request):
        return _to("/desk")
    return _form(request, then=_own_path(request.query.get("next", "")))


@routes.post("/sign-in", PUBLIC, unit=False)
async def send(request: web.Request) -> web.Response:
    """Answers with the form again, in words, for whoever does not get in."""
    given = await forms.read(request)
    login, then = given.text("login", longest=64), _own_path(given.text("next"))
    if not session.may_keep(request):
        return _form(request, login=login, then=then, status=409)
    try:
        token = await sign_in.by_password(
            login, given.raw("password", longest=200), browser=session.browser(request)
        )
    except DomainError as error:
        wrong = errors.sentence(error)
        return _form(request, login=login, then=then, wrong=wrong, status=_status(error))
    response = _to(f"/desk/arrived?next={then}" if then else "/desk/arrived")
    session.begin(request, response, token)
    return response


@routes.get("/arrived", PUBLIC)
async def arrived(request: web.Request) -> web.Response:
    """The browser shows here whether it kept the cookie."""
    found = session.of(request)
    if found is None:
        raise NotAllowed("page.no_cookie")
    then = _own_path(request.query.get("next", ""))
    return _to(then if then and found.is_open else rights.STEPS[found.stage])


@routes.post("/sign-out", entering(*Stage))
async def leave(request: web.Request) -> web.Response:
    found = request[session.SESSION]
    await sessions.end(found.id, actor=await session.actor(request))
    response = _to(rights.SIGN_IN)
    session.end(request, response)
    return response


def _form(
    request: web.Request,
    *,
    login: str = "",
    then: str = "",
    wrong: str = "",
    status: int = 200,
) -> web.Response:
    return pages.render(
        request,
        "account/sign_in.html",
        status=status,
        login=login,
        next=then,
        wrong=wrong,
        told="",
        possible=session.may_keep(request),
    )


def _status(error: DomainError) -> int:
    """A form that comes back is one that could not be taken; only what came too often is another matter."""
    return 429 if isinstance(error, TooOften) else 422


def _own_path(path: str) -> str:
    """A page of ours, or nothing: no address that somebody slipped into a link is followed."""
    own = path.startswith("/desk/") and "//" not in path and "\\" not in path and path.isprintable()
    return path if own else ""


def _to(place: str) -> web.Response:
    return web.Response(status=303, headers={hdrs.LOCATION: place})
