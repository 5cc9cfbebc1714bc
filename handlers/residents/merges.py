"""Two persons that are one: both side by side, what would move, and only then the act; it can be undone for a day."""

from aiohttp import web

from dialogs import shipped
from handlers.residents import sheets
from handlers.web import forms, pages, session
from handlers.web.routes import Routes, does
from services.actors import Actor
from services.estate import finding, house_file
from services.privacy import merging
from services.scope import Field

routes = Routes("/residents")
_HERE = r"/people/{id:[0-9]+}/merge"
_OTHER = r"/{other:[0-9]+}"
_LONGEST = 60


@routes.get(_HERE, does(Field.RESIDENTS))
async def choose(request: web.Request) -> web.Response:
    """With whom: those who may be the same, and whoever a search finds."""
    actor, person_id = await session.actor(request), forms.number(request)
    shown = await house_file.of_person(person_id, actor=actor)
    search = request.query.get("q", "").strip()[:_LONGEST]
    people = (await finding.find(search, actor=actor)).people.rows if search else []
    found = {one.person_id: one for one in people if one.person_id not in (None, person_id)}
    alike = await merging.alike(person_id, actor=actor)
    return pages.render(
        request,
        "residents/merge_choose.html",
        person=shown,
        alike=alike,
        found=list(found.values()),
        search=search,
    )


@routes.get(f"{_HERE}{_OTHER}", does(Field.RESIDENTS))
async def compare(request: web.Request) -> web.Response:
    """Who is named first stays."""
    actor = await session.actor(request)
    plan = await merging.compare(forms.number(request), forms.number(request, "other"), actor=actor)
    words = {kind: shipped.phrases().reply("merging.kind", {"kind": kind}).text for kind in plan.moves}
    return pages.render(
        request, "residents/merge.html", plan=plan, words=words,
        matters=[await sheets.of_person(one, actor) for one in (plan.survivor.id, plan.absorbed.id)],
    )  # fmt: skip


@routes.post(f"{_HERE}{_OTHER}", does(Field.RESIDENTS))
async def merge(request: web.Request) -> web.Response:
    actor, survivor_id = await session.actor(request), forms.number(request)
    await merging.merge(survivor_id, forms.number(request, "other"), actor=actor)
    return _said("merging.done", survivor_id)


@routes.post(r"/people/{id:[0-9]+}/unmerge/{merge:[0-9]+}", does(Field.RESIDENTS))
async def undo(request: web.Request) -> web.Response:
    actor, person_id = await session.actor(request), forms.number(request)
    await _shown(person_id, actor)
    await merging.undo(forms.number(request, "merge"), actor=actor)
    return _said("merging.undone", person_id)


async def _shown(person_id: int, actor: Actor) -> None:
    await house_file.of_person(person_id, actor=actor)


def _said(phrase: str, person_id: int) -> web.Response:
    return pages.told(
        {"text": shipped.phrases().reply(phrase).text, "go": f"/desk/residents/people/{person_id}"}
    )
