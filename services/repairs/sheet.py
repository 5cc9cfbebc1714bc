"""One ticket with everything that staff need to know about it."""

from dataclasses import dataclass
from datetime import datetime

from models.events import SubjectKind
from models.tickets import Ticket
from services import events
from services.actors import Actor
from services.events import Subject
from services.repairs import tickets, views
from services.repairs.views import TicketLine
from services.scope import Field


@dataclass(frozen=True, slots=True)
class TicketSheet:
    """`contact_phone` is in full; reading it is recorded. Stars are 1 to 5, None before anybody rated."""

    line: TicketLine
    contact_name: str
    contact_phone: str
    appointment_start: datetime | None
    appointment_end: datetime | None
    eta: datetime | None
    urgent: bool
    urged_count: int
    hold_reason: str
    hold_until: datetime | None
    materials: str
    cost_fen: int | None
    finish_note: str
    rating_speed: int | None
    rating_quality: int | None
    rating_reasons: tuple[str, ...]
    rating_remark: str


async def of(number: str, *, actor: Actor) -> TicketSheet | None:
    """By its number however it is written; None outside of their scope, too."""
    found = tickets.by_number(number).filter(actor.seeing(Field.REPAIRS).rows())
    row = await found.select_related(*views.LINE).first()
    if row is None:
        return None
    if row.contact_phone:
        subject = Subject(SubjectKind.PERSON, row.reporter_id, row.community_id)
        await events.record(subject, "phone_read", actor=actor, note=row.number)
    return _sheet(row)


def _sheet(row: Ticket) -> TicketSheet:
    return TicketSheet(
        line=views.line(row),
        contact_name=row.contact_name,
        contact_phone=row.contact_phone,
        appointment_start=row.appointment_start,
        appointment_end=row.appointment_end,
        eta=row.eta,
        urgent=row.urgent,
        urged_count=row.urged_count,
        hold_reason=row.hold_reason,
        hold_until=row.hold_until,
        materials=row.materials,
        cost_fen=row.cost_fen,
        finish_note=row.finish_note,
        rating_speed=row.rating_speed,
        rating_quality=row.rating_quality,
        rating_reasons=tuple(row.rating_reasons),
        rating_remark=row.rating_remark,
    )
