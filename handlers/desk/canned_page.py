"""快捷回复 as a page: whose they are, what they say, which pictures they have; changed, archived and brought back."""

from urllib.parse import urlencode

from aiohttp import hdrs, web

from handlers.desk import asked, files
from handlers.desk.canned import written
from handlers.web import forms, pages, session
from handlers.web.routes import Routes, does, sees
from services.desk import canned, canned_list
from services.desk.canned_list import Whose
from services.desk.files import Stored
from services.errors import Invalid, NotFound
from services.scope import Field

routes = Routes("/canned")
_ONE = "/{id:[0-9]+}"


@routes.get("", sees(Field.TALKS))
async def page(request: web.Request) -> web.Response:
    actor = await session.actor(request)
    whose, search = request.query.get("whose", Whose.MINE), request.query.get("q", "").strip()
    if whose not in list(Whose) or len(search) > 40:
        raise Invalid("page.unreadable")
    shown = await canned_list.page(
        Whose(whose), actor=actor, search=search, after=request.query.get("after", "")
    )
    return pages.render(
        request,
        "desk/canned.html",
        shown=shown,
        whose=whose,
        search=search,
        here_by=lambda **other: "/desk/canned?" + urlencode({"whose": whose, "q": search, **other}),
        may_do=actor.scope is not None and Field.TALKS in actor.scope.does,
    )


@routes.get("/new", does(Field.TALKS))
async def new(request: web.Request) -> web.Response:
    actor = await session.actor(request)
    return pages.render(
        request, "desk/canned_form.html", one=None, reach=await canned_list.reach(actor=actor)
    )


@routes.get(f"{_ONE}/edit", does(Field.TALKS))
async def edit(request: web.Request) -> web.Response:
    actor = await session.actor(request)
    found = await canned_list.one(forms.number(request), actor=actor)
    return pages.render(request, "desk/canned_form.html", one=found, reach=None)


@routes.post("", does(Field.TALKS))
async def add(request: web.Request) -> web.Response:
    await canned.add(written(await asked.read(request)), actor=await session.actor(request))
    return pages.told({"text": "存好了。"})


@routes.post(f"{_ONE}/change", does(Field.TALKS))
async def change(request: web.Request) -> web.Response:
    given = await asked.read(request)
    await canned.change(forms.number(request), written(given), actor=await session.actor(request))
    return pages.told({"text": "改好了。"})


@routes.post(f"{_ONE}/archive", does(Field.TALKS))
async def archive(request: web.Request) -> web.Response:
    reply_id = forms.number(request)
    await canned.archive(reply_id, actor=await session.actor(request))
    return pages.told({"text": "归档了。", "undo": f"/desk/canned/{reply_id}/restore"})


@routes.post(f"{_ONE}/restore", does(Field.TALKS))
async def restore(request: web.Request) -> web.Response:
    await canned.restore(forms.number(request), actor=await session.actor(request))
    return pages.told({"text": "又找得到了。"})


@routes.post("/pictures", does(Field.TALKS), unit=False)
async def upload(request: web.Request) -> web.Response:
    """One picture for a reply that is being written, as the body; its hash."""
    return await files.taken_in(request)


@routes.get(f"{_ONE}/pictures/{{sha256:[0-9a-f]{{64}}}}", sees(Field.TALKS))
async def picture(request: web.Request) -> web.StreamResponse:
    found = await canned_list.one(forms.number(request), actor=await session.actor(request))
    sha256 = request.match_info["sha256"]
    if sha256 not in found.images:
        raise NotFound("page.not_found")
    response = files.served(request, Stored(sha256, "image/jpeg", "image"))
    response.headers[hdrs.CACHE_CONTROL] = "private, max-age=86400"
    return response
