"""One's own account: who one is, where one is signed in, one's password and authenticator, how pages look."""

from aiohttp import web

from handlers.account import scanning
from handlers.web import errors, forms, pages, session
from handlers.web.forms import Form
from handlers.web.pages import redirect
from handlers.web.routes import OWN, Needs, Routes, Use
from services import work
from services.company import accounts, invites, second_factor, sessions, sign_in, staff
from services.company.second_factor import Offer
from services.company.sessions import Stage
from services.errors import DomainError, Invalid

routes = Routes("/account")

_PASSWORD = Needs(Use.OWN, stages=frozenset({Stage.PASSWORD, Stage.OPEN}))
_FACTOR = Needs(Use.OWN, stages=frozenset({Stage.ENROL, Stage.OPEN}))
_LOOKS = {"size": ("normal", "large"), "theme": ("auto", "light", "dark")}
_YEAR_S = 365 * 86_400


@routes.get("", OWN)
async def page(request: web.Request) -> web.Response:
    return await _page(request)


@routes.post("/look", OWN)
async def look(request: web.Request) -> web.Response:
    """Kept in the browser: a shared desk computer has one size, whoever sits there."""
    given, response = await forms.read(request), redirect("/desk/account")
    for name, values in _LOOKS.items():
        value = given.text(name, longest=16)
        if value not in values:
            raise Invalid("page.unreadable")
        session.Jar(request).write(response, name, value, max_age=_YEAR_S)
    return response


@routes.post("/join", OWN, unit=False)
async def join(request: web.Request) -> web.Response:
    """Shows the code that one scans to join with one's own WeChat."""
    given, actor = await forms.read(request), await session.actor(request)
    try:
        async with work.unit():
            scene = await invites.own(given.raw("password", longest=200), actor=actor)
        picture = await scanning.of(request, scene, refused="account.join_failed")
    except DomainError as error:
        return await _page(request, error)
    return await _page(request, picture=picture)


@routes.post("/sessions/{id:[0-9]+}/end", OWN)
async def end(request: web.Request) -> web.Response:
    await sessions.end(forms.number(request), actor=await session.actor(request))
    return redirect("/desk/account")


@routes.post("/sessions/end-others", OWN)
async def end_others(request: web.Request) -> web.Response:
    found = request[session.SESSION]
    await sessions.end_all(found.staff_id, besides=found.id, actor=await session.actor(request))
    return redirect("/desk/account")


@routes.get("/password", _PASSWORD)
async def password_form(request: web.Request) -> web.Response:
    return pages.render(request, "account/password.html", wrong="")


@routes.post("/password", _PASSWORD)
async def password(request: web.Request) -> web.Response:
    """Signs out everywhere else, and gives this browser a new token."""
    given, found = await forms.read(request), request[session.SESSION]
    actor = await session.actor(request)
    try:
        await accounts.change_own_password(
            given.raw("old", longest=200), _twice(given), besides=found.id, actor=actor
        )
    except DomainError as error:
        return pages.render(
            request,
            "account/password.html",
            wrong=errors.sentence(error),
            status=errors.status_of_form(error),
        )
    response = redirect("/desk/arrived")
    session.renew(request, response, await sessions.renew(found.id, actor=actor))
    return response


def _twice(given: Form) -> str:
    new = given.raw("new", longest=200)
    if new != given.raw("again", longest=200):
        raise Invalid("account.passwords_differ")
    return new


@routes.get("/authenticator", _FACTOR)
async def factor_form(request: web.Request) -> web.Response:
    offer = second_factor.offer(request[session.SESSION].login, request.config_dict[pages.COMPANY])
    return await _factor_form(request, offer)


@routes.post("/authenticator", _FACTOR)
async def factor(request: web.Request) -> web.Response:
    """Shows the backup codes, this once, and gives the browser a new token."""
    given, found = await forms.read(request), request[session.SESSION]
    actor, secret = await session.actor(request), given.text("secret", longest=64)
    try:
        if (await second_factor.state(actor=actor)).confirmed:  # one of it before another takes its place
            await _confirm(request, given.text("before", longest=32))
        codes = await second_factor.confirm(secret, given.text("code", longest=16), actor=actor)
    except DomainError as error:
        offer = second_factor.again(secret, found.login, request.config_dict[pages.COMPANY])
        return await _factor_form(request, offer, error)
    token = await sessions.prove(found.id, actor=actor)
    response = pages.render(request, "account/backup_codes.html", codes=codes)
    session.renew(request, response, token)
    return response


@routes.post("/authenticator/codes", OWN)
async def fresh_codes(request: web.Request) -> web.Response:
    given, actor = await forms.read(request), await session.actor(request)
    try:
        await _confirm(request, given.text("code", longest=32))
        codes = await second_factor.fresh_codes(actor=actor)
    except DomainError as error:
        return await _page(request, error)
    return pages.render(request, "account/backup_codes.html", codes=codes)


async def _confirm(request: web.Request, code: str) -> None:
    await sign_in.confirm(
        code,
        session=request[session.SESSION],
        browser=session.browser(request),
        actor=await session.actor(request),
    )


async def _page(request: web.Request, error: DomainError | None = None, *, picture: str = "") -> web.Response:
    actor = await session.actor(request)
    return pages.render(
        request,
        "account/own.html",
        status=errors.status_of_form(error) if error else 200,
        wrong=errors.sentence(error) if error else "",
        me=await staff.me(actor=actor),
        sessions=await sessions.of_staff(actor=actor),
        factor=await second_factor.state(actor=actor),
        picture=picture,
    )


async def _factor_form(request: web.Request, offer: Offer, error: DomainError | None = None) -> web.Response:
    return pages.render(
        request,
        "account/authenticator.html",
        status=errors.status_of_form(error) if error else 200,
        wrong=errors.sentence(error) if error else "",
        offer=offer,
        picture=scanning.picture(offer.address),
        factor=await second_factor.state(actor=await session.actor(request)),
    )
