"""What staff do with a task on 今日: take it, call about it, say what came of the call, be done with it."""

from aiohttp import web

from handlers.desk import asked
from handlers.web import forms, pages, session
from handlers.web.routes import Routes, does
from handlers.web.wording import phrase
from services import staff_tasks
from services.cases import task_ends
from services.desk import calling
from services.desk.calling import Outcome
from services.errors import Invalid
from services.scope import Field

routes = Routes("/today/tasks/{id:[0-9]+}")


@routes.post("/take", does(Field.ALERTS))
async def take(request: web.Request) -> web.Response:
    await staff_tasks.take(forms.number(request), actor=await session.actor(request))
    return pages.told({"text": phrase("today.taken")})


@routes.post("/done", does(Field.ALERTS))
async def done(request: web.Request) -> web.Response:
    await task_ends.done(forms.number(request), actor=await session.actor(request))
    return pages.told({"text": phrase("today.done")})


@routes.post("/phone", does(Field.ALERTS))
async def phone(request: web.Request) -> web.Response:
    """The whole number, which is recorded as read; the page masks it again after a minute."""
    found = await calling.phone(forms.number(request), actor=await session.actor(request))
    return pages.told({"phone": found})


@routes.post("/called", does(Field.ALERTS))
async def called(request: web.Request) -> web.Response:
    given, actor = await asked.read(request), await session.actor(request)
    outcome = given.text("outcome", longest=16)
    if outcome not in list(Outcome):
        raise Invalid("page.unreadable")
    await calling.called(
        forms.number(request), Outcome(outcome), actor=actor, note=given.text("note", longest=300)
    )
    return pages.told({"text": phrase("today.called", {"outcome": outcome})})
