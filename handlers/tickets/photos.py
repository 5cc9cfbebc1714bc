"""Photos that staff add, on the sheet of a ticket or while one is opened: each is uploaded before it is added."""

import asyncio

from aiohttp import web

from handlers.desk import asked, files, kept
from handlers.desk.canned import hashes
from handlers.tickets import words
from handlers.tickets.sheets import ONE
from handlers.web import forms, pages, session
from handlers.web.forms import Form
from handlers.web.routes import Routes, does
from models.tickets import PhotoStage
from services.delivery import media
from services.errors import Invalid
from services.repairs import pictures, sheet
from services.scope import Field

routes = Routes("/tickets")


@routes.post("/photos", does(Field.REPAIRS), unit=False)
async def upload(request: web.Request) -> web.Response:
    """One picture, as the body; its hash."""
    return await files.taken_in(request)


@routes.get(f"{ONE}/attach", does(Field.REPAIRS))
async def box(request: web.Request) -> web.Response:
    found = await sheet.look(forms.number(request), actor=await session.actor(request))
    values = {"line": found.facts.line, "done": found.done, "most": pictures.MOST}
    return pages.render(request, "tickets/box_photos.html", status=200, **values)


@routes.post(f"{ONE}/attach", does(Field.REPAIRS))
async def attach(request: web.Request) -> web.Response:
    given, actor = await asked.read(request), await session.actor(request)
    stage = given.text("stage", longest=8)
    if stage not in tuple(PhotoStage):
        raise Invalid("page.unreadable")
    count = await pictures.attach(
        forms.number(request), await uploaded(request, given), stage=PhotoStage(stage), actor=actor
    )
    return pages.told({"text": words.phrase("done.photos" if count else "done.photos_there", count=count)})


async def uploaded(request: web.Request, given: Form) -> list[str]:
    """The pictures of a form, by their hashes. Raises Invalid for one that is not there."""
    found = hashes(given)
    places = [media.path(request.config_dict[kept.MEDIA], one) for one in found]
    if not await asyncio.to_thread(lambda: all(one.is_file() for one in places)):
        raise Invalid("ticket.photo_gone")
    return found
