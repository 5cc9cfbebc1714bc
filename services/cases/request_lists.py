"""The list of service requests as the desk shows it: by state, by form, the oldest that waits on top."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from tortoise.expressions import Q
from tortoise.functions import Count
from tortoise.queryset import QuerySet

from models.requests import RequestStatus, ServiceRequest
from services import paging
from services.actors import Actor
from services.cases import request_lines
from services.cases.request_lines import Line
from services.paging import Page
from services.scope import Field

_AT_ONCE = 30
MANY = 1000  # what has ended is counted as far as this, however much there is
# From one title to the next by index, where a DISTINCT would read every request. $1 as in Own.rows, null for all.
_TITLES = """
WITH RECURSIVE known AS (
    (SELECT title FROM service_request WHERE $1::int[] IS NULL OR community_id = ANY($1) OR community_id IS NULL
        ORDER BY title LIMIT 1)
    UNION ALL
    SELECT (SELECT title FROM service_request WHERE title > known.title
            AND ($1::int[] IS NULL OR community_id = ANY($1) OR community_id IS NULL)
        ORDER BY title LIMIT 1)
    FROM known WHERE known.title IS NOT NULL
)
SELECT title FROM known WHERE title IS NOT NULL
"""


class Tab(StrEnum):
    NEW = "new"
    WORKING = "working"
    ENDED = "ended"
    ALL = "all"


_STATES: Mapping[Tab, frozenset[RequestStatus]] = {
    Tab.NEW: frozenset({RequestStatus.SUBMITTED}),
    Tab.WORKING: frozenset({RequestStatus.ACCEPTED}),
    Tab.ENDED: frozenset({RequestStatus.DONE, RequestStatus.DECLINED, RequestStatus.CANCELLED}),
    Tab.ALL: frozenset(RequestStatus),
}
_OLDEST_FIRST = frozenset({Tab.NEW, Tab.WORKING})


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a list is narrowed to. `title` is what a form is called; `search` a number, a house, a phone."""

    title: str = ""
    community_id: int | None = None
    mine: bool = False
    search: str = ""


async def page(
    tab: Tab, *, actor: Actor, wanted: Wanted | None = None, after: str = "", limit: int = _AT_ONCE
) -> Page[Line]:
    """Raises Invalid for an `after` that is none."""
    found = _found(actor, wanted or Wanted()).filter(status__in=sorted(_STATES[tab]))
    up = tab in _OLDEST_FIRST
    if (behind := paging.read(after)) is not None:
        found = found.filter(Q(id__gt=behind[0]) if up else Q(id__lt=behind[0]))
    rows = await found.order_by("id" if up else "-id").limit(limit + 1).select_related(*request_lines.RELATED)
    part = paging.page(rows, limit, key=lambda row: (row.id,))
    return Page(await request_lines.of(part.rows), part.after)


async def counts(*, actor: Actor, wanted: Wanted | None = None) -> dict[Tab, int]:
    """How many stand under each tab, as it is narrowed; MANY of the ended, and of all, for that and more."""
    found = _found(actor, wanted or Wanted())
    open_ones = found.filter(status__in=sorted(_STATES[Tab.NEW] | _STATES[Tab.WORKING]))
    grouped = await open_ones.annotate(count=Count("id")).group_by("status").values("status", "count")
    by_status = {RequestStatus(one["status"]): int(one["count"]) for one in grouped}
    told = {tab: sum(by_status.get(one, 0) for one in _STATES[tab]) for tab in (Tab.NEW, Tab.WORKING)}
    ended = found.filter(status__in=sorted(_STATES[Tab.ENDED])).limit(MANY)
    told[Tab.ENDED] = len(await ended.values_list("id"))
    told[Tab.ALL] = min(sum(told.values()), MANY)
    return told


async def new(*, actor: Actor) -> int:
    """How many nobody has taken up."""
    return await _found(actor, Wanted()).filter(status=RequestStatus.SUBMITTED).count()


async def titles(*, actor: Actor) -> list[str]:
    """What the forms are called that were ever filled in there."""
    communities = actor.seeing(Field.REQUESTS).communities
    own = None if communities is None else sorted(communities)
    found = await ServiceRequest._meta.db.execute_query_dict(_TITLES, [own])
    return [str(one["title"]) for one in found]


def _found(actor: Actor, wanted: Wanted) -> QuerySet[ServiceRequest]:
    own = actor.seeing(Field.REQUESTS).rows()
    return ServiceRequest.filter(own & _narrowed(wanted, actor))


def _narrowed(wanted: Wanted, actor: Actor) -> Q:
    found = Q(title=wanted.title) if wanted.title else Q()
    if wanted.community_id is not None:
        found &= Q(community_id=wanted.community_id)
    if wanted.mine:
        found &= Q(handler_id=actor.staff_id or 0)
    words = wanted.search.strip()
    return found & _searched(words) if words else found


def _searched(words: str) -> Q:
    found = Q(number__startswith="".join(words.split()).upper()) | Q(house__label=words)
    return found | Q(contact_phone__endswith=words) if words.isdecimal() and len(words) >= 4 else found
