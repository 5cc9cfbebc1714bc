"""What staff decide about reports that look like one fault: merge them by one tap, or say that they are not."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from models.faults import FaultProposal, ProposalStatus
from models.tickets import Ticket, TicketStatus
from services import clock, events, staff_tasks, work
from services.actors import Actor
from services.errors import NotAllowed, NotFound
from services.repairs import clusters, merging
from services.repairs.moves import MOVES, UNFINISHED, Verb
from services.scope import Field

_FURTHEST = (  # the one on which most is done already lives on
    TicketStatus.IN_PROGRESS,
    TicketStatus.ON_HOLD,
    TicketStatus.CONFIRMED,
    TicketStatus.DISPATCHED,
    TicketStatus.ACCEPTED,
    TicketStatus.SUBMITTED,
)
_SHOWN = 50


@dataclass(frozen=True, slots=True)
class Reported:
    """One report of a proposal. `into` is the id of the ticket that it was merged into."""

    id: int
    number: str
    house: str
    description: str
    status: str
    technician: str
    created_at: datetime
    into: int | None


@dataclass(frozen=True, slots=True)
class ProposalView:
    id: int
    community: str
    building: str
    category: str
    count: int  # households
    main: str  # the number of the ticket that lives; "" before anything was merged
    last_at: datetime
    reports: Sequence[Reported]


async def listed(*, actor: Actor) -> list[ProposalView]:
    """The open ones, the newest first."""
    found = FaultProposal.filter(actor.seeing(Field.REPAIRS).rows(), status=ProposalStatus.OPEN)
    rows = await found.order_by("-last_at").limit(_SHOWN).select_related("community", "building", "category")
    return [await _view(row) for row in rows]


async def count(*, actor: Actor) -> int:
    found = FaultProposal.filter(actor.seeing(Field.REPAIRS).rows(), status=ProposalStatus.OPEN)
    return await found.count()


async def accept(proposal_id: int, *, actor: Actor) -> str:
    """合并成一个: the number of the one that lives. What is being worked on elsewhere, or over, stays as it is.

    Raises NotAllowed when somebody decided it a moment ago, or one report is left of it at most.
    """
    held = await _lock(proposal_id, ProposalStatus.OPEN, actor)
    rows = await Ticket.filter(id__in=held.tickets).order_by("id")
    main = _main(held, rows)
    others = [row.id for row in rows if row.status in MOVES[Verb.MERGE].sources]
    if main is None or not set(others) - {main.id}:
        raise NotAllowed("fault.nothing_to_merge")
    held.decided_at = clock.now()
    await merging.merge_all(set(others) - {main.id}, into_id=main.id, actor=actor)
    await _decide(held, ProposalStatus.MERGED, actor=actor, main=main)
    return main.number


async def refuse(proposal_id: int, *, actor: Actor) -> None:
    """不是一回事: each is repaired for itself."""
    held = await _lock(proposal_id, ProposalStatus.OPEN, actor)
    held.decided_at = clock.now()
    await _decide(held, ProposalStatus.REFUSED, actor=actor)


async def undo(proposal_id: int, *, actor: Actor) -> None:
    """The last decision was a slip: what it merged is taken apart, and the question stands again."""
    held = await _lock(proposal_id, None, actor)
    if held.status is ProposalStatus.OPEN:
        return
    before, merged_at = held.status, held.decided_at
    if before is ProposalStatus.MERGED:
        await merging.unmerge_all(await _merged_by_it(held, merged_at), actor=actor)
    held.status, held.decided = ProposalStatus.OPEN, held.decided + 1
    await held.save(update_fields=["status", "decided"])
    await events.record(clusters.subject(held), "undone", actor=actor, before=before, after=held.status)
    await clusters.ask(held)


async def _merged_by_it(proposal: FaultProposal, since: datetime | None) -> list[int]:
    found = Ticket.filter(id__in=proposal.tickets, status=TicketStatus.DUPLICATE)
    rows = await found.filter(duplicate_of_id=proposal.main_id).order_by("id")
    return [row.id for row in rows if await merging.merged_since(row.id, since)]


async def _lock(proposal_id: int, status: ProposalStatus | None, actor: Actor) -> FaultProposal:
    found = FaultProposal.filter(actor.doing(Field.REPAIRS).rows(), id=proposal_id)
    held = await work.lock(found)
    if held is None:
        raise NotFound("fault.not_found")
    if status is not None and held.status is not status:
        raise NotAllowed("fault.decided")
    return held


async def _decide(
    held: FaultProposal, status: ProposalStatus, *, actor: Actor, main: Ticket | None = None
) -> None:
    """`decided_at` is set by the caller: before the merging, which is found by it."""
    before, key = held.status, clusters.task_key(held)
    held.status, held.decided = status, held.decided + 1
    held.main_id = main.id if main else held.main_id
    await held.save(update_fields=["status", "decided_at", "decided", "main_id"])
    await events.record(
        clusters.subject(held),
        "merged" if main else "refused",
        actor=actor,
        before=before,
        after=status,
        note=main.number if main else "",
        body={"tickets": held.tickets},
    )
    await staff_tasks.settle_keys([key], actor=actor)


def _main(proposal: FaultProposal, rows: Sequence[Ticket]) -> Ticket | None:
    living = [row for row in rows if row.status in UNFINISHED]
    known = next((row for row in living if row.id == proposal.main_id), None)
    return known or min(living, key=lambda row: (_FURTHEST.index(row.status), row.id), default=None)


async def _view(row: FaultProposal) -> ProposalView:
    reports = await Ticket.filter(id__in=row.tickets).order_by("id").select_related("house", "technician")
    main = next((one.number for one in reports if one.id == row.main_id), "")
    return ProposalView(
        id=row.id,
        community=row.community.name,
        building=row.building.number,
        category=row.category.name,
        count=await clusters.households(row.tickets),
        main=main,
        last_at=row.last_at,
        reports=[
            Reported(
                id=one.id,
                number=one.number,
                house=one.house.label if one.house else "",
                description=one.description or one.place,
                status=one.status,
                technician=one.technician.name if one.technician else "",
                created_at=one.created_at,
                into=one.duplicate_of_id if one.status is TicketStatus.DUPLICATE else None,
            )
            for one in reports
        ],
    )
