"""What a resident does with a repair: report, urge, cancel, add to it, read about it."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from models.people import Technician
from models.tasks import TaskKind
from models.tickets import PhotoStage, Ticket, TicketPhoto, TicketStatus
from services import clock, outbox, policy, staff_tasks, work
from services.actors import Actor
from services.errors import Invalid, NotAllowed, NotFound
from services.photos import KEPT, kept
from services.repairs import (
    categories,
    deadlines,
    dispatch,
    holding,
    insertion,
    merged,
    merging,
    tickets,
    views,
)
from services.repairs.insertion import Report, Submitted
from services.repairs.moves import OPEN, UNFINISHED, Verb, is_theirs
from services.repairs.views import RepairView

_OPEN = f"WHERE {tickets.STANDS} ORDER BY t.id DESC LIMIT $3"
_OF_PERSON = "WHERE t.reporter_id = $1 AND t.status = ANY($2::text[]) ORDER BY t.id DESC LIMIT $3"
_MANY_URGES = 3  # from here on the supervisor's list shows it


async def submit(report: Report, *, photos: Sequence[int] = (), actor: Actor) -> Submitted:
    """Make the ticket; a worker dispatches it, at once or when it has settled. `photos` are ids of MediaFile.

    Raises Invalid for an unknown category or too many photos.
    """
    limit, sent = (await policy.current()).max_photos, await kept(photos)
    if len(sent) > limit:
        raise Invalid("repair.too_many_photos", limit=limit)
    category = await categories.by_code(report.category_code)
    submitted = await insertion.write(
        report,
        category_id=category.id,
        photos=sent,
        deadlines=await deadlines.first(category, report.appointment_start, report.appointment_end),
        look_at=await dispatch.first_look(category, urgent=report.urgent),
        timer=dispatch.KIND,
        actor=actor,
    )
    work.wake("timers")
    return submitted


async def check(ticket_id: int, verb: Verb, *, actor: Actor) -> None:
    """Raise what doing it would raise, before anything is asked for it."""
    ticket = await Ticket.filter(id=ticket_id).select_related("duplicate_of").first()
    if ticket is None or (actor.person_id is not None and not is_theirs(ticket, actor)):
        raise NotFound("ticket.not_found", number="")
    living = ticket.duplicate_of if ticket.status is TicketStatus.DUPLICATE else None
    if living is None:
        await tickets.check(ticket, verb, actor=actor)
    else:
        merged.check(ticket, living, verb, reopen_days=(await policy.current()).reopen_days)


async def urge(ticket_id: int, *, actor: Actor) -> int:
    """催单: tell whoever has it. Returns how often it was urged by now.

    Raises NotAllowed when it was urged a short while ago; `minutes` says when again.
    """
    reached = await holding.reach(ticket_id, actor=actor)
    ticket = reached.ticket
    await tickets.check(ticket, Verb.URGE, actor=actor)
    await _refuse_early_urge(ticket, reached.number)
    count = ticket.urged_count + 1
    event = await tickets.move(
        ticket,
        Verb.URGE,
        actor=actor,
        changes={"urged_count": count, "urged_at": clock.now()},
    )
    technician = await _technician_person(ticket)
    if technician is not None:
        await tickets.tell(ticket, technician, "job.urged", event, {"count": count})
    if technician is None or count >= _MANY_URGES:
        await _show_to_staff(ticket, count)
    return count


async def cancel(ticket_id: int, *, actor: Actor, reason: str = "") -> None:
    """Take the report back before work starts. For others who reported the same, the repair goes on."""
    ticket = (await holding.families([ticket_id], actor=actor))[ticket_id]
    if ticket.status is TicketStatus.DUPLICATE:
        return await merging.leave(ticket_id, actor=actor, reason=reason)
    if await merging.withdraw(ticket, actor=actor, reason=reason):
        return None
    technician = await _technician_person(ticket)
    event = await tickets.move(ticket, Verb.CANCEL, actor=actor, note=reason)
    await tickets.withdraw_unsent(ticket)
    if technician is not None:
        await tickets.tell(ticket, technician, "job.cancelled", event, {"reason": reason})
    await tickets.tell_followers(ticket, "repair.followed_cancelled", event)
    return None


async def add_remark(ticket_id: int, text: str, *, actor: Actor) -> None:
    ticket = (await holding.reach(ticket_id, actor=actor)).ticket
    event = await tickets.move(ticket, Verb.REMARK, actor=actor, note=text)
    technician = await _technician_person(ticket)
    if technician is not None:
        await tickets.tell(ticket, technician, "job.remark", event, {"text": text})


async def add_photo(ticket_id: int, media_id: int, *, actor: Actor) -> int:
    """Add one photo to an open ticket; returns how many it has now. The same photo twice counts once.

    The photo of a merged one stays with it, and is seen with the one that lives.
    """
    held = await holding.families([ticket_id], actor=actor)
    ticket = held[holding.living_id(held[ticket_id])]
    await tickets.check(ticket, Verb.PHOTO, actor=actor)
    await _refuse_too_many(await _count(ticket_id))
    new = False
    for photo in await kept([media_id]):
        _, new = await TicketPhoto.get_or_create(ticket_id=ticket_id, media_id=photo)
    if new:
        event = await tickets.move(ticket, Verb.PHOTO, actor=actor, body={"media": media_id})
        technician = await _technician_person(ticket)
        if technician is not None:
            await _announce_photo(ticket, technician, event.at)
    return await _count(ticket_id)


async def _count(ticket_id: int) -> int:
    return await TicketPhoto.filter(KEPT, ticket_id=ticket_id, stage=PhotoStage.BEFORE).count()


async def of_person(person_id: int, *, only_open: bool = False, limit: int = 10) -> list[RepairView]:
    """The person's repairs, newest first."""
    if only_open and not await has_open(person_id):
        return []
    statuses = list(OPEN) if only_open else list(TicketStatus)
    return await views.repairs(_OPEN if only_open else _OF_PERSON, person_id, statuses, limit)


