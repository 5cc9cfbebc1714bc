"""What staff have merged: the repairs that live for several households, and whether they may still be taken apart."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from models.events import Event, SubjectKind
from models.tickets import Ticket, TicketStatus
from services import clock, policy
from services.actors import Actor
from services.errors import NotFound
from services.repairs.moves import MOVES, OPEN, UNFINISHED, Verb
from services.scope import Field

_SHOWN = 300
_NEAR = 12
_RECENT = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Line:
    """A ticket as somebody chooses it. `main` says that others may be merged into it, `merge` that it may end."""

    id: int
    number: str
    category: str
    community: str
    house: str
    what: str
    status: str
    technician: str
    created_at: datetime
    main: bool
    merge: bool


@dataclass(frozen=True, slots=True)
class Part:
    """`until` is the moment until which it may be taken apart; None when that is over."""

    line: Line
    merged_at: datetime | None
    until: datetime | None


@dataclass(frozen=True, slots=True)
class Shared:
    line: Line
    households: int
    parts: Sequence[Part]


async def listed(*, actor: Actor) -> list[Shared]:
    """The unfinished ones, the newest first."""
    found = Ticket.filter(actor.seeing(Field.REPAIRS).rows(), duplicate_of_id__isnull=False)
    return await _shared(
        await found.filter(status=TicketStatus.DUPLICATE, duplicate_of__status__in=list(OPEN))
        .order_by("-duplicate_of_id", "id")
        .limit(_SHOWN)
        .select_related(*_LINE)
    )


async def of_ticket(ticket_id: int, *, actor: Actor) -> list[Part]:
    """What is merged into one ticket, for its sheet."""
    found = Ticket.filter(actor.seeing(Field.REPAIRS).rows(), duplicate_of_id=ticket_id)
    rows = await found.filter(status=TicketStatus.DUPLICATE).order_by("id").select_related(*_LINE)
    return [part for one in await _shared(rows) for part in one.parts]


async def lines(ids: Collection[int], *, actor: Actor) -> list[Line]:
    """These tickets to choose among. Raises NotFound when one is not there for this member of staff."""
    found = Ticket.filter(actor.doing(Field.REPAIRS).rows(), id__in=list(ids))
    rows = await found.order_by("id").select_related(*_LINE)
    if len(rows) != len(set(ids)):
        raise NotFound("ticket.not_found", number="")
    return [_line(row) for row in rows]


async def alike(ticket_id: int, *, actor: Actor) -> list[Line]:
    """Unfinished tickets of the same trade and community that may be the same fault: the same building's first."""
    own = await Ticket.filter(actor.doing(Field.REPAIRS).rows(), id=ticket_id).select_related("house").first()
    if own is None:
        raise NotFound("ticket.not_found", number="")
    found = Ticket.filter(community_id=own.community_id, category_id=own.category_id)
    found = found.filter(status__in=list(UNFINISHED), created_at__gte=clock.now() - _RECENT)
    rows = await found.exclude(id=own.id).order_by("-id").limit(_SHOWN).select_related(*_LINE)
    building = own.house.building_id if own.house else None
    rows.sort(key=lambda row: row.house is None or row.house.building_id != building)
    return [_line(row) for row in rows[:_NEAR]]


_LINE = (
    "category",
    "community",
    "house",
    "technician",
    "duplicate_of__category",
    "duplicate_of__community",
    "duplicate_of__house",
    "duplicate_of__technician",
)


async def _shared(rows: Sequence[Ticket]) -> list[Shared]:
    merged_at = await _merged_at([row.id for row in rows])
    span = timedelta(hours=(await policy.current()).unmerge_hours)
    parts: dict[int, list[Part]] = {}
    mains: dict[int, Ticket] = {}
    for row in rows:
        main = row.duplicate_of
        if main is not None:
            mains[main.id] = main
            at = merged_at.get(row.id)
            until = at + span if at is not None and at + span > clock.now() else None
            parts.setdefault(main.id, []).append(Part(_line(row), at, until))
    return [Shared(_line(mains[one]), _households(mains[one], rows), parts[one]) for one in parts]


def _households(main: Ticket, rows: Sequence[Ticket]) -> int:
    """Persons who wait for it."""
    people = {row.reporter_id for row in rows if row.duplicate_of_id == main.id and row.withdrawn_at is None}
    return len(people | ({main.reporter_id} if main.withdrawn_at is None else set()))


async def _merged_at(ids: Sequence[int]) -> dict[int, datetime]:
    if not ids:
        return {}
    rows = Event.filter(subject_kind=SubjectKind.TICKET, subject_id__in=list(ids), verb=Verb.MERGE)
    return {row.subject_id: row.at for row in await rows.order_by("id").only("id", "subject_id", "at")}


def _line(row: Ticket) -> Line:
    return Line(
        id=row.id,
        number=row.number,
        category=row.category.name,
        community=row.community.name,
        house=row.house.label if row.house else "",
        what=row.description or row.place,
        status=row.status,
        technician=row.technician.name if row.technician else "",
        created_at=row.created_at,
        main=row.status in MOVES[Verb.JOIN].sources,
        merge=row.status in MOVES[Verb.MERGE].sources,
    )
