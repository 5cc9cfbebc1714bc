"""Giving a ticket to a technician: by itself, by grabbing 抢单, or by hand."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from tortoise.backends.base.client import BaseDBAsyncClient

from models.events import SubjectKind
from models.people import Technician
from models.rows import Part
from models.tasks import TaskKind
from models.tickets import DispatchMode, Ticket, TicketStatus
from models.values import Json
from services import actors, clock, events, policy, staff_tasks, timers, worktime
from services.actors import SYSTEM, Actor, ActorKind
from services.errors import NotAllowed, NotFound
from services.events import EventView
from services.repairs import (
    categories,
    clusters,
    deadlines,
    escalation,
    holding,
    job_sheet,
    technicians,
    tickets,
)
from services.repairs.categories import CategoryView
from services.repairs.moves import NEW, Verb
from services.scope import Field

KIND = "dispatch"
_TURN = 0x6469_7370  # the advisory lock under which loads are compared, one dispatcher at a time


async def run(ticket_id: int, note: Json) -> None:
    """Dispatch a new ticket by the mode of its category. Safe to run again at any time."""
    named = await Ticket.filter(id=ticket_id, status__in=list(NEW)).first()
    if named is None:
        return
    await clusters.look(
        named
    )  # before it is held: whoever decides on a proposal holds that, then its tickets
    ticket = await holding.lock(ticket_id, actor=SYSTEM)
    if ticket.status not in NEW:
        return
    category = await categories.by_id(ticket.category_id)
    if category.dispatch is DispatchMode.MANUAL:
        await _leave_to_staff(ticket)
    elif category.dispatch is DispatchMode.GRAB and not note.get("offered"):
        await _offer(ticket, category)
    else:
        await _choose(ticket, category)


async def first_look(category: CategoryView, *, urgent: bool) -> datetime:
    """When to look for somebody for a new report: soon, so that it can still be put right, or at once."""
    at_once = urgent or category.always
    return clock.now() + timedelta(seconds=0 if at_once else (await policy.current()).settle_seconds)


async def settling(ticket: Ticket, category: CategoryView, *, urgent: bool, anew: bool) -> list[Part]:
    """A new ticket is put right: it settles again, or looks `anew` when somebody else may have to do it.

    To be written beside the event that says so.
    """
    at = await first_look(category, urgent=urgent)
    if anew:
        return [timers.setting(KIND, ticket.id, at)]
    return [timers.moving(KIND, ticket.id, at)] if ticket.status is TicketStatus.SUBMITTED else []


async def settle_again(ticket: Ticket, category: CategoryView) -> None:
    """What was decided about a new ticket was taken back: after a while it looks for somebody as before."""
    if not await timers.is_set(KIND, ticket.id):
        await timers.set_timer(KIND, ticket.id, await first_look(category, urgent=False))


async def again(ticket: Ticket) -> None:
    """Look for somebody again: after a refusal, or when staff ask for it."""
    await timers.set_timer(KIND, ticket.id, clock.now())


async def assign(ticket_id: int, *, technician_id: int, actor: Actor) -> None:
    """派单 by staff: to this technician, whoever has it now. Raises NotFound for a technician outside their scope."""
    ticket = await holding.lock(ticket_id, actor=actor)
    crew = await technicians.within(actor.doing(Field.REPAIRS))
    technician = next((one for one in crew if one.id == technician_id), None)
    if technician is None:
        raise NotFound("technician.not_found")
    if ticket.technician_id == technician.id:
        raise NotAllowed("ticket.has_it_already", number=ticket.number, technician=technician.name)
    if ticket.status in NEW:
        await give(ticket, technician, actor=actor)
    else:
        await pass_on(ticket, technician, Verb.REASSIGN, actor=actor)


async def give(ticket: Ticket, technician: Technician, *, actor: Actor) -> None:
    """A ticket that nobody has yet becomes this technician's."""
    if ticket.status is TicketStatus.SUBMITTED:
        await tickets.move(ticket, Verb.ACCEPT, actor=actor if actor.kind in _OFFICE else SYSTEM)
    event = await tickets.move(
        ticket, Verb.DISPATCH, actor=actor, changes=_of(technician), body={"technician": technician.id}
    )
    await _tell_new(ticket, technician, event)


async def pass_on(
    ticket: Ticket, technician: Technician, verb: Verb, *, actor: Actor, note: str = ""
) -> None:
    """From the technician who has it to another (REASSIGN, TRANSFER)."""
    before = ticket.technician_id
    changes = _of(technician) | {"reassigned_count": ticket.reassigned_count + 1}
    event = await tickets.move(
        ticket,
        verb,
        actor=actor,
        note=note,
        changes=changes,
        body={"technician": technician.id, "before": before},
    )
    if actor != actors.technician(before or 0):
        await _tell_former(ticket, before, event)
    await _tell_new(ticket, technician, event)


