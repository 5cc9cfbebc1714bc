"""服务工单: what residents asked for by a form, the list and the sheet of one, and what staff do with it."""

from collections.abc import Awaitable, Callable, Mapping

from aiohttp import web

from handlers.complaints import areas, crossing
from handlers.complaints.crossing import News
from handlers.instructions import shown
from handlers.web import forms, pages, session
from handlers.web.forms import Form
from handlers.web.routes import Routes, does, sees
from handlers.web.wording import phrase
from models.events import SubjectKind
from services.actors import Actor
from services.cases import request_desk, request_lists, request_sheet
from services.cases.request_lists import Tab, Wanted
from services.errors import Invalid
from services.estate import communities
from services.scope import Field

routes = Routes("/complaints/requests")
_ONE = "/{id:[0-9]+}"
_NAMES = ("title", "community", "mine", "q")

Verb = Callable[[int, Form, Actor], Awaitable[str]]  # what happened, in a sentence


@routes.get("", sees(Field.REQUESTS))
async def page(request: web.Request) -> web.Response:
    actor, after = await session.actor(request), request.query.get("after", "")
    view = areas.view(request, Tab.NEW, _NAMES)
    chosen = view.chosen
    community = areas.number(chosen["community"])
    wanted = Wanted(chosen["title"], community, mine=bool(chosen["mine"]), search=chosen["q"])
    found = await request_lists.page(view.tab, actor=actor, wanted=wanted, after=after)
    return pages.render(
        request,
        "complaints/requests.html",
        view=view,
        rows=found.rows,
        after=found.after,
        behind=bool(after),
        counts=_told(await request_lists.counts(actor=actor, wanted=wanted)),
        titles=await request_lists.titles(actor=actor),
        communities=await communities.within(actor.seeing(Field.REQUESTS)),
        rooms=await areas.rooms(actor),
    )


def _told(counts: Mapping[Tab, int]) -> dict[Tab, int | str]:
    """Beside the tabs; of what is not counted to its end, that it is more."""
    most = request_lists.MANY
    return {
        tab: f"{most - 1}+" if tab in (Tab.ENDED, Tab.ALL) and count >= most else count
        for tab, count in counts.items()
    }


@routes.get(_ONE, sees(Field.REQUESTS))
async def sheet(request: web.Request) -> web.Response:
    actor = await session.actor(request)
    found = await request_sheet.of(forms.number(request), actor=actor)
    may = actor.scope is not None and Field.REQUESTS in actor.scope.does
    said = await shown.of(SubjectKind.REQUEST, found.id, actor=actor)
    return pages.render(request, "complaints/request.html", sheet=found, may=may, instructions=said)


@routes.post(f"{_ONE}/reveal", does(Field.REQUESTS))
async def reveal(request: web.Request) -> web.Response:
    """The whole number, which is recorded as read; the page masks it again after a minute."""
    phone = await request_sheet.phone(forms.number(request), actor=await session.actor(request))
    return pages.told({"phone": phone})


@routes.get(f"{_ONE}/act", does(Field.REQUESTS))
async def asking(request: web.Request) -> web.Response:
    """The form of what `do` names."""
    found = await request_sheet.of(forms.number(request), actor=await session.actor(request))
    act = request.query.get("do", "")
    _verb(act)
    return pages.render(request, "complaints/request_box.html", sheet=found, act=act)


@routes.post(f"{_ONE}/act", does(Field.REQUESTS))
async def act(request: web.Request) -> web.Response:
    actor, request_id = await session.actor(request), forms.number(request)

    async def does_it(given: Form) -> str:
        return await _verb(given.text("do", longest=16))(request_id, given, actor)

    async def since(seen: int) -> News:
        found = await request_sheet.of(request_id, actor=actor)
        return crossing.news(found.happened, found.seen, seen, "request")

    return await crossing.told(request, does_it, since)


async def _accept(request_id: int, given: Form, actor: Actor) -> str:
    note = given.text("text", longest=500)
    await request_desk.accept(request_id, actor=actor, note=note, seen=given.number("seen"))
    return phrase("case.request_accepted")


async def _decline(request_id: int, given: Form, actor: Actor) -> str:
    note = given.text("text", longest=500)
    if not note:
        raise Invalid("case.reason_empty")
    await request_desk.decline(request_id, actor=actor, note=note, seen=given.number("seen"))
    return phrase("case.request_declined")


async def _finish(request_id: int, given: Form, actor: Actor) -> str:
    note = given.text("text", longest=500)
    await request_desk.finish(request_id, actor=actor, note=note, seen=given.number("seen"))
    return phrase("case.request_done")


async def _note(request_id: int, given: Form, actor: Actor) -> str:
    await request_desk.note(request_id, given.text("text"), actor=actor)
    return phrase("case.noted")


_VERBS: dict[str, Verb] = {"accept": _accept, "decline": _decline, "finish": _finish, "note": _note}


def _verb(name: str) -> Verb:
    if name not in _VERBS:
        raise Invalid("page.unreadable")
    return _VERBS[name]
