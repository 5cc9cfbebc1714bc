"""What a technician says on the phone, written down by the desk: for those who are not in the chat, or cannot now."""

from datetime import datetime

from models.people import Technician
from models.tickets import Ticket
from services import clock
from services.actors import Actor
from services.errors import Invalid
from services.events import EventView
from services.outbox import Value
from services.repairs import holding, job_sheet, tickets
from services.repairs.moves import Verb

_MATERIALS = 200  # characters


async def confirm(ticket_id: int, *, eta: datetime, actor: Actor) -> None:
    """接单: they take it and say when they will be there. Raises Invalid for a past time."""
    if eta <= clock.now():
        raise Invalid("job.eta_past")
    ticket = await holding.lock(ticket_id, actor=actor)
    event = await tickets.move(ticket, Verb.CONFIRM, actor=actor, changes={"eta": eta})
    said: dict[str, Value] = {"eta": tickets.iso(eta)}
    await _tell(ticket, "repair.confirmed", event, said)
    await job_sheet.tell(ticket, await _technician(ticket), "job.rescheduled", event, said)


async def arrive(ticket_id: int, *, actor: Actor) -> None:
    """到场."""
    ticket = await holding.lock(ticket_id, actor=actor)
    event = await tickets.move(ticket, Verb.ARRIVE, actor=actor)
    await _tell(ticket, "repair.arrived", event, {})


async def finish(
    ticket_id: int, *, actor: Actor, materials: str = "", cost_fen: int | None = None, note: str = ""
) -> None:
    """完工, as it stands on their paper; the resident is asked for stars."""
    ticket = await holding.lock(ticket_id, actor=actor)
    changes = {"materials": materials[:_MATERIALS], "cost_fen": cost_fen, "finish_note": note}
    event = await tickets.move(ticket, Verb.FINISH, actor=actor, note=note, changes=changes)
    done: dict[str, Value] = {"materials": materials, "cost_fen": cost_fen, "note": note}
    await _tell(ticket, "repair.finished", event, done)
    await tickets.tell_followers(ticket, "repair.followed_finished", event)


async def _tell(ticket: Ticket, phrase: str, event: EventView, said: dict[str, Value]) -> None:
    technician = await _technician(ticket)
    who: dict[str, Value] = {"technician": technician.name, "phone": technician.phone}
    await tickets.tell_reporter(ticket, phrase, event, who | said)


async def _technician(ticket: Ticket) -> Technician:
    return await Technician.get(id=ticket.technician_id or 0)
