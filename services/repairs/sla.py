"""What happens when a ticket's clock rings: reminder, reassignment, escalation, closing."""

from datetime import datetime

from models.people import Technician
from models.tickets import Ticket, TicketStatus
from models.timers import Timer
from models.values import Json
from services import clock, policy
from services.actors import SYSTEM
from services.repairs import deadlines, dispatch, escalation, holding, job_sheet, ratings, tickets
from services.repairs.deadlines import Step
from services.repairs.moves import Verb


async def ring(ticket_id: int, note: Json) -> None:
    ticket = await holding.lock(ticket_id, actor=SYSTEM)
    if ticket.status != note["status"] or not await _still_due(ticket_id):
        return
    if note["step"] == Step.REMIND:
        await _remind(ticket, note["act_at"])
    else:
        await _act(ticket)


async def _still_due(ticket_id: int) -> bool:
    """The clock may have been moved while this waited for the ticket."""
    return await Timer.exists(key=f"{deadlines.KIND}:{ticket_id}", due_at__lte=clock.now())


async def _remind(ticket: Ticket, act_at: str) -> None:
    if ticket.status is TicketStatus.AWAITING_RESIDENT:
        await ratings.announce_closing(ticket, act_at)
    else:
        await _remind_technician(ticket, act_at)
    await deadlines.watch_deadline(ticket, datetime.fromisoformat(act_at))


async def _remind_technician(ticket: Ticket, act_at: str) -> None:
    technician = await Technician.filter(id=ticket.technician_id or 0).first()
    if technician is None or technician.person_id is None:
        return
    event = await tickets.move(ticket, Verb.REMIND, actor=SYSTEM, note=ticket.status)
    said = await job_sheet.values(ticket) | {"status": ticket.status, "until": act_at}
    await tickets.tell(ticket, technician.person_id, "job.reminder", event, said)


async def _act(ticket: Ticket) -> None:
    match ticket.status:
        case TicketStatus.DISPATCHED:
            await _replace(ticket)
        case TicketStatus.AWAITING_RESIDENT:
            await ratings.close(ticket.id, actor=SYSTEM)
        case _:
            await escalation.escalate(ticket, _REASONS[ticket.status])


async def _replace(ticket: Ticket) -> None:
    """Silence: the next technician, until enough were tried."""
    tried = ticket.reassigned_count >= (await policy.current()).reassignments
    if tried or not await dispatch.reassign(ticket, note="silence"):
        await escalation.escalate(ticket, "silence")


_REASONS = {
    TicketStatus.SUBMITTED: "unassigned",
    TicketStatus.ACCEPTED: "unassigned",
    TicketStatus.CONFIRMED: "late",
    TicketStatus.IN_PROGRESS: "unfinished",
    TicketStatus.ON_HOLD: "held_too_long",
}
