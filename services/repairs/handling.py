"""What customer service decides on a repair: accept, decline, cancel, put off, pause, look for a technician again."""

from collections.abc import Mapping
from datetime import datetime

from models.people import Technician
from models.tickets import Ticket, TicketStatus
from services import clock
from services.actors import Actor
from services.errors import Invalid
from services.events import EventView
from services.outbox import Value
from services.repairs import categories, dispatch, holding, job_sheet, merging, tickets
from services.repairs.moves import Verb


async def accept(ticket_id: int, *, actor: Actor) -> None:
    """受理 before anybody is sent."""
    ticket = await holding.lock(ticket_id, actor=actor)
    event = await tickets.move(ticket, Verb.ACCEPT, actor=actor)
    await tickets.tell_reporter(ticket, "repair.accepted", event)


async def decline(ticket_id: int, *, actor: Actor, reason: str) -> None:
    """不予受理; the resident hears why. Raises Invalid without a reason."""
    if not reason.strip():
        raise Invalid("ticket.reason_needed")
    ticket = await holding.lock(ticket_id, actor=actor)
    event = await tickets.move(ticket, Verb.DECLINE, actor=actor, note=reason)
    await tickets.withdraw_unsent(ticket)
    await tickets.tell_reporter(ticket, "repair.declined", event, {"reason": reason})
    await tickets.tell_followers(ticket, "repair.followed_declined", event, {"reason": reason})


async def cancel(ticket_id: int, *, actor: Actor, reason: str = "") -> None:
    """On the resident's word by phone; both sides are told. For others who reported the same, it goes on."""
    ticket = (await holding.families([ticket_id], actor=actor))[ticket_id]
    if ticket.status is TicketStatus.DUPLICATE:
        return await merging.leave(ticket_id, actor=actor, reason=reason)
    if await merging.withdraw(ticket, actor=actor, reason=reason):
        return None
    event = await tickets.move(ticket, Verb.CANCEL, actor=actor, note=reason)
    await tickets.withdraw_unsent(ticket)
    await tickets.tell_reporter(ticket, "repair.cancelled", event, {"reason": reason})
    technician = await Technician.filter(id=ticket.technician_id or 0).first()
    if technician is not None and technician.person_id is not None:
        await tickets.tell(ticket, technician.person_id, "job.cancelled", event, {"reason": reason})
    await tickets.tell_followers(ticket, "repair.followed_cancelled", event)
    return None


async def reschedule(ticket_id: int, *, actor: Actor, eta: datetime) -> None:
    """Another time was agreed by phone; both sides are told. Raises Invalid for a past time."""
    if eta <= clock.now():
        raise Invalid("job.eta_past")
    ticket = await holding.lock(ticket_id, actor=actor)
    technician = await Technician.get(id=ticket.technician_id or 0) if ticket.technician_id else None
    changes = {"eta": eta}
    event = await tickets.move(ticket, Verb.RESCHEDULE, actor=actor, changes=changes)
    await tickets.tell_reporter(ticket, "repair.confirmed", event, _visit(technician, eta))
    if technician is not None:
        await job_sheet.tell(ticket, technician, "job.rescheduled", event, {"eta": eta.isoformat()})


async def hold(ticket_id: int, *, actor: Actor, reason: str, until: datetime | None = None) -> None:
    """暂停 on the word of either side; both are told. Raises Invalid without a reason, and for a past day."""
    if not reason.strip():
        raise Invalid("ticket.reason_needed")
    if until is not None and until <= clock.now():
        raise Invalid("job.until_past")
    ticket = await holding.lock(ticket_id, actor=actor)
    changes = {"hold_reason": reason[:100], "hold_until": until}
    event = await tickets.move(ticket, Verb.HOLD, actor=actor, note=reason, changes=changes)
    said: dict[str, Value] = {"reason": reason, "until": tickets.iso(until)}
    await _tell_both(ticket, event, "repair.on_hold", "job.held", said)


async def resume(ticket_id: int, *, actor: Actor) -> None:
    """The pause is over; both are told."""
    ticket = await holding.lock(ticket_id, actor=actor)
    changes = {"hold_reason": "", "hold_until": None}
    event = await tickets.move(ticket, Verb.RESUME, actor=actor, changes=changes)
    await _tell_both(ticket, event, "repair.resumed", "job.resumed", {})


async def prioritize(ticket_id: int, *, urgent: bool, actor: Actor) -> None:
    """加急, or not after all. Whoever has the job hears of it; a new one is dispatched at once."""
    ticket = await holding.lock(ticket_id, actor=actor)
    await tickets.check(ticket, Verb.PRIORITIZE, actor=actor)
    if ticket.urgent == urgent:
        return
    category, new = await categories.by_id(ticket.category_id), ticket.status is TicketStatus.SUBMITTED
    event = await tickets.move(
        ticket,
        Verb.PRIORITIZE,
        actor=actor,
        changes={"urgent": urgent},
        body={"urgent": [not urgent, urgent]},
        beside=await dispatch.settling(ticket, category, urgent=urgent, anew=urgent) if new else (),
    )
    technician = await _technician(ticket)
    if urgent and technician is not None:
        await job_sheet.tell(ticket, technician, "job.prioritized", event)


async def remark(ticket_id: int, text: str, *, actor: Actor) -> None:
    """A word for whoever works on it: colleagues read it on the ticket, the technician in the chat, no resident."""
    if not text.strip():
        raise Invalid("ticket.remark_empty")
    ticket = (await holding.reach(ticket_id, actor=actor)).ticket
    event = await tickets.move(ticket, Verb.REMARK, actor=actor, note=text)
    technician = await _technician(ticket)
    if technician is not None and technician.person_id is not None:
        await tickets.tell(ticket, technician.person_id, "job.office_remark", event, {"text": text})


async def look_again(ticket_id: int, *, actor: Actor) -> None:
    """Have the dispatcher try once more, for instance when somebody came on duty."""
    ticket = await holding.lock(ticket_id, actor=actor)
    await dispatch.again(ticket)


async def _technician(ticket: Ticket) -> Technician | None:
    return await Technician.filter(id=ticket.technician_id or 0).first()


async def _tell_both(
    ticket: Ticket, event: EventView, to_resident: str, to_technician: str, said: Mapping[str, Value]
) -> None:
    technician = await _technician(ticket)
    who: dict[str, Value] = {
        "technician": technician.name if technician else "",
        "phone": technician.phone if technician else "",
    }
    await tickets.tell_reporter(ticket, to_resident, event, {**said, **who})
    if technician is not None and technician.person_id is not None:
        await tickets.tell(ticket, technician.person_id, to_technician, event, said)


def _visit(technician: Technician | None, eta: datetime) -> dict[str, Value]:
    return {
        "technician": technician.name if technician else "",
        "phone": technician.phone if technician else "",
        "eta": eta.isoformat(),
    }
