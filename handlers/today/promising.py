"""答应的事: the box in which something is promised, and what becomes of it."""

from datetime import datetime

from aiohttp import web

from handlers.desk import asked
from handlers.today.words import Places
from handlers.web import forms, pages, session
from handlers.web.forms import Form
from handlers.web.routes import DECLARED, Routes, does, sees
from handlers.web.wording import phrase
from models.events import SubjectKind
from services import clock
from services.desk import drafts, promised_in, promises
from services.desk.promised_in import Matter
from services.errors import Invalid
from services.scope import Field

routes = Routes("/today")
_ONE = "/promises/{id:[0-9]+}"
_ENTRY_LONGEST = 24


@routes.get("/promise", does(Field.ALERTS))
async def box(request: web.Request) -> web.Response:
    """For what `about` names: conversation:12, ticket:3, complaint:4, request:5; `entry` is a message of a talk."""
    about, entry = request.query.get("about", ""), request.query.get("entry", "")
    matter, actor = _matter(about, entry), await session.actor(request)
    await promised_in.find(matter, actor=actor)
    return pages.render(
        request,
        "parts/promise_box.html",
        about=about,
        entry=entry,
        key=drafts.new_key(),
        chips=await promises.chips(),
        open=await promises.of_matter(matter, actor=actor),
        longest=promises.LONGEST,
        soonest=clock.local(clock.now()),
    )


@routes.get("/promised", sees(Field.ALERTS))
async def promised(request: web.Request) -> web.Response:
    """What is promised in a matter and open, for its sheet; nothing in one that they may not see."""
    about, actor = request.query.get("about", ""), await session.actor(request)
    matter = _matter(about, "")
    return pages.render(
        request,
        "today/promised.html",
        about=about,
        promised=await promises.of_matter(matter, actor=actor),
        may=await promised_in.may(matter, actor=actor),
        places=Places(request.config_dict[DECLARED]),
    )


@routes.post("/promises", does(Field.ALERTS))
async def make(request: web.Request) -> web.Response:
    given, actor = await asked.read(request), await session.actor(request)
    matter = _matter(given.text("about", longest=40), given.text("entry", longest=_ENTRY_LONGEST))
    due_at = await _when(given)
    text, key = given.text("text"), given.text("key", longest=64)
    await promises.make(matter, text, due_at, key=key, actor=actor)
    return pages.told({"text": phrase("promise.made", {"at": due_at.isoformat()})})


@routes.post(f"{_ONE}/keep", does(Field.ALERTS))
async def keep(request: web.Request) -> web.Response:
    await promises.keep(forms.number(request), actor=await session.actor(request))
    return pages.told({"text": phrase("promise.kept")})


@routes.post(f"{_ONE}/move", does(Field.ALERTS))
async def move(request: web.Request) -> web.Response:
    given, actor = await asked.read(request), await session.actor(request)
    due_at = await _when(given)
    await promises.move(forms.number(request), due_at, actor=actor)
    return pages.told({"text": phrase("promise.moved", {"at": due_at.isoformat()})})


@routes.post(f"{_ONE}/give-up", does(Field.ALERTS))
async def give_up(request: web.Request) -> web.Response:
    given, actor = await asked.read(request), await session.actor(request)
    await promises.give_up(forms.number(request), given.text("reason"), actor=actor)
    return pages.told({"text": phrase("promise.given_up")})


@routes.get(f"{_ONE}/ending", does(Field.ALERTS))
async def ending(request: web.Request) -> web.Response:
    """The boxes for another time (`?how=move`) and for giving it up."""
    number, actor = forms.number(request), await session.actor(request)
    return pages.render(
        request,
        "today/promise_ending.html",
        promise=await promises.one(number, actor=actor),
        how="move" if request.query.get("how") == "move" else "give-up",
        chips=await promises.chips(),
        longest=promises.LONGEST,
        soonest=clock.local(clock.now()),
    )


def _matter(about: str, entry: str) -> Matter:
    kind, _, number = about.partition(":")
    if kind not in list(SubjectKind) or not (number.isascii() and number.isdecimal() and len(number) < 10):
        raise Invalid("page.unreadable")
    if len(entry) > _ENTRY_LONGEST:
        raise Invalid("page.unreadable")
    return Matter(SubjectKind(kind), int(number), entry)


async def _when(given: Form) -> datetime:
    """A chip by its name, else the moment of the field, which is local time."""
    name, typed = given.text("when", longest=16), given.text("at", longest=32)
    for chip in await promises.chips():
        if chip.name == name:
            return chip.at
    try:
        moment = datetime.fromisoformat(typed)
    except ValueError as error:
        raise Invalid("promise.bad_time") from error
    return moment if moment.tzinfo else moment.replace(tzinfo=clock.LOCAL)
