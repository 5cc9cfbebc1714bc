"""Writing a new ticket down: the busiest write of the chat, so two statements instead of five."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TypedDict

from models.tickets import Area, Ticket
from services import clock
from services.repairs import numbers


class Told(TypedDict, total=False):
    """What the reporter may leave out; `Report` says what counts then."""

    house_id: int | None
    area: Area
    place: str
    description: str
    contact_name: str
    contact_phone: str
    appointment_start: datetime | None
    appointment_end: datetime | None
    urgent: bool
    source: str


@dataclass(frozen=True, slots=True)
class Report:
    person_id: int
    community_id: int
    category_id: int
    house_id: int | None = None
    area: Area = Area.HOME
    place: str = ""
    description: str = ""
    contact_name: str = ""
    contact_phone: str = ""
    appointment_start: datetime | None = None
    appointment_end: datetime | None = None
    urgent: bool = False
    source: str = "chat"


@dataclass(frozen=True, slots=True)
class Submitted:
    id: int
    number: str


_NEXT = "SELECT nextval(pg_get_serial_sequence('ticket', 'id')) AS id"

# The ticket, its first event, its photos and the timer that has it dispatched, all or nothing.
_WRITE = """
WITH written AS (
    INSERT INTO ticket (
        id, number, reporter_id, community_id, category_id, house_id, area, place, description, contact_name,
        contact_phone, appointment_start, appointment_end, urgent, source, created_at,
        status, hold_reason, reopened_count, reassigned_count, urged_count, materials, finish_note,
        rating_reasons, rating_remark
    ) VALUES (
        $1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16,
        'submitted', '', 0, 0, 0, '', '', '[]', ''
    ) RETURNING id
), event AS (
    INSERT INTO ticket_event (ticket_id, verb, actor, from_status, to_status, note, body, at)
    SELECT id, 'submit', 'person:' || $3::int, '', 'submitted', '', '{}', $16 FROM written
), photo AS (
    INSERT INTO ticket_photo (ticket_id, media_id, stage)
    SELECT id, unnest($17::bigint[]), 'before' FROM written
)
INSERT INTO timer (key, kind, subject_id, due_at, note, attempts)
SELECT 'dispatch:' || id, 'dispatch', id, $16, '{}', 0 FROM written
RETURNING subject_id
"""


async def write(report: Report, *, photos: Sequence[int]) -> Submitted:
    connection = Ticket._meta.db  # inside the caller's transaction this is the transaction
    rows = await connection.execute_query_dict(_NEXT)
    ticket_id: int = rows[0]["id"]
    number = numbers.of(ticket_id)
    await connection.execute_query_dict(
        _WRITE,
        [
            ticket_id,
            number,
            report.person_id,
            report.community_id,
            report.category_id,
            report.house_id,
            report.area,
            report.place[:100],
            report.description,
            report.contact_name[:32],
            report.contact_phone[:20],
            report.appointment_start,
            report.appointment_end,
            report.urgent,
            report.source,
            clock.now(),
            list(photos),
        ],
    )
    return Submitted(ticket_id, number)
