"""Repairs as other rooms see them: to the reporter, to the technician who has the job, on a list of staff."""

from dataclasses import dataclass, replace
from datetime import datetime

from models import rows
from models.rows import Record
from models.tickets import Ticket, TicketStatus
from services import actors, policy
from services.repairs import merged, moves, places

LINE = ("category", "community", "house", "technician")  # what a line wants loaded with its row

# Asked for in most talks about a repair, so by hand.
_REPAIRS = """
SELECT t.*, c.name AS category_name, c.code AS category_code, w.name AS technician_name, w.phone AS technician_phone,
    EXISTS (
        SELECT FROM ticket o WHERE o.duplicate_of_id = t.id AND o.status = 'duplicate' AND o.withdrawn_at IS NULL
    ) AS shared
FROM ticket t JOIN category c ON c.id = t.category_id LEFT JOIN technician w ON w.id = t.technician_id
"""
_JOBS = """
SELECT t.*, c.name AS category_name, m.name AS community_name, h.label AS house_label, h.room AS house_room
FROM ticket t JOIN category c ON c.id = t.category_id JOIN community m ON m.id = t.community_id
LEFT JOIN house h ON h.id = t.house_id
"""


@dataclass(frozen=True, slots=True)
class RepairView:
    """A repair as its reporter may see it. `can` names the verbs that are possible now (moves.Verb)."""

    id: int
    number: str
    status: str
    category: str
    category_code: str
    area: str
    place: str
    description: str
    created_at: datetime
    appointment_start: datetime | None
    appointment_end: datetime | None
    technician: str
    phone: str
    eta: datetime | None
    promised: (
        datetime | None
    )  # when somebody said to be there or to go on; None before that and while they work
    hold_reason: str
    hold_until: datetime | None
    finished_at: datetime | None
    rating_speed: int | None
    rating_quality: int | None
    reopened_count: int
    can: frozenset[str]
    merged_into: str = ""  # the number of the one that lives
    shared: bool = False  # others reported the same, and wait for it whatever becomes of this report


@dataclass(frozen=True, slots=True)
class JobView:
    """A job as its technician may see it. `house` is empty where the fault is outside of it."""

    id: int
    number: str
    status: str
    category: str
    community: str
    house: str
    room: str  # of whoever reported, by which technicians name a job
    home: str  # their house where the fault is outside of it
    place: str
    description: str
    created_at: datetime
    contact_name: str
    contact_phone: str
    appointment_start: datetime | None
    appointment_end: datetime | None
    eta: datetime | None
    hold_until: datetime | None
    confirmed_at: datetime | None
    can: frozenset[str]


@dataclass(frozen=True, slots=True)
class TicketLine:
    """A ticket on a list of staff."""

    id: int
    number: str
    status: str
    category: str
    community: str
    house: str
    technician: str
    place: str
    description: str
    created_at: datetime


async def repairs(condition: str, *values: object) -> list[RepairView]:
    """Those that fit the rest of a statement about `t`: "WHERE t.id = $1", with the values that it names.

    What was merged into another is told as its reporter knows it, and stands as the other does.
    """
    days = (await policy.current()).reopen_days
    found = await rows.read(Ticket, _REPAIRS + condition, *values)
    living = await _living([row.duplicate_of_id for row, _ in found if row.status is TicketStatus.DUPLICATE])
    return [
        _merged(row, one, living[row.duplicate_of_id], days)
        if row.duplicate_of_id in living and row.status is TicketStatus.DUPLICATE
        else _repair(row, one, days)
        for row, one in found
    ]


async def _living(ids: list[int | None]) -> dict[int | None, tuple[Ticket, Record]]:
    if not ids:
        return {}
    return {
        row.id: (row, one) for row, one in await rows.read(Ticket, f"{_REPAIRS} WHERE t.id = ANY($1)", ids)
    }


def _merged(row: Ticket, beside: Record, living: tuple[Ticket, Record], reopen_days: int) -> RepairView:
    return replace(
        _repair(*living, reopen_days),
        id=row.id,
        number=row.number,
        status=merged.status(row, living[0]),
        category=beside["category_name"],
        category_code=beside["category_code"],
        area=row.area,
        place=row.place,
        description=row.description,
        created_at=row.created_at,
        appointment_start=row.appointment_start,
        appointment_end=row.appointment_end,
        rating_speed=row.rating_speed,
        rating_quality=row.rating_quality,
        can=frozenset(merged.possible(row, living[0], reopen_days=reopen_days)),
        merged_into=living[0].number,
        shared=True,
    )


async def jobs(condition: str, *values: object) -> list[JobView]:
    """As `repairs`."""
    days = (await policy.current()).reopen_days
    return [_job(row, one, days) for row, one in await rows.read(Ticket, _JOBS + condition, *values)]


def _repair(row: Ticket, beside: Record, reopen_days: int) -> RepairView:
    return RepairView(
        id=row.id,
        number=row.number,
        status=row.status if row.withdrawn_at is None else TicketStatus.CANCELLED,
        category=beside["category_name"],
        category_code=beside["category_code"],
        area=row.area,
        place=row.place,
        description=row.description,
        created_at=row.created_at,
        appointment_start=row.appointment_start,
        appointment_end=row.appointment_end,
        technician=beside["technician_name"] or "",
        phone=beside["technician_phone"] or "",
        eta=row.eta,
        promised=_promised(row),
        hold_reason=row.hold_reason,
        hold_until=row.hold_until,
        finished_at=row.finished_at,
        rating_speed=row.rating_speed,
        rating_quality=row.rating_quality,
        reopened_count=row.reopened_count,
        can=frozenset(moves.possible(row, actor=actors.person(row.reporter_id), reopen_days=reopen_days)),
        shared=beside["shared"],
    )


def _promised(row: Ticket) -> datetime | None:
    match row.status:
        case TicketStatus.CONFIRMED:
            return row.eta
        case TicketStatus.ON_HOLD:
            return row.hold_until
    return None


def _job(row: Ticket, beside: Record, reopen_days: int) -> JobView:
    return JobView(
        id=row.id,
        number=row.number,
        status=row.status,
        category=beside["category_name"],
        community=beside["community_name"],
        house=beside["house_label"] or "" if places.at_the_house(row) else "",
        room=beside["house_room"] or "",
        home="" if places.at_the_house(row) else beside["house_label"] or "",
        place=row.place,
        description=row.description,
        created_at=row.created_at,
        contact_name=row.contact_name,
        contact_phone=row.contact_phone,
        appointment_start=row.appointment_start,
        appointment_end=row.appointment_end,
        eta=row.eta,
        hold_until=row.hold_until,
        confirmed_at=row.confirmed_at,
        can=frozenset(
            moves.possible(row, actor=actors.technician(row.technician_id or 0), reopen_days=reopen_days)
        ),
    )


def line(row: Ticket) -> TicketLine:
    return TicketLine(
        id=row.id,
        number=row.number,
        status=row.status,
        category=row.category.name,
        community=row.community.name,
        house=row.house.label if row.house else "",
        technician=row.technician.name if row.technician else "",
        place=row.place,
        description=row.description,
        created_at=row.created_at,
    )
