"""The list of repairs as staff look through it: by state, narrowed down, page by page along the number.

A page continues behind the last number, so the thousandth is as quick as the first; the open ones have an index of
their own. Counts are of the open ones, which are few: of the ended ones only who asks for them counts.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import Any

from models.tickets import UNENDED, Ticket, TicketStatus
from models.tickets import TicketStatus as S
from services import clock, paging, policy, worktime
from services.actors import Actor
from services.paging import Page
from services.repairs import clocks, conditions, moves
from services.repairs.clocks import Clock, Times
from services.repairs.conditions import Where
from services.scope import Field

NOBODY = 0  # as the technician of a filter: those that nobody has


class Group(StrEnum):
    NEW = "new"  # 待受理: nobody is on it
    WORKING = "working"  # 处理中
    RATING = "rating"  # 待评价
    ENDED = "ended"  # 已结束
    STALLED = "stalled"  # 停滞: open, and nothing has happened for some working days
    ALL = "all"


GROUPS: Mapping[Group, tuple[S, ...]] = {
    Group.NEW: (S.SUBMITTED, S.ACCEPTED),
    Group.WORKING: (S.DISPATCHED, S.CONFIRMED, S.IN_PROGRESS, S.ON_HOLD),
    Group.RATING: (S.AWAITING_RESIDENT,),
    Group.ENDED: tuple(sorted(moves.ENDED)),
}


class Order(StrEnum):
    NEWEST = "newest"
    OLDEST = "oldest"


@dataclass(frozen=True, slots=True)
class Wanted:
    """What to show. `technician_id` NOBODY means nobody's; None any. `status` narrows a group down."""

    group: Group = Group.ALL
    status: S | None = None
    community_id: int | None = None
    category_id: int | None = None
    technician_id: int | None = None
    urgent: bool = False
    overdue: bool = False
    search: str = ""
    order: Order = Order.NEWEST


@dataclass(frozen=True, slots=True)
class Row:
    """A ticket on a list. `where` is the house or the place; `clocks` all that run, `clock` the worst of them."""

    id: int
    number: str
    status: S
    category: str
    community: str
    house: str
    place: str
    description: str
    contact: str
    technician_id: int | None
    technician: str
    urgent: bool
    reopened: int
    urged: int
    photos: int
    created_at: datetime
    appointment_start: datetime | None
    appointment_end: datetime | None
    eta: datetime | None
    hold_until: datetime | None
    clocks: tuple[Clock, ...]
    clock: Clock | None

    @property
    def ended(self) -> bool:
        return self.status in moves.ENDED


# Until when the next thing has to happen: late is what lies behind. A pause lasts until the day that was named.
DUE = """CASE t.status
    WHEN 'confirmed' THEN t.arrive_by
    WHEN 'in_progress' THEN t.finish_by
    WHEN 'on_hold' THEN t.hold_until
    WHEN 'awaiting_resident' THEN NULL
    ELSE CASE WHEN t.answered_at IS NULL THEN least(t.respond_by, t.arrive_by) ELSE t.arrive_by END
END"""
# What only says that nothing happened is nothing that happened.
_LAST = """(SELECT at FROM event WHERE subject_kind = 'ticket' AND subject_id = t.id
    AND verb <> ALL(ARRAY['remind', 'escalate']) ORDER BY event.id DESC LIMIT 1)"""
_ROWS = """
SELECT t.*, category.name AS category_name, community.name AS community_name, house.label AS house_label,
    technician.name AS technician_name,
    (SELECT count(*) FROM ticket_photo photo JOIN media_file media ON media.id = photo.media_id
        WHERE photo.ticket_id = t.id AND media.status <> 'failed') AS photos
FROM (SELECT t.* FROM ticket t WHERE {where} ORDER BY t.id {direction} LIMIT {limit}) t
JOIN category ON category.id = t.category_id
JOIN community ON community.id = t.community_id
LEFT JOIN house ON house.id = t.house_id
LEFT JOIN technician ON technician.id = t.technician_id
ORDER BY t.id {direction}
"""
_COUNTS = "SELECT t.status, count(*) AS count FROM ticket t WHERE {where} GROUP BY t.status"
_COUNT = "SELECT count(*) AS count FROM ticket t WHERE {where}"
OPEN = UNENDED.replace("status", "t.status")


async def rows(
    wanted: Wanted, *, actor: Actor, after: str = "", limit: int = paging.LIMIT, only: int | None = None
) -> Page[Row]:
    """One page behind the key `after`. `only` is one ticket, wherever it stands."""
    where = await _where(wanted, actor)
    newest = wanted.order is Order.NEWEST
    behind = paging.read(after)
    if behind is not None:
        where.add(f"t.id {'<' if newest else '>'} {{0}}::int", behind[0])
    if only is not None:
        where.add("t.id = {0}::int", only)
    query = _ROWS.format(where=where, direction="DESC" if newest else "ASC", limit=int(limit) + 1)
    found = await _ask(query, where.values)
    return paging.page([_row(one) for one in found], limit, key=lambda row: (row.id,))


