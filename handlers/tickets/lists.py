"""The table and the board of repairs."""

from collections.abc import Mapping, Sequence

from aiohttp import web

from handlers.tickets import bulk, shown
from handlers.tickets.shown import Shown
from handlers.web import pages, session
from handlers.web.routes import Routes, sees
from models.tickets import TicketStatus
from services.actors import Actor
from services.desk import saved_views
from services.estate import communities
from services.repairs import categories, listing, technicians
from services.repairs.listing import Group, Order, Row
from services.scope import Field

routes = Routes("/tickets")
TABLE, BOARD = "/desk/tickets", "/desk/tickets/board"
GROUPS: Sequence[tuple[Group, str]] = (
    (Group.NEW, "待受理"),
    (Group.WORKING, "处理中"),
    (Group.RATING, "待评价"),
    (Group.STALLED, "停滞"),
    (Group.ENDED, "已结束"),
    (Group.ALL, "全部"),
)
_COLUMNS = (
    TicketStatus.SUBMITTED,
    TicketStatus.ACCEPTED,
    TicketStatus.DISPATCHED,
    TicketStatus.CONFIRMED,
    TicketStatus.IN_PROGRESS,
    TicketStatus.ON_HOLD,
    TicketStatus.AWAITING_RESIDENT,
)
_CARDS = 30  # of a column; the table has the others


@routes.get("", sees(Field.REPAIRS))
async def table(request: web.Request) -> web.Response:
    actor = await session.actor(request)
    view = shown.read(request, TABLE, group=Group.NEW)
    found = await listing.rows(view.wanted, actor=actor, after=view.after)
    counts = await listing.counts(view.wanted, actor=actor)
    tabs = [
        (view.address(group=group), word, counts.get(group), group is view.wanted.group)
        for group, word in GROUPS
    ]
    values = {**await _around(view, actor), "views": await saved_views.of(bulk.ROOM, actor=actor)}
    return pages.render(
        request, "tickets/table.html", status=200, tabs=tabs, page=found, may_do=may_do(actor), **values
    )


@routes.get("/board", sees(Field.REPAIRS))
async def board(request: web.Request) -> web.Response:
    """The open ones by state, the oldest on top."""
    actor = await session.actor(request)
    view = shown.read(request, BOARD, group=Group.ALL)
    counts = await listing.by_status(view.wanted, actor=actor)
    columns = [(one, counts.get(one, 0), await _cards(view, one, actor)) for one in _COLUMNS]
    values = await _around(view, actor)
    return pages.render(request, "tickets/board.html", status=200, columns=columns, table=TABLE, **values)


def may_do(actor: Actor) -> bool:
    return actor.scope is not None and Field.REPAIRS in actor.scope.does


async def _cards(view: Shown, status: TicketStatus, actor: Actor) -> Sequence[Row]:
    wanted = listing.of_status(view.wanted, status)
    return (await listing.rows(wanted, actor=actor, limit=_CARDS)).rows


async def _around(view: Shown, actor: Actor) -> Mapping[str, object]:
    """What the list may be narrowed down to."""
    return {
        "view": view,
        "wanted": view.wanted,
        "communities": await communities.within(actor.seeing(Field.REPAIRS)),
        "categories": await categories.every(),
        "crew": await technicians.seen_by(actor),
        "newest": view.wanted.order is Order.NEWEST,
        "nobody": listing.NOBODY,
    }
