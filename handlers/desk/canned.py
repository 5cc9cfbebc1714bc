"""快捷回复 in the composer: finding, filling, and keeping what was just written."""

from aiohttp import web

from handlers.desk import asked
from handlers.web import forms, pages, session
from handlers.web.routes import Routes, does, sees
from services.company import staff
from services.desk import canned
from services.desk.canned import Written
from services.errors import Invalid
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
    made = await canned.add(written(given), actor=actor)
    return pages.told({"id": made})


def written(given: forms.Form) -> Written:
    """`whose` is empty for oneself, all, or the number of a community."""
    whose = given.text("whose", longest=19)
    return Written(
        given.text("title", longest=40),
        given.text("text", longest=1000),
        images=hashes(given),
        personal=not whose,
        community_id=int(whose) if whose.isdecimal() else None,
    )


def hashes(given: forms.Form) -> list[str]:
    """Of pictures that were uploaded before. Raises Invalid for anything else."""
    found = [one for one in given.text("images", longest=1000).split(",") if one]
    if any(len(one) != 64 or not set(one) <= set("0123456789abcdef") for one in found):
        raise Invalid("page.unreadable")
    return found
