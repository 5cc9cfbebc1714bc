"""One's own account: who one is, how pages look in this browser."""

from aiohttp import hdrs, web

from handlers.web import forms, pages, session
from handlers.web.routes import OWN, Routes
from services.company import staff
from services.errors import Invalid

routes = Routes("/account")

_LOOKS = {"size": ("normal", "large"), "theme": ("auto", "light", "dark")}
_YEAR_S = 365 * 86_400


@routes.get("", OWN)
async def page(request: web.Request) -> web.Response:
    actor = await session.actor(request)
    return pages.render(request, "account/own.html", me=await staff.me(actor=actor))


@routes.post("/look", OWN)
async def look(request: web.Request) -> web.Response:
    """Kept in the browser: a shared desk computer has one size, whoever sits there."""
    given = await forms.read(request)
    response = web.Response(status=303, headers={hdrs.LOCATION: "/desk/account"})
    for name, values in _LOOKS.items():
        value = given.text(name, longest=16)
        if value not in values:
            raise Invalid("page.unreadable")
        session.Jar(request).write(response, name, value, max_age=_YEAR_S)
    return response
