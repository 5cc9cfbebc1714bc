"""The list of instructions with who acknowledged them, writing one, and 知道了."""

from aiohttp import web

from handlers.complaints import areas
from handlers.desk import asked
from handlers.instructions import shown
from handlers.web import forms, pages, session
from handlers.web.routes import Routes, does, sees
from handlers.web.wording import phrase
from models.events import SubjectKind
from services.cases import instructions, matters
from services.errors import Invalid
from services.scope import Field

routes = Routes("/instructions")


@routes.get("", sees(Field.INSTRUCTIONS))
async def listed(request: web.Request) -> web.Response:
    actor, after = await session.actor(request), request.query.get("after", "")
    waiting = request.query.get("tab", "") != "seen"
    found = await instructions.listed(actor=actor, waiting=waiting, after=after)
    return pages.render(
        request,
        "instructions/list.html",
        waiting=waiting,
        rows=found.rows,
        after=found.after,
        behind=bool(after),
        count=await instructions.waiting(actor=actor),
        rooms=await areas.rooms(actor),
    )


@routes.get("/new", does(Field.INSTRUCTIONS))
async def asking(request: web.Request) -> web.Response:
    """The form, for the matter that `kind` and `id` name."""
    kind, subject_id = _kind(request.query.get("kind", "")), areas.number(request.query.get("id", "")) or 0
    matter = await matters.find(kind, subject_id, actor=await session.actor(request))
    return pages.render(request, "instructions/box.html", matter=matter)


@routes.post("", does(Field.INSTRUCTIONS))
async def instruct(request: web.Request) -> web.Response:
    given, actor = await asked.read(request), await session.actor(request)
    kind, text = _kind(given.text("kind", longest=16)), given.text("text", longest=2000)
    await instructions.instruct(kind, given.number("id"), text, actor=actor)
    return pages.told({"text": phrase("instruction.given")})


@routes.post("/{id:[0-9]+}/acknowledge", sees(Field.INSTRUCTIONS))
async def acknowledge(request: web.Request) -> web.Response:
    await instructions.acknowledge(forms.number(request), actor=await session.actor(request))
    return pages.told({"text": phrase("instruction.seen")})


def _kind(name: str) -> SubjectKind:
    try:
        return SubjectKind(name)
    except ValueError as error:
        raise Invalid("page.unreadable") from error


FILTERS = {"instructed_place": shown.place}
