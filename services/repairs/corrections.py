"""Putting a report right after it was submitted: another time, another place, another fault."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from datetime import datetime

from models.people import Technician
from models.tickets import Ticket, TicketStatus
from services import clock, spelling
from services.actors import SYSTEM, Actor
from services.errors import Invalid
from services.events import EventView
from services.repairs import (
    categories,
    dispatch,
    escalation,
    holding,
    insertion,
    job_sheet,
    technicians,
    tickets,
)
from services.repairs.categories import CategoryView
from services.repairs.insertion import Report
from services.repairs.moves import NEW, Verb

_STAYS = frozenset({"reporter_id", "source"})
_WHOSE = frozenset({"category_id", "community_id", "urgent"})  # decide who can do it, and how soon
_WINDOW = frozenset({"appointment_start", "appointment_end"})

Changes = dict[str, object]  # columns of the ticket
Wish = Callable[[Report], Awaitable[Report]]


@dataclass(frozen=True, slots=True)
class Corrected:
    """How a ticket stands once it was put right; `technician` is the name of whoever has it, "" for nobody."""

    told: Report
    number: str
    status: TicketStatus
    technician: str


async def as_reported(ticket_id: int, *, actor: Actor) -> Report:
    """What was told of the fault, to change with dataclasses.replace and hand to correct.

    Raises NotAllowed once work has begun.
    """
    ticket = await holding.lock(ticket_id, actor=actor)
    await tickets.check(ticket, Verb.CORRECT, actor=actor)
    return await _report(ticket)


async def correct(ticket_id: int, report: Report, *, actor: Actor) -> None:
    """What counts now instead of what was told before. Whoever has the job is told; who cannot do it is replaced.

    Raises Invalid for an unknown category, NotAllowed once work has begun.
    """
    await _change(await holding.lock(ticket_id, actor=actor), Verb.CORRECT, report, actor=actor)


async def amend(ticket_id: int, wish: Wish, *, actor: Actor) -> Corrected:
    """As correct, by what `wish` makes of what was told until now."""
    ticket = await holding.lock(ticket_id, actor=actor)
    await tickets.check(ticket, Verb.CORRECT, actor=actor)
    told = await wish(await _report(ticket))
    await _change(ticket, Verb.CORRECT, told, actor=actor)
    return await _corrected(ticket, told)


def check_window(start: datetime, end: datetime | None) -> None:
    """Raises Invalid for a window that is over, or that ends before it begins."""
    if end is not None and end <= start:
        raise Invalid("repair.appointment_backwards")
    if (end or start) <= clock.now():
        raise Invalid("repair.appointment_past")


async def reschedule(
    ticket_id: int, start: datetime, end: datetime | None = None, *, actor: Actor
) -> Corrected:
    """改约: another time suits the resident, until work begins. Who promised a time outside of it is asked anew.

    Raises what `check_window` raises.
    """
    check_window(start, end)
    ticket = await holding.lock(ticket_id, actor=actor)
    wished = replace(await _report(ticket), appointment_start=start, appointment_end=end)
    await _change(ticket, Verb.APPOINT, wished, actor=actor)
    return await _corrected(ticket, wished)


async def _change(ticket: Ticket, verb: Verb, report: Report, *, actor: Actor) -> None:
    await tickets.check(ticket, verb, actor=actor)
    category = await categories.by_code(report.category_code)
    changes = _differing(ticket, report, category)
    if not changes:
        return
    body = {name: [_noted(name, getattr(ticket, name)), _noted(name, to)] for name, to in changes.items()}
    new, anew = ticket.status in NEW, bool(_WHOSE & changes.keys())
    follows = await dispatch.settling(ticket, category, urgent=report.urgent, anew=anew) if new else ()
    event = await tickets.move(ticket, verb, actor=actor, changes=changes, body=body, beside=follows)
    if not new and not await _replaced(ticket, category):
        await _tell_technician(ticket, verb, event, moved=bool(_WINDOW & changes.keys()))
    if actor.person_id != ticket.reporter_id:
        said = {"appointment": job_sheet.appointment(ticket)}
        phrase = "repair.appointment_moved" if verb is Verb.APPOINT else "repair.corrected"
        await tickets.tell_own(ticket, phrase, event, said)


async def _corrected(ticket: Ticket, told: Report) -> Corrected:
    has_it = await Technician.get(id=ticket.technician_id) if ticket.technician_id is not None else None
    return Corrected(told, ticket.number, ticket.status, has_it.name if has_it else "")


async def _report(ticket: Ticket) -> Report:
    told = {name: getattr(ticket, name) for name in insertion.COLUMNS}
    return Report(**told, category_code=(await categories.by_id(ticket.category_id)).code)


def _differing(ticket: Ticket, report: Report, category: CategoryView) -> Changes:
    told: Changes = {
        name: insertion.fitting(report, name) for name in insertion.COLUMNS if name not in _STAYS
    }
    told["category_id"] = category.id
    return {name: value for name, value in told.items() if getattr(ticket, name) != value}


def _noted(name: str, value: object) -> object:
    """As the event keeps it: who reads what happened need not read phones."""
    if isinstance(value, datetime):
        return value.isoformat()
    return spelling.masked(str(value)) if name == "contact_phone" else value


async def _replaced(ticket: Ticket, category: CategoryView) -> bool:
    """Whether somebody else got the job, because it is none for whoever had it."""
    technician = await Technician.get(id=ticket.technician_id or 0)
    if technicians.fits(technician, category, ticket.community_id):
        return False
    if await dispatch.reassign(ticket, note="unfit"):
        return True
    await escalation.escalate(ticket, "unfit")
    return False


async def _tell_technician(ticket: Ticket, verb: Verb, event: EventView, *, moved: bool) -> None:
    """Who promised a time that no longer suits has to promise another."""
    technician = await Technician.get(id=ticket.technician_id or 0)
    if moved and ticket.eta is not None and not job_sheet.inside(ticket, ticket.eta):
        await tickets.move(ticket, Verb.ASK_AGAIN, actor=SYSTEM, changes={"eta": None})
    asked = moved and ticket.status is TicketStatus.DISPATCHED
    phrase = "job.corrected"
    if verb is Verb.APPOINT:
        phrase = "job.appointment_moved" if asked else "job.appointment_kept"
    more = {"eta": tickets.iso(ticket.eta), "again": int(asked) or None}
    await job_sheet.tell(ticket, technician, phrase, event, more)
