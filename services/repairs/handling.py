"""What customer service decides on a repair: accept, decline, cancel, put off, look for a technician again."""

from datetime import datetime

from models.people import Technician
from services.actors import Actor
from services.errors import Invalid
from services.outbox import Value
from services.repairs import dispatch, job_sheet, tickets
from services.repairs.moves import Verb


async def accept(ticket_id: int, *, actor: Actor) -> None:
    """受理 before anybody is sent."""
    ticket = await tickets.lock(ticket_id, actor=actor)
    event = await tickets.move(ticket, Verb.ACCEPT, actor=actor)
    await tickets.tell_reporter(ticket, "repair.accepted", event)


async def decline(ticket_id: int, *, actor: Actor, reason: str) -> None:
    """不予受理; the resident hears why. Raises Invalid without a reason."""
    if not reason.strip():
        raise Invalid("ticket.reason_needed")
    ticket = await tickets.lock(ticket_id, actor=actor)
    event = await tickets.move(ticket, Verb.DECLINE, actor=actor, note=reason)
    await tickets.withdraw_unsent(ticket)
    await tickets.tell_reporter(ticket, "repair.declined", event, {"reason": reason})
    await tickets.tell_followers(ticket, "repair.followed_declined", event, {"reason": reason})


async def cancel(ticket_id: int, *, actor: Actor, reason: str = "") -> None:
    """On the resident's word by phone; both sides are told."""
    ticket = await tickets.lock(ticket_id, actor=actor)
    event = await tickets.move(ticket, Verb.CANCEL, actor=actor, note=reason)
    await tickets.withdraw_unsent(ticket)
    await tickets.tell_reporter(ticket, "repair.cancelled", event, {"reason": reason})
    technician = await Technician.filter(id=ticket.technician_id or 0).first()
    if technician is not None and technician.person_id is not None:
        await tickets.tell(ticket, technician.person_id, "job.cancelled", event, {"reason": reason})
    await tickets.tell_followers(ticket, "repair.followed_cancelled", event)


async def reschedule(ticket_id: int, *, actor: Actor, eta: datetime) -> None:
    """Another time was agreed by phone; both sides are told."""
    ticket = await tickets.lock(ticket_id, actor=actor)
    technician = await Technician.get(id=ticket.technician_id or 0) if ticket.technician_id else None
    changes = {"eta": eta}
    event = await tickets.move(ticket, Verb.RESCHEDULE, actor=actor, changes=changes)
    await tickets.tell_reporter(ticket, "repair.confirmed", event, _visit(technician, eta))
    if technician is not None:
        await job_sheet.tell(ticket, technician, "job.rescheduled", event, {"eta": eta.isoformat()})


async def look_again(ticket_id: int, *, actor: Actor) -> None:
    """Have the dispatcher try once more, for instance when somebody came on duty."""
    ticket = await tickets.lock(ticket_id, actor=actor)
    await dispatch.again(ticket)


def _visit(technician: Technician | None, eta: datetime) -> dict[str, Value]:
    return {
        "technician": technician.name if technician else "",
        "phone": technician.phone if technician else "",
        "eta": eta.isoformat(),
    }
