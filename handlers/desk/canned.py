"""快捷回复: finding, filling and keeping them."""

from aiohttp import web

from handlers.desk import asked
from handlers.web import forms, pages, session
from handlers.web.routes import Routes, does, sees
from services.company import staff
from services.desk import canned
from services.desk.canned import Written
from services.scope import Field

routes = Routes("/talks/canned")


@routes.get("", sees(Field.TALKS))
async def find(request: web.Request) -> web.Response:
    """As JSON: what fits the words or initials of `q` in the talk `talk`, most used first."""
    actor, talk = await session.actor(request), request.query.get("talk", "")
    search = request.query.get("q", "")[:40]
    found = await canned.find(search, actor=actor, conversation_id=int(talk) if talk.isdecimal() else None)
    return pages.told(
        {"replies": [{"id": one.id, "title": one.title, "text": one.text, "mine": one.mine} for one in found]}
    )


@routes.post("/{id:[0-9]+}/fill", does(Field.TALKS))
async def fill(request: web.Request) -> web.Response:
    given, actor = await asked.read(request), await session.actor(request)
    me = await staff.me(actor=actor)
    found = await canned.fill(forms.number(request), given.number("talk"), me=me.name, actor=actor)
    return pages.told({"text": found.text, "images": found.images})


@routes.post("", does(Field.TALKS))
async def add(request: web.Request) -> web.Response:
    given, actor = await asked.read(request), await session.actor(request)
    made = await canned.add(_written(given), actor=actor)
    return pages.told({"id": made})


@routes.post("/{id:[0-9]+}/change", does(Field.TALKS))
async def change(request: web.Request) -> web.Response:
    given, actor = await asked.read(request), await session.actor(request)
    await canned.change(forms.number(request), _written(given), actor=actor)
    return pages.told({})


@routes.post("/{id:[0-9]+}/archive", does(Field.TALKS))
async def archive(request: web.Request) -> web.Response:
    await canned.archive(forms.number(request), actor=await session.actor(request))
    return pages.told({})


def _written(given: forms.Form) -> Written:
    community = given.text("community", longest=19)
    return Written(
        given.text("title", longest=40),
        given.text("text", longest=1000),
        personal=not given.ticked("shared"),
        community_id=int(community) if community.isdecimal() else None,
    )
