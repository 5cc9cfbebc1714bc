"""After the work: stars, "not fixed", closing."""

from collections.abc import Mapping, Sequence

from models.people import Technician
from models.tasks import TaskKind
from models.tickets import Ticket, TicketStatus
from services import clock, events, policy, staff_tasks
from services.actors import SYSTEM, Actor, ActorKind
from services.errors import Invalid, NotFound
from services.events import EventView
from services.outbox import Value
from services.repairs import escalation, holding, households, merged, tickets, views
from services.repairs.households import UNRATED
from services.repairs.moves import MOVES, Verb, is_theirs
from services.repairs.views import RepairView

# A merged one was finished when the one that lives was; both were reported not long before.
_FINISHED = f"WHERE {tickets.STANDS} ORDER BY t.id DESC LIMIT $3"
_RECENT = 20  # repairs that are looked at


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

    Those of whoever reported a merged one stand with it, and leave it to the others whether it is mended.

    Raises Invalid for other numbers, NotAllowed when it is too late to change them.
    """
    if not (1 <= speed <= 5 and 1 <= quality <= 5):
        raise Invalid("repair.bad_stars")
    changes = {
        "rating_speed": speed,
        "rating_quality": quality,
        "rating_reasons": list(reasons),
        "rating_remark": remark[:300],
        "rated_at": clock.now(),
    }
    body = {"stars": [speed, quality], "reasons": list(reasons)}
    held = await holding.families([ticket_id], actor=actor)
    ticket = held[ticket_id]
    told = held[holding.living_id(ticket)]
    body["before"] = _stars(ticket)
    if ticket.status is TicketStatus.DUPLICATE:
        await _rate_merged(ticket, told, changes, body, actor=actor)
    else:
        await tickets.move(ticket, Verb.RATE, actor=actor, note=remark, changes=changes, body=body)
    await tickets.withdraw_unsent(told, person_id=ticket.reporter_id)
    if min(speed, quality) <= (await policy.current()).low_stars:
        await _ask_for_call(ticket)


async def _rate_merged(
    ticket: Ticket,
    living: Ticket,
    changes: Mapping[str, object],
    body: Mapping[str, object],
    *,
    actor: Actor,
) -> None:
    """Both are held. Its status stays as it is."""
    if not is_theirs(ticket, actor):
        raise NotFound("ticket.not_found", number=ticket.number)
    merged.check(ticket, living, Verb.RATE, reopen_days=(await policy.current()).reopen_days)
    await _write(ticket, changes)
    await events.record(
        tickets.subject(ticket),
        Verb.RATE,
        actor=actor,
        before=ticket.status,
        after=ticket.status,
        note=ticket.rating_remark,
        body=body,
    )


async def _write(ticket: Ticket, changes: Mapping[str, object]) -> None:
    await ticket.update_from_dict(dict(changes)).save(update_fields=list(changes))


def _stars(ticket: Ticket) -> list[int] | None:
    if ticket.rating_speed is None or ticket.rating_quality is None:
        return None
    return [ticket.rating_speed, ticket.rating_quality]


async def not_fixed(ticket_id: int, *, actor: Actor, reason: str = "") -> None:
    """没修好: back to the technician who did it, and counted. Stars that were given are asked for anew, of everybody
    who reported the same; those hear of it.

    Raises NotAllowed when it was closed too long ago.
    """
    held = await holding.families([ticket_id], actor=actor)
    ticket = held[holding.living_id(held[ticket_id])]
    changes = {**UNRATED, "closed_at": None, "reopened_count": ticket.reopened_count + 1}
    event = await tickets.move(ticket, Verb.REOPEN, actor=actor, note=reason, changes=changes)
    await _ask_everybody_anew(ticket, event, actor=actor)
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


async def _ask_everybody_anew(ticket: Ticket, event: EventView, *, actor: Actor) -> None:
    for one in await households.merged_into(ticket.id):
        if one.rated_at is not None:
            await _write(one, UNRATED)
    for whom in await households.waiting(ticket):
        await tickets.withdraw_unsent(ticket, person_id=whom.person_id)
        if whom.person_id != actor.person_id and not whom.own:
            await tickets.tell_waiting(ticket, whom, "repair.not_fixed_yet", event)


async def close(ticket_id: int, *, actor: Actor) -> None:
    """Without stars: by the resident, by staff, or by itself after the announced time."""
    ticket = await holding.lock(ticket_id, actor=actor)
    event = await tickets.move(ticket, Verb.CLOSE, actor=actor)
    if actor.kind is not ActorKind.PERSON:
        for whom in await households.waiting(ticket):
            await tickets.withdraw_unsent(ticket, person_id=whom.person_id)
        await tickets.tell_reporter(ticket, "repair.closed", event, unrated=True)


async def announce_closing(ticket: Ticket, at: str) -> None:
    """Said before a ticket closes by itself; `at` is the ISO moment."""
    if ticket.status is TicketStatus.AWAITING_RESIDENT:
        event = await tickets.move(ticket, Verb.REMIND, actor=SYSTEM, note="closing")
        await tickets.tell_reporter(ticket, "repair.closing_soon", event, {"at": at}, unrated=True)


async def unrated(person_id: int) -> list[RepairView]:
    """Finished work that waits for this person's word, newest first."""
    if not await tickets.has_any(person_id, (TicketStatus.AWAITING_RESIDENT,)):
        return []
    found = await views.repairs(_FINISHED, person_id, [TicketStatus.AWAITING_RESIDENT], None)
    return _last_finished([one for one in found if one.status == TicketStatus.AWAITING_RESIDENT])


async def reopenable(person_id: int) -> list[RepairView]:
    """What this person may still call not fixed, newest first."""
    return await _open_to(Verb.REOPEN, person_id)


async def rateable(person_id: int) -> list[RepairView]:
    """What this person may still give stars, given already or not, newest first."""
    return await _open_to(Verb.RATE, person_id)


async def _open_to(verb: Verb, person_id: int) -> list[RepairView]:
    done = await views.repairs(_FINISHED, person_id, list(MOVES[verb].sources), _RECENT)
    return _last_finished([one for one in done if verb in one.can])


def _last_finished(found: list[RepairView]) -> list[RepairView]:
    return sorted(found, key=lambda one: (one.finished_at or one.created_at, one.id), reverse=True)


async def _ask_for_call(ticket: Ticket) -> None:
    await staff_tasks.add(
        TaskKind.FOLLOW_UP,
        "reopened" if ticket.status is TicketStatus.IN_PROGRESS else "low_rating",
        key=f"follow_up:{ticket.id}:{ticket.reopened_count}",
        community_id=ticket.community_id,
        person_id=ticket.reporter_id,
        ticket_id=ticket.id,
    )
