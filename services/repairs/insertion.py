"""Writing a new ticket down: the busiest write of the chat, so one statement instead of five."""

from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import datetime

from models import rows
from models.tickets import Area, Ticket
from services import clock
from services.actors import Actor, ActorKind


@dataclass(frozen=True, slots=True)
class Report:
    """What somebody tells of a fault. The reporter is the one whose ticket it becomes, whoever writes it down.

    Each name but the category's is a column of the ticket.
    """

    reporter_id: int
    community_id: int
    category_code: str
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


COLUMNS = tuple(field.name for field in fields(Report) if field.name != "category_code")
_LONGEST = {"place": 100, "contact_name": 32, "contact_phone": 20}  # characters that the columns hold

_FIRST = 10  # the number of the first parameter that a column of the report fills

# The ticket, its first event, its photos and the timer that has it dispatched, all or nothing. Its number is made by
# migration 0032, as services/repairs/numbers makes it.
_WRITE = f"""
WITH fresh AS (
    SELECT nextval(pg_get_serial_sequence('ticket', 'id'))::int AS id
), written AS (
    INSERT INTO ticket (
        id, number, category_id, created_at, respond_by, arrive_by, {", ".join(COLUMNS)},
        status, hold_reason, reopened_count, reassigned_count, urged_count, materials, finish_note,
        rating_reasons, rating_remark
    ) SELECT
        id, ticket_number(id), $1, $2, $8, $9, {", ".join(f"${_FIRST + at}" for at in range(len(COLUMNS)))},
        'submitted', '', 0, 0, 0, '', '', '[]', ''
    FROM fresh RETURNING id, number, community_id
), recorded AS (
    INSERT INTO event (
        subject_kind, subject_id, community_id, verb, actor_kind, actor_id, status_before, status_after,
        note, body, at
    )
    SELECT 'ticket', id, community_id, 'submit', $3, $4::bigint, '', 'submitted', '', '{{}}', $2 FROM written
), photo AS (
    INSERT INTO ticket_photo (ticket_id, media_id, stage)
    SELECT id, unnest($5::bigint[]), 'before' FROM written
), timed AS (
    INSERT INTO timer (key, kind, subject_id, due_at, note, attempts)
    SELECT $6 || ':' || id, $6, id, $7, '{{}}', 0 FROM written
)
SELECT id, number FROM written
"""  # noqa: S608 - names of columns only


async def write(
    report: Report,
    *,
    category_id: int,
    photos: Sequence[int],
    deadlines: tuple[datetime, datetime],
    look_at: datetime,
    timer: str,
    actor: Actor,
) -> Submitted:
    """`timer` is the kind of the timer that rings at `look_at`; it begins what comes next.

    `deadlines` are until when to answer and to come.
    """
    doer = None if actor.kind is ActorKind.SYSTEM else actor.id
    [made] = await rows.records(
        Ticket,
        _WRITE,
        category_id,
        clock.now(),
        actor.kind,
        doer,
        list(photos),
        timer,
        look_at,
        *deadlines,
        *(fitting(report, name) for name in COLUMNS),
    )
    return Submitted(made["id"], made["number"])


def fitting(report: Report, column: str) -> object:
    """The value as the column holds it."""
    value: object = getattr(report, column)
    return value[: _LONGEST[column]] if isinstance(value, str) and column in _LONGEST else value
