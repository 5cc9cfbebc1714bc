"""The list of houses, and what a search finds in it: houses and people."""

from urllib.parse import urlencode

from aiohttp import web

from handlers.residents import sheets
from handlers.web import pages, session
from handlers.web.routes import Routes, sees
from services.actors import Actor
from services.errors import Invalid
from services.estate import communities, finding, reviews
from services.estate.finding import Found
from services.paging import Page
from services.scope import Field

routes = Routes("/residents")
_LONGEST = 60
_COUNTED = 100


@routes.get("", sees(Field.RESIDENTS))
async def page(request: web.Request) -> web.Response:
    """Houses of a community or a building; with `q`, whatever that names."""
    actor, query = await session.actor(request), request.query
    search, after = query.get("q", "").strip(), query.get("after", "")
    if len(search) > _LONGEST:
        raise Invalid("page.too_long", longest=_LONGEST)
    community, building = _number(query.get("community", "")), _number(query.get("building", ""))
    known = await communities.within(actor.seeing(Field.RESIDENTS))
    found = await _found(search, community, building, after, actor)
    blocks = await finding.buildings(community, actor=actor) if community else []
    shown = {"q": search, "community": str(community or ""), "building": str(building or "")}
    return pages.render(
        request, "residents/list.html", found=found, search=search, community=community, building=building,
        communities=known, buildings=blocks, after=after, first=_address(shown),
        next=_address(shown, after=found.people.after),
        may=sheets.may(actor), waiting=await _many_waiting(actor),
    )  # fmt: skip


@routes.get("/waiting", sees(Field.RESIDENTS))
async def waiting(request: web.Request) -> web.Response:
    """Whom staff should look at: who may not begin yet, whom the list does not confirm, about whom somebody asks."""
    actor, after = await session.actor(request), request.query.get("after", "")
    found = await reviews.waiting(actor=actor, after=after)
    here = "/desk/residents/waiting"
    return pages.render(
        request, "residents/waiting.html", rows=found.rows, waiting=await _many_waiting(actor),
        first=here if after else "", next=f"{here}?after={found.after}" if found.after else "",
        may=sheets.may(actor),
    )  # fmt: skip


async def _many_waiting(actor: Actor) -> str:
    """As the tab says it."""
    count = await reviews.how_many_wait(actor=actor, most=_COUNTED)
    return str(count) if count < _COUNTED else f"{_COUNTED - 1}+"


async def _found(search: str, community: int | None, building: int | None, after: str, actor: Actor) -> Found:
    if search:
        return await finding.find(search, actor=actor, community_id=community, after=after)
    listed = await finding.listed(
        actor=actor, community_id=community, building_id=building if community else None, after=after
    )
    return Found(listed.rows, Page([], listed.after))


def _address(shown: dict[str, str], *, after: str | None = None) -> str:
    """Of the first page, or of the one behind `after`; "" when there is none."""
    if after == "":
        return ""
    values = {name: value for name, value in {**shown, "after": after or ""}.items() if value}
    return f"/desk/residents?{urlencode(values)}" if values else "/desk/residents"


def _number(text: str) -> int | None:
    return min(int(text), 2**31 - 1) if text.isascii() and text.isdecimal() and len(text) < 19 else None
