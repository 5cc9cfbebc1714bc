"""What the pages of complaints share: the rooms beside each other, and reading filters out of an address."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Generic, TypeVar
from urllib.parse import urlencode

from aiohttp import web

from services.actors import Actor
from services.cases import complaint_lists, follow_ups, instructions, request_lists
from services.errors import Invalid
from services.scope import Field

Tab = TypeVar("Tab", bound=StrEnum)
_LONGEST = 60  # characters of a filter


@dataclass(frozen=True, slots=True)
class Room:
    """One of the pages beside each other, with how much waits there; parts/areas.html has its name."""

    path: str
    waiting: int


@dataclass(frozen=True, slots=True)
class View(Generic[Tab]):
    """Which list, narrowed to what; as it stands in the address."""

    tab: Tab
    chosen: dict[str, str]

    def query(self, **other: str) -> str:
        """For an address: this view with some of it changed, from its first page."""
        values = {"tab": self.tab.value, **self.chosen, **other}
        return urlencode({name: value for name, value in values.items() if value})


def view(request: web.Request, first: Tab, names: Iterable[str]) -> View[Tab]:
    """`first` is the tab of an address that names none. Raises Invalid for an address that nobody made here."""
    try:
        tab = type(first)(request.query.get("tab") or first)
    except ValueError as error:
        raise Invalid("page.unreadable") from error
    return View(tab, chosen(request, names))


async def rooms(actor: Actor) -> list[Room]:
    """Those that somebody may see."""
    sees = actor.scope.sees if actor.scope else frozenset[Field]()
    found = []
    if Field.COMPLAINTS in sees:
        found.append(Room("/complaints", await complaint_lists.late(actor=actor)))
    if Field.COMPLAINTS in sees:
        found.append(Room("/complaints/calls", await follow_ups.waiting(actor=actor)))
    if Field.REQUESTS in sees:
        found.append(Room("/complaints/requests", await request_lists.new(actor=actor)))
    if Field.INSTRUCTIONS in sees:
        found.append(Room("/instructions", await instructions.waiting(actor=actor)))
    return found


def chosen(request: web.Request, names: Iterable[str]) -> dict[str, str]:
    """Raises Invalid for what is too long for a filter."""
    found = {name: request.query.get(name, "").strip() for name in names}
    if any(len(one) > _LONGEST for one in found.values()):
        raise Invalid("page.too_long", longest=_LONGEST)
    return found


def number(text: str) -> int | None:
    """Raises Invalid for what is none; None for nothing."""
    if not text:
        return None
    if not (text.isascii() and text.isdecimal() and len(text) < 10):
        raise Invalid("page.unreadable")
    return int(text)
