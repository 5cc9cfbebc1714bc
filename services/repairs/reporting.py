"""What a resident does with a repair: report, urge, cancel, add to it, read about it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from models.media import MediaFile
from models.people import Technician
from models.tasks import TaskKind
from models.tickets import PhotoStage, Ticket, TicketPhoto
from services import actors, clock, outbox, policy, staff_tasks, work
from services.actors import Actor
from services.errors import Invalid, NotAllowed
from services.photos import KEPT, kept
from services.repairs import categories, dispatch, insertion, moves, tickets
from services.repairs.insertion import Report, Submitted
from services.repairs.moves import OPEN, Verb

_MANY_URGES = 3  # from here on the supervisor's list shows it


async def submit(report: Report, *, photos: Sequence[int] = (), actor: Actor) -> Submitted:
    """Make the ticket; a worker dispatches it at once. `photos` are ids of MediaFile.

    Raises Invalid for an unknown category or too many photos.
    """
    limit, sent = (await policy.current()).max_photos, await kept(photos)
    if len(sent) > limit:
        raise Invalid("repair.too_many_photos", limit=limit)
    category = await categories.by_code(report.category_code)
    work.wake("timers")
    return await insertion.write(
        report,
        category_id=category.id,
        photos=sent,
        look_at=clock.now(),
        timer=dispatch.KIND,
        actor=actor,
    )


async def urge(ticket_id: int, *, actor: Actor) -> int:
    """催单: tell whoever has it. Returns how often it was urged by now.

    Raises NotAllowed when it was urged a short while ago; `minutes` says when again.
    """
    ticket = await tickets.lock(ticket_id, actor=actor)
    moves.check(ticket, Verb.URGE, actor)
    await _refuse_early_urge(ticket)
    count = ticket.urged_count + 1
    event = await tickets.move(
        ticket,
        Verb.URGE,
        actor,
        changes={"urged_count": count, "urged_at": clock.now()},
    )
    technician = await _technician_person(ticket)
    if technician is not None:
        await tickets.tell(ticket, technician, "job.urged", event, {"count": count})
    if technician is None or count >= _MANY_URGES:
        await _show_to_staff(ticket, count)
    return count


async def cancel(ticket_id: int, *, actor: Actor, reason: str = "") -> None:
    """Take the report back before work starts."""
    ticket = await tickets.lock(ticket_id, actor=actor)
    technician = await _technician_person(ticket)
    event = await tickets.move(ticket, Verb.CANCEL, actor, note=reason)
    await tickets.withdraw_unsent(ticket)
    if technician is not None:
        await tickets.tell(ticket, technician, "job.cancelled", event, {"reason": reason})
    await tickets.tell_followers(ticket, "repair.followed_cancelled", event)


async def add_remark(ticket_id: int, text: str, *, actor: Actor) -> None:
    ticket = await tickets.lock(ticket_id, actor=actor)
    event = await tickets.move(ticket, Verb.REMARK, actor, note=text)
    technician = await _technician_person(ticket)
    if technician is not None:
        await tickets.tell(ticket, technician, "job.remark", event, {"text": text})


async def add_photo(ticket_id: int, media_id: int, *, actor: Actor) -> int:
    """Add one photo to an open ticket; returns how many it has now. The same photo twice counts once."""
    ticket = await tickets.lock(ticket_id, actor=actor)
    moves.check(ticket, Verb.PHOTO, actor)
    await _refuse_too_many(await _count(ticket_id))
    new = False
    for photo in await kept([media_id]):
        _, new = await TicketPhoto.get_or_create(ticket_id=ticket_id, media_id=photo)
    if new:
        event = await tickets.move(ticket, Verb.PHOTO, actor, body={"media": media_id})
        technician = await _technician_person(ticket)
        if technician is not None:
            await _announce_photo(ticket, technician, event.at)
    return await _count(ticket_id)


async def _count(ticket_id: int) -> int:
    return await TicketPhoto.filter(KEPT, ticket_id=ticket_id, stage=PhotoStage.BEFORE).count()


async def photos(ticket_id: int, stage: PhotoStage = PhotoStage.BEFORE) -> list[MediaFile]:
    rows = await TicketPhoto.filter(ticket_id=ticket_id, stage=stage).order_by("id").select_related("media")
    return [row.media for row in rows]


@dataclass(frozen=True, slots=True)
class RepairView:
    """A repair as its reporter may see it. `can` names the verbs that are possible now (ticket_moves.Verb)."""

    id: int
    number: str
    status: str
    category: str
    category_code: str
    area: str
    place: str
    description: str
    created_at: datetime
    appointment_start: datetime | None
    appointment_end: datetime | None
    technician: str
    phone: str
    eta: datetime | None
    hold_reason: str
    hold_until: datetime | None
    finished_at: datetime | None
    rating_speed: int | None
    rating_quality: int | None
    reopened_count: int
    can: frozenset[str]


async def of_person(person_id: int, *, only_open: bool = False, limit: int = 10) -> list[RepairView]:
    """The person's repairs, newest first."""
    found = Ticket.filter(reporter_id=person_id)
    if only_open:
        found = found.filter(status__in=list(OPEN))
    rows = await found.order_by("-id").limit(limit).select_related("category", "technician")
    return [_view(row) for row in rows]


async def of_person_one(person_id: int, ticket: int | str) -> RepairView | None:
    """One of the person's repairs by id or by the number they said."""
    found = Ticket.filter(id=ticket) if isinstance(ticket, int) else tickets.by_number(ticket)
    row = await found.filter(reporter_id=person_id).select_related("category", "technician").first()
    return _view(row) if row else None


def _view(row: Ticket) -> RepairView:
    return RepairView(
        id=row.id,
        number=row.number,
        status=row.status,
        category=row.category.name,
        category_code=row.category.code,
        area=row.area,
        place=row.place,
        description=row.description,
        created_at=row.created_at,
        appointment_start=row.appointment_start,
        appointment_end=row.appointment_end,
        technician=row.technician.name if row.technician else "",
        phone=row.technician.phone if row.technician else "",
        eta=row.eta,
        hold_reason=row.hold_reason,
        hold_until=row.hold_until,
        finished_at=row.finished_at,
        rating_speed=row.rating_speed,
        rating_quality=row.rating_quality,
        reopened_count=row.reopened_count,
        can=frozenset(moves.possible(row, actors.person(row.reporter_id))),
    )


async def _refuse_early_urge(ticket: Ticket) -> None:
    if ticket.urged_at is None:
        return
    again = ticket.urged_at + timedelta(minutes=(await policy.current()).urge_minutes)
    wait = again - clock.now()
    if wait > timedelta(0):
        minutes = -(-wait // timedelta(minutes=1))
        raise NotAllowed("repair.urged_recently", number=ticket.number, minutes=minutes)


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
