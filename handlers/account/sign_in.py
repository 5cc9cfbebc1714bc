"""Signing in: with a password, the code of an authenticator after it, or a code in one's own WeChat; and out."""

from urllib.parse import quote

from aiohttp import web

from handlers.account import scanning
from handlers.web import errors, forms, pages, rights, session
from handlers.web.pages import redirect
from handlers.web.routes import PUBLIC, Routes, entering
from services.company import chat_codes, sessions, sign_in
from services.company.sessions import Stage
from services.errors import DomainError, NotAllowed

routes = Routes()


@routes.get("/sign-in", PUBLIC)
async def form(request: web.Request) -> web.Response:
    if session.of(request):
        return redirect("/desk")
    return _form(request, then=_own_path(request.query.get("next", "")))


@routes.post("/sign-in", PUBLIC, unit=False)
async def send(request: web.Request) -> web.Response:
    """Answers with the form again, in words, for whoever does not get in."""
    given = await forms.read(request)
    login, then = given.text("login", longest=64), _own_path(given.text("next"))
    if not session.may_keep(request):
        return _form(request, login=login, then=then, status=422)
    try:
        token = await sign_in.by_password(
            login, given.raw("password", longest=200), browser=session.browser(request)
        )
    except DomainError as error:
        return _form(request, login=login, then=then, error=error)
    return _arriving(request, token, then)


@routes.get("/sign-in/wechat", PUBLIC)
async def chat_form(request: web.Request) -> web.Response:
    return _chat_form(request, then=_own_path(request.query.get("next", "")))


@routes.post("/sign-in/wechat", PUBLIC, unit=False)
async def chat_ask(request: web.Request) -> web.Response:
    """Says the same whether somebody has that name or not."""
    given = await forms.read(request)
    login, then = given.text("login", longest=64), _own_path(given.text("next"))
    if not session.may_keep(request):
        return _chat_form(request, login=login, then=then, status=422)
    try:
        await chat_codes.ask(login, visit=session.visit(request), browser=session.browser(request))
    except DomainError as error:
        return _chat_form(request, login=login, then=then, error=error)
    return _chat_form(request, login=login, then=then, asked=True)


@routes.post("/sign-in/wechat/scan", PUBLIC, unit=False)
async def scan(request: web.Request) -> web.Response:
    """A QR code of this browser's own: whoever scans it is sent the code."""
    given = await forms.read(request)
    then = _own_path(given.text("next"))
    if not session.may_keep(request):
        return _chat_form(request, then=then, status=422)
    try:
        scene = await chat_codes.scene(visit=session.visit(request), browser=session.browser(request))
        picture = await scanning.of(request, scene, refused="account.scan_failed")
    except DomainError as error:
        return _chat_form(request, then=then, error=error)
    return _chat_form(request, then=then, picture=picture)


@routes.post("/sign-in/wechat/code", PUBLIC, unit=False)
async def chat_redeem(request: web.Request) -> web.Response:
    given = await forms.read(request)
    then = _own_path(given.text("next"))
    try:
        token = await chat_codes.redeem(
            given.text("code", longest=16), visit=session.visit(request), browser=session.browser(request)
        )
    except DomainError as error:
        return _chat_form(request, login=given.text("login", longest=64), then=then, asked=True, error=error)
    return _arriving(request, token, then)


@routes.get("/arrived", PUBLIC)
async def arrived(request: web.Request) -> web.Response:
    """The browser shows here whether it kept the cookie."""
    found = session.of(request)
    if found is None:
        raise NotAllowed("page.no_cookie")
    then = _own_path(request.query.get("next", ""))
    return redirect(then if then and found.is_open else rights.STEPS[found.stage])


@routes.get("/sign-in/code", entering(Stage.FACTOR))
async def code_form(request: web.Request) -> web.Response:
    return pages.render(request, "account/code.html", wrong="")


@routes.post("/sign-in/code", entering(Stage.FACTOR), unit=False)
async def code_send(request: web.Request) -> web.Response:
    given = await forms.read(request)
    try:
        token = await sign_in.second_step(
            given.text("code", longest=32),
            session=request[session.SESSION],
            browser=session.browser(request),
        )
    except DomainError as error:
        return pages.render(
            request, "account/code.html", wrong=errors.sentence(error), status=errors.status_of_form(error)
        )
    response = redirect("/desk/arrived")
    session.renew(request, response, token)
    return response


@routes.post("/sign-out", entering(*Stage))
async def leave(request: web.Request) -> web.Response:
    found = request[session.SESSION]
    await sessions.end(found.id, actor=await session.actor(request))
    response = redirect(rights.SIGN_IN)
    session.end(request, response)
    return response


def _arriving(request: web.Request, token: str, then: str) -> web.Response:
    response = redirect(f"/desk/arrived?next={quote(then, safe='')}" if then else "/desk/arrived")
    session.begin(request, response, token)
    return response


def _form(
    request: web.Request,
    *,
    login: str = "",
    then: str = "",
    error: DomainError | None = None,
    status: int = 200,
) -> web.Response:
    return pages.render(
        request,
        "account/sign_in.html",
        status=errors.status_of_form(error) if error else status,
        login=login,
        next=then,
        wrong=errors.sentence(error) if error else "",
        possible=session.may_keep(request),
    )


def _chat_form(
    request: web.Request,
    *,
    login: str = "",
    then: str = "",
    asked: bool = False,
    picture: str = "",
    error: DomainError | None = None,
    status: int = 200,
) -> web.Response:
    return pages.render(
        request,
        "account/sign_in_wechat.html",
        picture=picture,
        status=errors.status_of_form(error) if error else status,
        login=login,
        next=then,
        asked=asked,
        wrong=errors.sentence(error) if error else "",
        possible=session.may_keep(request),
    )


def _own_path(path: str) -> str:
    """A page of ours, or nothing: no address that somebody slipped into a link is followed."""
    own = path.startswith("/desk/") and "//" not in path and "\\" not in path and path.isprintable()
    return path if own else ""
