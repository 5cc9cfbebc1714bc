"""Calling the supervisor: a task on the desk and a message to whoever leads the technicians there."""

from tortoise.expressions import Q

from models.community import Community
from models.people import Role, Staff
from models.tasks import TaskKind
from models.tickets import Ticket
from services import staff_tasks
from services.actors import SYSTEM
from services.events import EventView
from services.repairs import tickets
from services.repairs.moves import Verb


async def escalate(ticket: Ticket, reason: str) -> None:
    """`reason` is a word for the desk and the phrase: no_candidate, silence, late, unfinished, …"""
    event = await tickets.move(ticket, Verb.ESCALATE, actor=SYSTEM, note=reason)
    await _put_on_list(ticket, event, reason)
    for person_id in await supervisors(ticket.community_id):
        await tickets.tell(ticket, person_id, "job.escalated", event, {"reason": reason})


async def supervisors(community_id: int) -> list[int]:
    """Persons of the active supervisors of the community's office, or of the whole company."""
    office_id = (await Community.get(id=community_id)).office_id
    found = Staff.filter(active=True, role=Role.SUPERVISOR, person_id__isnull=False)
    rows = await found.filter(Q(office_id=office_id) | Q(office_id__isnull=True)).order_by("id")
    return [row.person_id for row in rows if row.person_id is not None]


async def _put_on_list(ticket: Ticket, event: EventView, reason: str) -> None:
    await staff_tasks.add(
        TaskKind.DISPATCH if reason == "no_candidate" else TaskKind.ESCALATION,
        reason,
        key=f"escalation:{ticket.id}:{event.id}",
        community_id=ticket.community_id,
        person_id=ticket.reporter_id,
        ticket_id=ticket.id,
    )
