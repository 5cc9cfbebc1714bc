"""The list of complaints and suggestions: tabs by state, filters in the address, pages by key."""

from dataclasses import dataclass
from urllib.parse import urlencode

from aiohttp import web

from handlers.complaints import areas
from handlers.web import pages, session
from handlers.web.routes import Routes, sees
from models.complaints import ComplaintKind
from services.cases import complaint_clocks, complaint_lists
from services.cases.complaint_clocks import Clock, Times
from services.cases.complaint_lists import Row, Tab, Wanted, Whose
from services.errors import Invalid
from services.estate import communities
from services.scope import Field

routes = Routes("/complaints")
_NAMES = ("kind", "community", "whose", "late", "stars", "q")


@dataclass(frozen=True, slots=True)
class View:
    """Which list, narrowed to what; as it stands in the address."""

    tab: Tab
    chosen: dict[str, str]

    def query(self, **other: str) -> str:
        """For an address: this view with some of it changed, from its first page."""
        values = {"tab": self.tab.value, **self.chosen, **other}
        return urlencode({name: value for name, value in values.items() if value})

    @property
    def wanted(self) -> Wanted:
        """Raises Invalid for an address that nobody made here."""
        chosen = self.chosen
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


def view(request: web.Request) -> View:
    try:
        tab = Tab(request.query.get("tab") or Tab.NEW)
    except ValueError as error:
        raise Invalid("page.unreadable") from error
    return View(tab, areas.chosen(request, _NAMES))


@routes.get("", sees(Field.COMPLAINTS))
async def page(request: web.Request) -> web.Response:
    actor, shown = await session.actor(request), view(request)
    found = await complaint_lists.page(
        shown.tab, actor=actor, wanted=shown.wanted, after=request.query.get("after", "")
    )
    return pages.render(
        request,
        "complaints/list.html",
        view=shown,
        rows=[(row, _clock(row)) for row in found.rows],
        after=found.after,
        behind=bool(request.query.get("after")),
        counts=await complaint_lists.counts(actor=actor, wanted=shown.wanted),
        communities=await communities.within(actor.seeing(Field.COMPLAINTS)),
        rooms=await areas.rooms(actor),
    )


def _clock(row: Row) -> Clock | None:
    times = Times(
        row.status, row.created_at, row.respond_by, row.responded_at, row.deadline_at, row.answered_at
    )
    return complaint_clocks.running(times)
