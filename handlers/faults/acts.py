"""Merging by hand or as it was proposed, and taking apart."""

from collections.abc import Mapping

from aiohttp import web

from handlers.desk import asked
from handlers.web import forms, pages, session
from handlers.web.routes import Routes, does
from handlers.web.wording import phrase
from services import policy
from services.errors import Invalid
from services.repairs import merged_list, merging, proposals, tickets
from services.scope import Field

routes = Routes("/faults")
_MOST = 50  # tickets that are merged at once


@routes.post("/proposals/{id:[0-9]+}/merge", does(Field.REPAIRS))
async def merge_proposed(request: web.Request) -> web.Response:
    number = forms.number(request)
    into = await proposals.accept(number, actor=await session.actor(request))
    undo = f"/desk/faults/proposals/{number}/undo"
    return pages.told({"text": phrase("fault.merged", {"number": into}), "undo": undo})


@routes.post("/proposals/{id:[0-9]+}/refuse", does(Field.REPAIRS))
async def refuse_proposed(request: web.Request) -> web.Response:
    number = forms.number(request)
    await proposals.refuse(number, actor=await session.actor(request))
    return pages.told({"text": phrase("fault.refused"), "undo": f"/desk/faults/proposals/{number}/undo"})


@routes.post("/proposals/{id:[0-9]+}/undo", does(Field.REPAIRS))
async def undo_proposed(request: web.Request) -> web.Response:
    await proposals.undo(forms.number(request), actor=await session.actor(request))
    return pages.told({"text": phrase("fault.undone")})


@routes.get("/merge", does(Field.REPAIRS))
async def merge_box(request: web.Request) -> web.Response:
    """Which one lives: among those that were picked, or, of one ticket, among what looks like it."""
    actor, ids = await session.actor(request), _ids(request.query)
    picked = await merged_list.lines(ids, actor=actor)
    alike = await merged_list.alike(ids[0], actor=actor) if len(ids) == 1 else []
    hours = (await policy.current()).unmerge_hours
    return pages.render(request, "faults/merge_box.html", status=200, picked=picked, alike=alike, hours=hours)


@routes.post("/merge", does(Field.REPAIRS))
async def merge(request: web.Request) -> web.Response:
    """`ids` are the tickets, `into` the id of the one that lives, or `number` what somebody typed."""
    actor, given = await session.actor(request), await asked.read(request)
    ids = _ids({"ids": given.text("ids", longest=600)})
    typed = given.text("number", longest=24)
    if typed:
        found = await tickets.find(typed, actor=actor)
        if found is None:
            raise Invalid("fault.no_such_number")
        into = found.id
    elif given.text("into", longest=19):
        into = given.number("into")
    else:
        raise Invalid("fault.which_lives")
    others = [one for one in ids if one != into]
    if not others:
        raise Invalid("fault.one_alone")
    await merging.merge_all(others, into_id=into, actor=actor)
    (line,) = await merged_list.lines([into], actor=actor)
    undo = f"/desk/faults/unmerge?ids={','.join(str(one) for one in others)}"
    return pages.told({"text": phrase("fault.merged", {"number": line.number}), "undo": undo})


@routes.post("/unmerge", does(Field.REPAIRS))
async def unmerge_all(request: web.Request) -> web.Response:
    """What was merged a moment ago, by the address: an undo has no form."""
    await merging.unmerge_all(_ids(request.query), actor=await session.actor(request))
    return pages.told({"text": phrase("fault.undone")})


@routes.post("/tickets/{id:[0-9]+}/unmerge", does(Field.REPAIRS))
async def unmerge(request: web.Request) -> web.Response:
    number, actor = forms.number(request), await session.actor(request)
    await merging.unmerge(number, actor=actor)
    (line,) = await merged_list.lines([number], actor=actor)
    return pages.told({"text": phrase("fault.parted", {"number": line.number})})


def _ids(query: Mapping[str, str]) -> list[int]:
    found = [one for one in query.get("ids", "").split(",") if one]
    if (
        not found
        or len(found) > _MOST
        or not all(one.isascii() and one.isdecimal() and len(one) < 10 for one in found)
    ):
        raise Invalid("fault.pick_some")
    return [int(one) for one in dict.fromkeys(found)]
