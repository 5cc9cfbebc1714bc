"""The list of complaints and suggestions as the desk shows it: by state, filtered, what is due first on top."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum

from tortoise.expressions import Q
from tortoise.functions import Count

from models.community import House
from models.complaints import Complaint, ComplaintKind, ComplaintStatus
from services import clock, paging
from services.actors import Actor
from services.cases import complaint_lines, complaint_seen
from services.cases import complaint_moves as moves
from services.cases.complaint_lines import Line
from services.errors import Invalid
from services.paging import Page

_AT_ONCE = 30
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class Tab(StrEnum):
    NEW = "new"  # nobody has it
    WORKING = "working"
    ANSWERED = "answered"  # the resident may still object
    ENDED = "ended"
    ALL = "all"


_STATES: Mapping[Tab, frozenset[ComplaintStatus]] = {
    Tab.NEW: frozenset({ComplaintStatus.SUBMITTED}),
    Tab.WORKING: frozenset({ComplaintStatus.IN_PROGRESS}),
    Tab.ANSWERED: frozenset({ComplaintStatus.ANSWERED}),
    Tab.ENDED: frozenset({ComplaintStatus.CLOSED, ComplaintStatus.WITHDRAWN}),
    Tab.ALL: frozenset(ComplaintStatus),
}
# By which deadline a list stands, what is due first on top; the others: the newest on top.
_DUE: Mapping[Tab, str] = {Tab.NEW: "respond_by", Tab.WORKING: "deadline_at"}


class Whose(StrEnum):
    EVERYBODY = ""
    MINE = "mine"
    NOBODYS = "none"


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a list is narrowed to. `stars` is at most so many; `search` a number, a house or words of the story."""

    kind: ComplaintKind | None = None
    community_id: int | None = None
    whose: Whose = Whose.EVERYBODY
    late: bool = False
    stars: int | None = None
    search: str = ""


async def page(
    tab: Tab, *, actor: Actor, wanted: Wanted | None = None, after: str = "", limit: int = _AT_ONCE
) -> Page[Line]:
    """Raises Invalid for an `after` that is none."""
    found = Complaint.filter(
        await complaint_seen.rows(actor), await _narrowed(wanted or Wanted(), actor), _of(tab)
    )
    behind = paging.read(after, 2 if tab in _DUE else 1)
    if behind is not None:
        found = found.filter(_behind(tab, *behind))
    order = (_DUE[tab], "id") if tab in _DUE else ("-id",)
    rows = await found.order_by(*order).limit(limit + 1).select_related(*complaint_seen.RELATED)
    part = paging.page(rows, limit, key=lambda row: _key(tab, row))
    return Page(await complaint_lines.of(part.rows), part.after)


async def counts(*, actor: Actor, wanted: Wanted | None = None) -> dict[Tab, int]:
    """How many stand under each tab, as it is narrowed."""
    found = Complaint.filter(await complaint_seen.rows(actor), await _narrowed(wanted or Wanted(), actor))
    grouped = await found.annotate(count=Count("id")).group_by("status").values("status", "count")
    by_status = {ComplaintStatus(one["status"]): int(one["count"]) for one in grouped}
    return {tab: sum(by_status.get(one, 0) for one in states) for tab, states in _STATES.items()}


async def late(*, actor: Actor) -> int:
    """How many nobody has answered in time."""
    found = Complaint.filter(await complaint_seen.rows(actor), _late())
    return await found.count()


def _of(tab: Tab) -> Q:
    return Q() if tab is Tab.ALL else Q(status__in=sorted(_STATES[tab]))


def _late() -> Q:
    now = clock.now()
    return Q(status__in=sorted(moves.UNANSWERED), deadline_at__lt=now) | Q(
        status=ComplaintStatus.SUBMITTED, responded_at__isnull=True, respond_by__lt=now
    )


async def _narrowed(wanted: Wanted, actor: Actor) -> Q:
    found = _late() if wanted.late else Q()
    if wanted.kind is not None:
        found &= Q(kind=wanted.kind)
    if wanted.community_id is not None:
        found &= Q(community_id=wanted.community_id)
    if wanted.stars is not None:
        found &= Q(rating__lte=wanted.stars)
    if wanted.whose is Whose.NOBODYS:
        found &= Q(handler_id__isnull=True)
    if wanted.whose is Whose.MINE:
        found &= Q(handler_id=actor.staff_id or 0)
    return found & await _searched(wanted.search.strip()) if wanted.search.strip() else found


async def _searched(words: str) -> Q:
    """An anonymous one is not found by its house: what is hidden is not told by looking for it either.

    Houses are looked up first: with them joined, a search without a hit takes five times as long.
    """
    found = Q(number__startswith="".join(words.split()).upper()) | Q(topic=words) | Q(story__icontains=words)
    houses = await House.filter(label=words).only("id")
    return found | Q(house_id__in=[one.id for one in houses], anonymous=False) if houses else found


def _key(tab: Tab, row: Complaint) -> tuple[int, ...]:
    return (_micros(getattr(row, _DUE[tab])), row.id) if tab in _DUE else (row.id,)


def _behind(tab: Tab, *key: int) -> Q:
    if tab not in _DUE:
        return Q(id__lt=key[0])
    due = _moment(key[0])
    if tab is Tab.NEW:
        return Q(respond_by__gt=due) | Q(respond_by=due, id__gt=key[1])
    return Q(deadline_at__gt=due) | Q(deadline_at=due, id__gt=key[1])


def _micros(moment: datetime) -> int:
    return (moment - _EPOCH) // timedelta(microseconds=1)


def _moment(micros: int) -> datetime:
    try:
        return _EPOCH + timedelta(microseconds=micros)
    except OverflowError as error:
        raise Invalid("page.unreadable") from error
