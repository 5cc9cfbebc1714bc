"""/desk itself: leads to the first area that is somebody's, or to their account."""

from aiohttp import web

from handlers.web import areas, pages, session
from handlers.web.routes import OWN, Routes

routes = Routes()


@routes.get("", OWN)
async def home(request: web.Request) -> web.Response:
    found = areas.of(request, await session.actor(request))
    place = f"/desk{found[0].path}" if found else "/desk/account"
    return pages.redirect(place)
