"""What looks like one fault, what was merged into one, and the tabs of both pages."""

from aiohttp import web

from handlers.faults import words
from handlers.tickets.lists import may_do
from handlers.web import pages, session
from handlers.web.routes import Routes, sees
from services.actors import Actor
from services.repairs import merged_list, outages, proposals
from services.repairs.outages import When
from services.scope import Field

routes = Routes("/faults")
SHARED, OUTAGES = "/desk/faults", "/desk/faults/outages"


@routes.get("", sees(Field.REPAIRS))
async def page(request: web.Request) -> web.Response:
    actor = await session.actor(request)
    return pages.render(
        request,
        "faults/shared.html",
        status=200,
        tabs=await tabs(actor, SHARED),
        proposals=await proposals.listed(actor=actor),
        shared=await merged_list.listed(actor=actor),
        may_do=may_do(actor),
        spoken=words.spoken,
    )


async def tabs(actor: Actor, here: str) -> list[tuple[str, str, int | None, bool]]:
    """工单 first: these pages are reached from there."""
    on = len(await outages.listed([When.NOW], actor=actor))
    return [
        ("/desk/tickets", "工单", None, False),
        (SHARED, "同一处", await proposals.count(actor=actor), here == SHARED),
        (OUTAGES, "停水停电", on, here == OUTAGES),
    ]
