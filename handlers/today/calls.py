"""Whom to call because a notice did not reach them: the list of one task, recorded as read."""

from aiohttp import web

from handlers.web import forms, pages, session
from handlers.web.routes import Routes, sees
from services.delivery import calls
from services.scope import Field

routes = Routes("/today/tasks/{id:[0-9]+}")


@routes.get("/calls", sees(Field.ALERTS))
async def listed(request: web.Request) -> web.Response:
    found = await calls.of_task(forms.number(request), actor=await session.actor(request))
    return pages.render(request, "today/calls.html", calls=found)