async def reassign(ticket: Ticket, *, note: str) -> bool:
    """Give a job to the next candidate, for a reason ("silence", "unfit"). False when there is none."""
    category = await categories.by_id(ticket.category_id)
    await _take_turns()
    found = await _candidates(ticket, category)
    if not found:
        return False
    await pass_on(ticket, found[0], Verb.REASSIGN, actor=SYSTEM, note=note)
    return True


_OFFICE = frozenset({ActorKind.STAFF, ActorKind.SYSTEM})


async def _leave_to_staff(ticket: Ticket) -> None:
    again = await events.of(SubjectKind.TICKET, ticket.id, verbs=(Verb.UNMERGE,))
    await staff_tasks.add(
        TaskKind.DISPATCH,
        "manual",
        key=f"dispatch:{ticket.id}:{ticket.status}" + (f":{again[-1].id}" if again else ""),
        community_id=ticket.community_id,
        person_id=ticket.reporter_id,
        ticket_id=ticket.id,
    )
    await deadlines.watch(ticket)


async def _offer(ticket: Ticket, category: CategoryView) -> None:
    """Ask all candidates at once; whom nobody answers in time is assigned."""
    found = await _candidates(ticket, category)
    if not found:
        return await _choose(ticket, category)
    event = await _accept(ticket)
    for technician in found:
        await job_sheet.tell(ticket, technician, "job.offered", event)
    at = await deadlines.later(category, (await policy.current()).grab_minutes)
    return await timers.set_timer(KIND, ticket.id, at, note={"offered": True})


async def _choose(ticket: Ticket, category: CategoryView) -> None:
    await _take_turns()
    found = await _candidates(ticket, category)
    if found:
        return await give(ticket, found[0], actor=SYSTEM)
    await _accept(ticket)
    hours = await worktime.of_repairs()
    if not category.always and not hours.is_open(clock.now()):
        return await timers.set_timer(KIND, ticket.id, hours.next_open(clock.now()))
    return await escalation.escalate(ticket, "no_candidate")


async def _accept(ticket: Ticket) -> EventView:
    """受理, told to the resident once; a ticket that came back from a technician was accepted before."""
    if ticket.status is not TicketStatus.SUBMITTED:
        return (await events.of(SubjectKind.TICKET, ticket.id))[-1]  # it begins with one
    event = await tickets.move(ticket, Verb.ACCEPT, actor=SYSTEM)
    await tickets.tell_reporter(ticket, "repair.accepted", event)
    return event


async def _candidates(ticket: Ticket, category: CategoryView) -> list[Technician]:
    """Those who have not let it go before."""
    gone = await _had(ticket)
    return await technicians.candidates(category, ticket.community_id, without=gone)


async def _had(ticket: Ticket) -> Sequence[int]:
    """Technicians who have it, or had it and refused it, handed it on or stayed silent."""
    gone = await events.of(SubjectKind.TICKET, ticket.id, verbs=(Verb.REFUSE, Verb.REASSIGN, Verb.TRANSFER))
    had = {ticket.technician_id, *(event.body.get("before") for event in gone)}
    return [one for one in had if isinstance(one, int)]


async def _take_turns() -> None:
    """Two dispatchers at once would both see the same technician idle. Held until the transaction ends."""
    connection: BaseDBAsyncClient = Ticket._meta.db
    await connection.execute_query("SELECT pg_advisory_xact_lock($1)", [_TURN])


def _of(technician: Technician) -> dict[str, object]:
    return {"technician_id": technician.id, "eta": None, "hold_reason": "", "hold_until": None}


async def _tell_new(ticket: Ticket, technician: Technician, event: EventView) -> None:
    """The technician gets the job, the resident hears who comes."""
    who: dict[str, str | int | None] = {"technician": technician.name, "phone": technician.phone}
    await tickets.tell_reporter(ticket, "repair.dispatched", event, who)
    await job_sheet.tell(ticket, technician, "job.assigned", event)


async def _tell_former(ticket: Ticket, technician_id: int | None, event: EventView) -> None:
    former = await Technician.filter(id=technician_id or 0).first()
    if former is not None and former.person_id is not None:
        await tickets.withdraw_unsent(ticket, person_id=former.person_id)
        await tickets.tell(ticket, former.person_id, "job.reassigned", event)
