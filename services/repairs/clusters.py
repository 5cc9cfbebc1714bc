"""Seeing that several households report one fault: it is proposed to staff as one, and merged only by them."""

from collections.abc import Iterable
from datetime import timedelta

from models.community import Building, House
from models.events import SubjectKind
from models.faults import FaultProposal, ProposalStatus
from models.tasks import TaskKind
from models.tickets import Ticket
from services import clock, events, policy, staff_tasks, work
from services.actors import SYSTEM
from services.events import Subject
from services.repairs import categories
from services.repairs.moves import UNFINISHED

REASON = "same_fault"
_SETTLED = timedelta(days=1)  # what was called no one thing is not proposed again before


async def look(ticket: Ticket) -> None:
    """Whether this report makes a cluster of what came shortly before out of its building, or belongs to one."""
    house = await House.filter(id=ticket.house_id or 0).first()
    if house is None:
        return None
    if _among(ticket, await _proposals(ticket, house.building_id)):
        return None
    await work.lock(Building.filter(id=house.building_id))  # two reports at once make one proposal
    known = await _proposals(ticket, house.building_id)
    if _among(ticket, known):
        return None
    for one in known:
        if await _goes_on(one, ticket):
            return await _grow(one, ticket)
    return await _begin(ticket, house.building_id, {each for one in known for each in one.tickets})


def _among(ticket: Ticket, known: Iterable[FaultProposal]) -> bool:
    return any(ticket.id in one.tickets for one in known)


def subject(proposal: FaultProposal) -> Subject:
    return Subject(SubjectKind.FAULT, proposal.id, proposal.community_id)


def task_key(proposal: FaultProposal) -> str:
    """Of the task that asks for this decision; each decision has its own."""
    return f"{REASON}:{proposal.id}:{proposal.decided}"


async def households(ticket_ids: Iterable[int]) -> int:
    """From how many houses these came; whoever named none counts as one."""
    rows = await Ticket.filter(id__in=list(ticket_ids)).only("house_id", "reporter_id")
    return len({(row.house_id, None if row.house_id else row.reporter_id) for row in rows})


async def ask(proposal: FaultProposal) -> None:
    """The task that asks staff; what is open already says the new number."""
    building = await Building.get(id=proposal.building_id)
    values: dict[str, staff_tasks.Value] = {
        "building": building.number,
        "category": (await categories.by_id(proposal.category_id)).name,
        "count": await households(proposal.tickets),
    }
    task = await staff_tasks.add(
        TaskKind.DISPATCH,
        REASON,
        key=task_key(proposal),
        values=values,
        community_id=proposal.community_id,
    )
    await staff_tasks.renew(task, values)


async def _proposals(ticket: Ticket, building_id: int) -> list[FaultProposal]:
    """Those of the building and the trade that may still concern it, newest first."""
    found = FaultProposal.filter(building_id=building_id, category_id=ticket.category_id)
    return await found.filter(last_at__gte=ticket.created_at - _SETTLED).order_by("-id")


async def _goes_on(proposal: FaultProposal, ticket: Ticket) -> bool:
    """Whether the report belongs to it: soon after the last, or while what was merged is not mended."""
    if proposal.status is ProposalStatus.REFUSED:
        return False
    if proposal.status is ProposalStatus.MERGED:
        return await Ticket.exists(id=proposal.main_id or 0, status__in=list(UNFINISHED))
    window = timedelta(minutes=(await policy.current()).same_fault_minutes)
    return ticket.created_at - window <= proposal.last_at


async def _grow(proposal: FaultProposal, ticket: Ticket) -> None:
    held = await work.lock(FaultProposal.filter(id=proposal.id))
    if held is None:
        return
    before = held.status
    held.tickets = [*held.tickets, ticket.id]
    held.last_at = max(held.last_at, ticket.created_at)
    held.status = ProposalStatus.OPEN
    await held.save(update_fields=["tickets", "last_at", "status"])
    await events.record(
        subject(held), "grew", actor=SYSTEM, before=before, after=held.status, note=ticket.number
    )
    await ask(held)


async def _begin(ticket: Ticket, building_id: int, decided: set[int]) -> None:
    rules = await policy.current()
    since = ticket.created_at - timedelta(minutes=rules.same_fault_minutes)
    rows = Ticket.filter(
        community_id=ticket.community_id,
        category_id=ticket.category_id,
        house__building_id=building_id,
        status__in=list(UNFINISHED),
        created_at__gte=since,
        created_at__lte=ticket.created_at,
    )
    near = [row for row in await rows.order_by("id") if row.id not in decided]
    if len({row.house_id for row in near}) < rules.same_fault_households:
        return
    made = await FaultProposal.create(
        community_id=ticket.community_id,
        building_id=building_id,
        category_id=ticket.category_id,
        tickets=[row.id for row in near],
        last_at=ticket.created_at,
        created_at=clock.now(),
    )
    await events.record(subject(made), "proposed", actor=SYSTEM, after=made.status)
    await ask(made)