async def has_open(person_id: int) -> bool:
    """Whether anything that they reported is not over yet."""
    return await tickets.has_any(person_id, OPEN)


async def unfinished(person_id: int, category_code: str) -> RepairView | None:
    """The person's last unfinished repair of this category: what they report now may be the same."""
    mine = await views.repairs(_OPEN, person_id, list(OPEN), 10)
    same = (one for one in mine if one.category_code == category_code and one.status in UNFINISHED)
    return next(same, None)


async def of_person_one(person_id: int, ticket: int | str) -> RepairView | None:
    """One of the person's repairs by id or by the number they said."""
    by = "id" if isinstance(ticket, int) else "number"
    named = ticket if isinstance(ticket, int) else tickets.number(ticket)
    mine = await views.repairs(f"WHERE t.{by} = $1 AND t.reporter_id = $2", named, person_id)
    return mine[0] if mine else None


async def _refuse_early_urge(ticket: Ticket, number: str) -> None:
    if ticket.urged_at is None:
        return
    again = ticket.urged_at + timedelta(minutes=(await policy.current()).urge_minutes)
    wait = again - clock.now()
    if wait > timedelta(0):
        minutes = -(-wait // timedelta(minutes=1))
        raise NotAllowed("repair.urged_recently", number=number, minutes=minutes)


async def _refuse_too_many(count: int) -> None:
    """As many again as a report may have: later photos show what the first ones did not."""
    limit = 2 * (await policy.current()).max_photos
    if count >= limit:
        raise Invalid("repair.too_many_photos", limit=limit)


async def _announce_photo(ticket: Ticket, person_id: int, at: datetime) -> None:
    """Photos come in handfuls: one message for those of one minute, sent when the minute is over."""
    minute = at.replace(second=0, microsecond=0)
    await outbox.tell(
        person_id,
        "job.photo_added",
        {"ticket": ticket.id, "number": ticket.number},
        key=f"ticket:{ticket.id}:photos:{minute:%Y%m%d%H%M}:{person_id}",
        not_before=minute + timedelta(minutes=1),
    )


async def _show_to_staff(ticket: Ticket, count: int) -> None:
    await staff_tasks.add(
        TaskKind.ESCALATION,
        "urged",
        values={"count": count},
        key=f"urged:{ticket.id}:{count}",
        community_id=ticket.community_id,
        person_id=ticket.reporter_id,
        ticket_id=ticket.id,
    )


async def _technician_person(ticket: Ticket) -> int | None:
    if ticket.technician_id is None:
        return None
    technician = await Technician.get(id=ticket.technician_id)
    return technician.person_id
