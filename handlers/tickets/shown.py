"""Which tickets a page shows, out of its address and back into one."""

from dataclasses import dataclass
from typing import TypeVar
from urllib.parse import urlencode

from aiohttp import web

from handlers.web.forms import Form
from models.tickets import TicketStatus
from services.errors import Invalid
from services.repairs import listing
from services.repairs.listing import Group, Order, Wanted

Choice = TypeVar("Choice", Group, TicketStatus, Order)

_LONGEST = 40  # characters of a search


@dataclass(frozen=True, slots=True)
class Shown:
    """`path` is the page's own: the table or the board."""

    path: str
    wanted: Wanted
    after: str = ""

    @property
    def narrowed(self) -> bool:
        plain = Wanted(group=self.wanted.group, order=self.wanted.order)
        return self.wanted != plain

    def address(self, path: str = "", **other: str) -> str:
        """This list with some of it changed, from its first page on; as the address writes it, "" for nothing."""
        values = {**_written(self.wanted), **_changed(other)}
        query = urlencode({name: value for name, value in values.items() if value != ""})
        return f"{path or self.path}?{query}" if query else path or self.path

    def next(self, after: str) -> str:
        query = urlencode({**_written(self.wanted), "after": after})
        return f"{self.path}?{query}"

    @property
    def query(self) -> str:
        return urlencode(_written(self.wanted))


def read(request: web.Request, path: str, *, group: Group) -> Shown:
    """Raises Invalid for what no page of ours asks for. `group` is what an address without one means."""
    given = Form(request.query)
    technician = given.raw("technician", longest=10)
    wanted = Wanted(
        group=_one_of(Group, given.raw("group", longest=16)) or group,
        status=_one_of(TicketStatus, given.raw("status", longest=24)),
        community_id=_number(given.raw("community", longest=10)),
        category_id=_number(given.raw("category", longest=10)),
        technician_id=listing.NOBODY if technician == "none" else _number(technician),
        urgent=given.ticked("urgent"),
        overdue=given.ticked("overdue"),
        search=given.text("q", longest=_LONGEST),
        order=_one_of(Order, given.raw("order", longest=8)) or Order.NEWEST,
    )
    return Shown(path, wanted, given.raw("after", longest=24))


def _changed(other: dict[str, str]) -> dict[str, str]:
    """A group is shown whole: a state within it goes with the group before."""
    return {"status": "", **other} if "group" in other else other


def _written(wanted: Wanted) -> dict[str, str]:
    technician = wanted.technician_id
    values = {
        "group": wanted.group,
        "status": wanted.status or "",
        "community": wanted.community_id or "",
        "category": wanted.category_id or "",
        "technician": "none" if technician == listing.NOBODY else technician or "",
        "urgent": "1" if wanted.urgent else "",
        "overdue": "1" if wanted.overdue else "",
        "q": wanted.search,
        "order": "" if wanted.order is Order.NEWEST else wanted.order,
    }
    return {name: str(value) for name, value in values.items() if value != ""}


def _one_of(kind: type[Choice], text: str) -> Choice | None:
    if not text:
        return None
    try:
        return kind(text)
    except ValueError as error:
        raise Invalid("page.unreadable") from error


def _number(text: str) -> int | None:
    if not text:
        return None
    if not (text.isascii() and text.isdecimal()):
        raise Invalid("page.unreadable")
    return min(int(text), 2**31 - 1)
