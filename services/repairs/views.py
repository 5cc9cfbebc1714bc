"""Repairs as other rooms see them: to the reporter, to the technician who has the job, on a list of staff."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from models.tickets import Ticket, TicketStatus
from services import actors, policy
from services.repairs import moves, places

REPAIR = ("category", "technician")  # what each view wants loaded with the row
JOB = ("category", "house", "community")
LINE = ("category", "community", "house", "technician")


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
    place: str
    description: str
    contact_name: str
    contact_phone: str
    appointment_start: datetime | None
    appointment_end: datetime | None
    eta: datetime | None
    hold_until: datetime | None
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


async def repairs(rows: Sequence[Ticket]) -> list[RepairView]:
    days = (await policy.current()).reopen_days
    return [_repair(row, days) for row in rows]


async def jobs(rows: Sequence[Ticket]) -> list[JobView]:
    days = (await policy.current()).reopen_days
    return [_job(row, days) for row in rows]


def _repair(row: Ticket, reopen_days: int) -> RepairView:
    return RepairView(
        id=row.id,
        number=row.number,
        status=row.status,
        category=row.category.name,
        category_code=row.category.code,
        area=row.area,
        place=row.place,
        description=row.description,
        created_at=row.created_at,
        appointment_start=row.appointment_start,
        appointment_end=row.appointment_end,
        technician=row.technician.name if row.technician else "",
        phone=row.technician.phone if row.technician else "",
        eta=row.eta,
        promised=_promised(row),
        hold_reason=row.hold_reason,
        hold_until=row.hold_until,
        finished_at=row.finished_at,
        rating_speed=row.rating_speed,
        rating_quality=row.rating_quality,
        reopened_count=row.reopened_count,
        can=frozenset(moves.possible(row, actor=actors.person(row.reporter_id), reopen_days=reopen_days)),
    )


def _promised(row: Ticket) -> datetime | None:
    match row.status:
        case TicketStatus.CONFIRMED:
            return row.eta
        case TicketStatus.ON_HOLD:
            return row.hold_until
    return None


def _job(row: Ticket, reopen_days: int) -> JobView:
    return JobView(
        id=row.id,
        number=row.number,
        status=row.status,
        category=row.category.name,
        community=row.community.name,
        house=row.house.label if row.house and places.at_the_house(row) else "",
        room=row.house.room if row.house else "",
        place=row.place,
        description=row.description,
        contact_name=row.contact_name,
        contact_phone=row.contact_phone,
        appointment_start=row.appointment_start,
        appointment_end=row.appointment_end,
        eta=row.eta,
        hold_until=row.hold_until,
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
