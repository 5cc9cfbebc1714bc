"""Several rows at once, with one undo; and lists that somebody keeps under a name."""

from urllib.parse import parse_qsl, urlencode

from aiohttp import web

from handlers.desk import asked
from handlers.tickets import words
from handlers.web import errors, forms, pages, session
from handlers.web.forms import Form
from handlers.web.routes import Routes, does, sees
from services.desk import saved_views
from services.desk.saved_views import SavedView
from services.errors import Invalid
from services.repairs import batches, crew
from services.repairs.batches import Done, Together
from services.scope import Field

routes = Routes("/tickets")
ROOM = "tickets"
_IDS = 600  # characters
_KNOWN = frozenset(
    {"group", "status", "community", "category", "technician", "urgent", "overdue", "q", "order"}
)


@routes.get("/bulk/dispatch", does(Field.REPAIRS))
async def whom(request: web.Request) -> web.Response:
    ids = _ids(Form(request.query))
    people = await crew.of_several(ids, actor=await session.actor(request))
    return pages.render(request, "tickets/box_bulk.html", status=200, ids=ids, crew=people)


def _declare(act: Together) -> None:
    @routes.post(f"/bulk/{act}", does(Field.REPAIRS))
    async def together(request: web.Request) -> web.Response:
        given, actor = await asked.read(request), await session.actor(request)
        technician = given.text("technician", longest=10)
        if act is Together.DISPATCH and not technician.isdecimal():
            raise Invalid("ticket.technician_needed")
        done = await batches.do(
            _ids(given),
            act,
            technician_id=int(technician) if technician.isdecimal() else None,
            reassign=given.ticked("reassign"),
            actor=actor,
        )
        text = _said(act, done)
        if act is Together.DISPATCH and done.count:
            text += words.unreached(await crew.whom(int(technician)))
        undo = {"undo": f"/desk/tickets/batches/{done.batch_id}/undo"} if done.batch_id else {}
        return pages.told({"text": text, "undo_s": batches.UNDO.seconds, **undo})


for _act in Together:
    _declare(_act)


@routes.post("/batches/{batch:[0-9]+}/undo", does(Field.REPAIRS))
async def undo(request: web.Request) -> web.Response:
    count = await batches.undo(forms.number(request, "batch"), actor=await session.actor(request))
    return pages.told({"text": words.phrase("together.undone", count=count)})


@routes.get("/views/new", sees(Field.REPAIRS))
async def name_view(request: web.Request) -> web.Response:
    return pages.render(request, "tickets/box_view.html", status=200, query=_kept(request.query_string))


@routes.post("/views", sees(Field.REPAIRS))
async def save_view(request: web.Request) -> web.Response:
    given, actor = await asked.read(request), await session.actor(request)
    view = SavedView(given.text("name", longest=40), _kept(given.text("query", longest=400)))
    await saved_views.save(ROOM, view, actor=actor)
    return pages.told({"text": words.phrase("view_saved", name=view.name)})


@routes.post("/views/remove", sees(Field.REPAIRS))
async def remove_view(request: web.Request) -> web.Response:
    given, actor = await asked.read(request), await session.actor(request)
    await saved_views.remove(ROOM, given.text("name", longest=40), actor=actor)
    return pages.told({"text": words.phrase("view_removed")})


def _said(act: Together, done: Done) -> str:
    """How many were done, and of the first few that were not, why."""
    said = words.phrase("together.done", act=act, count=done.count) if done.count else ""
    left = "；".join(errors.sentence(one.error) for one in done.refused[:3])
    if not done.refused:
        return said or words.phrase("together.nothing")
    return f"{said} {words.phrase('together.left', count=len(done.refused), why=left)}".strip()


def _ids(given: Form) -> list[int]:
    found = given.raw("ids", longest=_IDS).split(",")
    return [int(one) for one in found if one.isascii() and one.isdecimal() and len(one) < 11]


def _kept(query: str) -> str:
    """What an address of the table may hold; nothing else is kept."""
    return urlencode([(name, value) for name, value in parse_qsl(query[:400]) if name in _KNOWN])
