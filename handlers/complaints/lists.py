"""The list of complaints and suggestions: tabs by state, filters in the address, pages by key."""

from collections.abc import Mapping

from aiohttp import web

from handlers.complaints import areas
from handlers.web import pages, session
from handlers.web.routes import Routes, sees
from models.complaints import ComplaintKind
from services.cases import complaint_clocks, complaint_lists
from services.cases.complaint_clocks import Clock, Times
from services.cases.complaint_lines import Line
from services.cases.complaint_lists import Tab, Wanted, Whose
from services.errors import Invalid
from services.estate import communities
from services.paging import Page
from services.scope import Field

routes = Routes("/complaints")
_NAMES = ("kind", "community", "whose", "late", "stars", "q")


def _wanted(chosen: Mapping[str, str]) -> Wanted:
    """Raises Invalid for an address that nobody made here."""
    try:
        return Wanted(
            kind=ComplaintKind(chosen["kind"]) if chosen["kind"] else None,
            community_id=areas.number(chosen["community"]),
            whose=Whose(chosen["whose"]),
            late=bool(chosen["late"]),
            stars=areas.number(chosen["stars"]),
            search=chosen["q"],
        )
    except ValueError as error:
        raise Invalid("page.unreadable") from error


@routes.get("", sees(Field.COMPLAINTS))
async def page(request: web.Request) -> web.Response:
    actor, after = await session.actor(request), request.query.get("after", "")
    view = areas.view(request, Tab.NEW, _NAMES)
    wanted = _wanted(view.chosen)
    counts = await complaint_lists.counts(actor=actor, wanted=wanted)
    some = after or counts[view.tab]  # else all would be looked through once more
    found = (
        await complaint_lists.page(view.tab, actor=actor, wanted=wanted, after=after) if some else Page([])
    )
    return pages.render(
        request,
        "complaints/list.html",
        view=view,
        rows=[(row, _clock(row)) for row in found.rows],
        after=found.after,
        behind=bool(after),
        counts=counts,
        communities=await communities.within(actor.seeing(Field.COMPLAINTS)),
        rooms=await areas.rooms(actor),
    )


def _clock(row: Line) -> Clock | None:
    times = Times(
        row.status, row.created_at, row.respond_by, row.responded_at, row.deadline_at, row.answered_at
    )
    return complaint_clocks.running(times)
