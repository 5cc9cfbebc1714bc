"""After the work: stars, "not fixed", closing."""

from collections.abc import Mapping, Sequence

from models.people import Technician
from models.tasks import TaskKind
from models.tickets import Ticket, TicketStatus
from services import clock, policy, staff_tasks
from services.actors import SYSTEM, Actor, ActorKind
from services.errors import Invalid
from services.outbox import Value
from services.repairs import escalation, tickets, views
from services.repairs.moves import MOVES, Verb
from services.repairs.views import RepairView

_FINISHED = """WHERE t.reporter_id = $1 AND t.status = ANY($2::text[])
ORDER BY t.finished_at DESC LIMIT $3"""
_RECENT = 20  # repairs that are looked at

# What is no longer so once the work goes on.
_AGAIN: Mapping[str, object] = {
    "closed_at": None,
    "rating_speed": None,
    "rating_quality": None,
    "rating_remark": "",
    "rated_at": None,
}


async def rate(
    ticket_id: int,
    *,
    actor: Actor,
    speed: int,
    quality: int,
    reasons: Sequence[str] = (),
    remark: str = "",
) -> None:
    """Stars 1–5; closes the ticket. Given again within some days, they take the place of the former ones.

    Raises Invalid for other numbers, NotAllowed when it is too late to change them.
    """
    if not (1 <= speed <= 5 and 1 <= quality <= 5):
        raise Invalid("repair.bad_stars")
    ticket = await tickets.lock(ticket_id, actor=actor)
    await tickets.check(ticket, Verb.RATE, actor=actor)
    changes = {
        "rating_speed": speed,
        "rating_quality": quality,
        "rating_reasons": list(reasons),
        "rating_remark": remark[:300],
        "rated_at": clock.now(),
    }
    body = {"stars": [speed, quality], "reasons": list(reasons), "before": _stars(ticket)}
    await tickets.move(ticket, Verb.RATE, actor=actor, note=remark, changes=changes, body=body)
    await tickets.withdraw_unsent(ticket, person_id=ticket.reporter_id)
    if min(speed, quality) <= (await policy.current()).low_stars:
        await _ask_for_call(ticket)


def _stars(ticket: Ticket) -> list[int] | None:
    if ticket.rating_speed is None or ticket.rating_quality is None:
        return None
    return [ticket.rating_speed, ticket.rating_quality]


async def not_fixed(ticket_id: int, *, actor: Actor, reason: str = "") -> None:
    """没修好: back to the technician who did it, and counted. Stars that were given are asked for anew.

    Raises NotAllowed when it was closed too long ago.
    """
    ticket = await tickets.lock(ticket_id, actor=actor)
    changes = {**_AGAIN, "reopened_count": ticket.reopened_count + 1, "rating_reasons": []}
    event = await tickets.move(ticket, Verb.REOPEN, actor=actor, note=reason, changes=changes)
    await tickets.withdraw_unsent(ticket, person_id=ticket.reporter_id)
    technician = await Technician.filter(id=ticket.technician_id or 0, active=True).first()
    if technician is None:
        await escalation.escalate(ticket, "technician_left")
    elif technician.person_id is not None:
        told: dict[str, Value] = {
            "reason": reason,
            "count": ticket.reopened_count,
            "phone": ticket.contact_phone,
        }
        await tickets.tell(ticket, technician.person_id, "job.reopened", event, told)
    if ticket.reopened_count > 1:
        await _ask_for_call(ticket)


async def close(ticket_id: int, *, actor: Actor) -> None:
    """Without stars: by the resident, by staff, or by itself after the announced time."""
    ticket = await tickets.lock(ticket_id, actor=actor)
    event = await tickets.move(ticket, Verb.CLOSE, actor=actor)
    if actor.kind is not ActorKind.PERSON:
        await tickets.withdraw_unsent(ticket, person_id=ticket.reporter_id)
        await tickets.tell_reporter(ticket, "repair.closed", event)


async def announce_closing(ticket: Ticket, at: str) -> None:
    """Said before a ticket closes by itself; `at` is the ISO moment."""
    if ticket.status is TicketStatus.AWAITING_RESIDENT:
        event = await tickets.move(ticket, Verb.REMIND, actor=SYSTEM, note="closing")
        await tickets.tell_reporter(ticket, "repair.closing_soon", event, {"at": at})


async def unrated(person_id: int) -> list[RepairView]:
    """Finished work that waits for this person's word, newest first."""
    if not await tickets.has_any(person_id, (TicketStatus.AWAITING_RESIDENT,)):
        return []
    return await views.repairs(_FINISHED, person_id, [TicketStatus.AWAITING_RESIDENT], None)


async def reopenable(person_id: int) -> list[RepairView]:
    """What this person may still call not fixed, newest first."""
    return await _open_to(Verb.REOPEN, person_id)


async def rateable(person_id: int) -> list[RepairView]:
    """What this person may still give stars, given already or not, newest first."""
    return await _open_to(Verb.RATE, person_id)


async def _open_to(verb: Verb, person_id: int) -> list[RepairView]:
    done = await views.repairs(_FINISHED, person_id, list(MOVES[verb].sources), _RECENT)
    return [one for one in done if verb in one.can]


async def _ask_for_call(ticket: Ticket) -> None:
    await staff_tasks.add(
        TaskKind.FOLLOW_UP,
        "reopened" if ticket.status is TicketStatus.IN_PROGRESS else "low_rating",
        key=f"follow_up:{ticket.id}:{ticket.reopened_count}",
        community_id=ticket.community_id,
        person_id=ticket.reporter_id,
        ticket_id=ticket.id,
    )
