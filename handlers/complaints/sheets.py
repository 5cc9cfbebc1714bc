"""One complaint: its sheet, its photos, the whole phone number, and its dossier for printing."""

from aiohttp import web

from handlers.desk import files
from handlers.instructions import shown
from handlers.web import forms, pages, session
from handlers.web.routes import Routes, does, sees
from models.events import SubjectKind
from services import clock, work
from services.cases import complaint_sheet, follow_ups
from services.company import staff
from services.desk.files import Stored
from services.scope import Field

routes = Routes("/complaints/{id:[0-9]+}")
_AMONG_STAFF = ("noted", "instructed", "acknowledged", "called", "printed")  # on no paper that leaves


@routes.get("", sees(Field.COMPLAINTS))
async def sheet(request: web.Request) -> web.Response:
    actor, complaint_id = await session.actor(request), forms.number(request)
    found = await complaint_sheet.of(complaint_id, actor=actor)
    return pages.render(
        request,
        "complaints/sheet.html",
        sheet=found,
        calls=await follow_ups.of(SubjectKind.COMPLAINT, found.id, actor=actor),
        instructions=await shown.of(SubjectKind.COMPLAINT, found.id, actor=actor),
    )


@routes.post("/reveal", does(Field.COMPLAINTS, leading=True))
async def reveal(request: web.Request) -> web.Response:
    """The whole number, which is recorded as read; the page masks it again after a minute."""
    phone = await complaint_sheet.phone(forms.number(request), actor=await session.actor(request))
    return pages.told({"phone": phone})


@routes.get("/photos/{photo:[0-9]+}", sees(Field.COMPLAINTS))
async def photo(request: web.Request) -> web.StreamResponse:
    actor, photo_id = await session.actor(request), forms.number(request, "photo")
    found = await complaint_sheet.picture(forms.number(request), photo_id, actor=actor)
    return files.served(request, Stored(found.sha256, found.mime, found.kind))


@routes.get("/dossier", sees(Field.COMPLAINTS))
async def dossier(request: web.Request) -> web.Response:
    """卷宗: everything on paper, for whoever asks from outside. That it was printed is recorded."""
    actor, complaint_id = await session.actor(request), forms.number(request)
    found = await complaint_sheet.of(complaint_id, actor=actor)
    async with work.unit():
        await complaint_sheet.printed(complaint_id, actor=actor)
    printer = await staff.me(actor=actor)
    course = [one for one in found.happened if one.verb not in _AMONG_STAFF]
    values = {"sheet": found, "course": course, "printed_at": clock.now(), "printed_by": printer.name}
    return pages.render(request, "complaints/dossier.html", status=200, **values)