async def counts(wanted: Wanted, *, actor: Actor) -> dict[Group, int]:
    """Of each group of open ones, and of the ended ones where these are wanted; else as narrowed down."""
    stalled = await _where(of_group(wanted, Group.STALLED), actor)
    [stands] = await _ask(_COUNT.format(where=stalled), stalled.values)
    everything = wanted.group in (Group.ENDED, Group.ALL)
    where = await _where(of_group(wanted, Group.ALL), actor)
    if not everything:
        where.add(OPEN)
    by_status = {one["status"]: one["count"] for one in await _ask(_COUNTS.format(where=where), where.values)}
    found = {
        group: sum(by_status.get(status, 0) for status in statuses)
        for group, statuses in GROUPS.items()
        if group is not Group.ENDED or everything
    }
    return {**found, Group.STALLED: stands["count"]}


async def by_status(wanted: Wanted, *, actor: Actor) -> dict[S, int]:
    """How many open ones stand in each state: the heads of the board."""
    where = await _where(of_group(wanted, Group.ALL), actor)
    where.add(OPEN)
    found = await _ask(_COUNTS.format(where=where), where.values)
    return {S(one["status"]): one["count"] for one in found}


async def stalled_since() -> datetime:
    """A ticket to which nothing has happened since then stands still."""
    days = (await policy.current()).stalled_days
    return (await worktime.of_repairs()).days_before(clock.now(), days)


def of_status(wanted: Wanted, status: S) -> Wanted:
    """The same of one state, the oldest first."""
    return replace(wanted, status=status, order=Order.OLDEST)


def of_group(wanted: Wanted, group: Group) -> Wanted:
    """The same of another group."""
    return replace(wanted, group=group, status=None)


async def _where(wanted: Wanted, actor: Actor) -> Where:
    where, seen = Where(), actor.seeing(Field.REPAIRS)
    if seen.communities is not None:
        where.add("t.community_id = ANY({0}::int[])", sorted(seen.communities))
    if wanted.status is not None:
        where.add("t.status = {0}", wanted.status)
    elif wanted.group in GROUPS:
        where.add("t.status = ANY({0}::text[])", [str(one) for one in GROUPS[wanted.group]])
    if wanted.group not in (Group.ALL, Group.ENDED) or wanted.overdue:
        where.add(OPEN)
    if wanted.group is Group.STALLED:
        where.add("t.status <> 'awaiting_resident'")
        where.add(f"{_LAST} < {{0}}", await stalled_since())
    _narrow(where, wanted)
    if wanted.search.strip():
        conditions.search(where, wanted.search.strip())
    return where


def _narrow(where: Where, wanted: Wanted) -> None:
    if wanted.community_id is not None:
        where.add("t.community_id = {0}::int", wanted.community_id)
    if wanted.category_id is not None:
        where.add("t.category_id = {0}::int", wanted.category_id)
    if wanted.technician_id == NOBODY:
        where.add("t.technician_id IS NULL")
    elif wanted.technician_id is not None:
        where.add("t.technician_id = {0}::int", wanted.technician_id)
    if wanted.urgent:
        where.add("t.urgent")
    if wanted.overdue:
        where.add(f"{DUE} < {{0}}", clock.now())


async def _ask(query: str, values: list[object]) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = await Ticket._meta.db.execute_query_dict(query, values)
    return found


def _row(found: Mapping[str, Any]) -> Row:
    running = clocks.of(_times(found))
    return Row(
        id=found["id"],
        number=found["number"],
        status=TicketStatus(found["status"]),
        category=found["category_name"],
        community=found["community_name"],
        house=found["house_label"] or "",
        place=found["place"],
        description=found["description"],
        contact=found["contact_name"],
        technician_id=found["technician_id"],
        technician=found["technician_name"] or "",
        urgent=found["urgent"],
        reopened=found["reopened_count"],
        urged=found["urged_count"],
        photos=found["photos"],
        created_at=found["created_at"],
        appointment_start=found["appointment_start"],
        appointment_end=found["appointment_end"],
        eta=found["eta"],
        hold_until=found["hold_until"],
        clocks=tuple(running),
        clock=clocks.worst(running),
    )


def _times(found: Mapping[str, Any]) -> Times:
    return Times(
        status=TicketStatus(found["status"]),
        created_at=found["created_at"],
        answered_at=found["answered_at"],
        respond_by=found["respond_by"],
        arrived_at=found["arrived_at"],
        arrive_by=found["arrive_by"],
        finished_at=found["finished_at"],
        finish_by=found["finish_by"],
        held_at=found["held_at"],
        hold_until=found["hold_until"],
    )
