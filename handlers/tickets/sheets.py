"""One ticket: everything that is known about it, its photos, whom to call, and the paper that goes along."""

from aiohttp import web

from handlers.desk import files
from handlers.instructions import shown
from handlers.tickets import lists
from handlers.web import forms, pages, session
from handlers.web.routes import Routes, does, sees
from models.events import SubjectKind
from services import clock, work
from services.desk.files import Stored
from services.repairs import merged_list, sheet
from services.scope import Field

routes = Routes("/tickets")
ONE = "/{id:[0-9]+}"


@routes.get(ONE, sees(Field.REPAIRS))
async def page(request: web.Request) -> web.Response:
    actor = await session.actor(request)
    found = await sheet.look(forms.number(request), actor=actor)
    talks = actor.scope is not None and Field.TALKS in actor.scope.sees
    said = await shown.of(SubjectKind.TICKET, found.facts.line.id, actor=actor)
    merged = await merged_list.of_ticket(found.facts.line.id, actor=actor)
    values = {
        "one": found,
        "merged": merged,
        "may_do": lists.may_do(actor),
        "talks": talks,
        "instructions": said,
    }
    return pages.render(request, "tickets/sheet.html", status=200, **values)


@routes.post(f"{ONE}/reveal", does(Field.REPAIRS))
async def reveal(request: web.Request) -> web.Response:
    """The whole number, which is recorded as read; the page masks it again after a minute."""
    phone = await sheet.phone(forms.number(request), actor=await session.actor(request))
    return pages.told({"phone": phone})


@routes.get(f"{ONE}/photos/{{file:[0-9]+}}", sees(Field.REPAIRS))
async def photo(request: web.Request) -> web.StreamResponse:
    number, file = forms.number(request), forms.number(request, "file")
    sha256, mime = await sheet.photo(number, file, actor=await session.actor(request))
    return files.served(request, Stored(sha256, mime, "image"))


@routes.get(f"{ONE}/paper", does(Field.REPAIRS))
async def paper(request: web.Request) -> web.Response:
    """派工单 to be printed: with the whole number of whom to call, which is recorded as read."""
    actor, number = await session.actor(request), forms.number(request)
    found = await sheet.look(number, actor=actor)
    phone = ""
    if found.facts.contact_phone:
        async with work.unit():
            phone = await sheet.phone(number, actor=actor)
    merged = await merged_list.of_ticket(number, actor=actor)
    values = {"one": found, "phone": phone, "merged": merged, "printed": clock.now()}
    return pages.render(request, "tickets/paper.html", status=200, **values)
