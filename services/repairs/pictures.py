"""The photos of a ticket, of before and after; and those that staff add: a caller's, or their own."""

from collections.abc import Sequence
from dataclasses import dataclass

from tortoise.expressions import Q
from tortoise.queryset import QuerySet

from models.media import MediaFile, MediaStatus
from models.people import Technician
from models.tickets import PhotoStage, Ticket, TicketPhoto, TicketStatus
from services import policy
from services.actors import Actor
from services.errors import Invalid, NotFound
from services.events import EventView
from services.photos import KEPT
from services.repairs import holding, tickets
from services.repairs.moves import UNFINISHED, Verb

MOST = 9  # at once


@dataclass(frozen=True, slots=True)
class PhotoView:
    """`stored` is the name of the stored picture; `error` says why there is none; `staff` added it, "" for others."""

    media_id: int
    stage: str
    status: str
    stored: str
    error: str
    staff: str


async def of(ticket_id: int) -> list[PhotoView]:
    """In the order in which they came, with those of what is merged into it."""
    found = await rows(ticket_id).order_by("id").select_related("media", "staff")
    return [
        PhotoView(
            row.media_id,
            row.stage,
            row.media.status,
            row.media.sha256,
            row.media.error,
            row.staff.name if row.staff else "",
        )
        for row in found
    ]


async def stored(ticket_id: int, media_id: int) -> tuple[str, str]:
    """Hash and kind of one of them. Raises NotFound for any other file."""
    found = rows(ticket_id).filter(media_id=media_id, media__status=MediaStatus.STORED)
    kept = await found.select_related("media").first()
    if kept is None:
        raise NotFound("page.not_found")
    return kept.media.sha256, kept.media.mime


def rows(ticket_id: int) -> QuerySet[TicketPhoto]:
    """The photos of a ticket, and of those that are merged into it."""
    merged = Q(ticket__duplicate_of_id=ticket_id, ticket__status=TicketStatus.DUPLICATE)
    return TicketPhoto.filter(KEPT).filter(Q(ticket_id=ticket_id) | merged)


async def attach(ticket_id: int, sha256s: Sequence[str], *, stage: PhotoStage, actor: Actor) -> int:
    """Add pictures that were cleaned and kept before, by their hashes; how many of them are new to the ticket.

    They count as the reporter's own, to be forgotten with them. Whoever has yet to do the job hears of it. Those of a
    merged ticket stay with it, and are seen with the one that lives. Raises Invalid for none, and for too many.
    """
    held = await holding.families([ticket_id], actor=actor)
    ticket = held[holding.living_id(held[ticket_id])]
    await tickets.check(ticket, Verb.ATTACH, actor=actor)
    named = list(dict.fromkeys(sha256s))
    if not named:
        raise Invalid("ticket.photos_needed")
    await _refuse_too_many(ticket_id, stage, len(named))
    made = [
        await tickets.move(ticket, Verb.ATTACH, actor=actor, body={"stage": stage, "media": file_id})
        for sha256 in named
        if (file_id := await _add(held[ticket_id], sha256, stage, actor)) is not None
    ]
    if made and stage is PhotoStage.BEFORE and ticket.status in UNFINISHED:
        await _tell_technician(ticket, made[-1], len(made))
    return len(made)


async def _add(ticket: Ticket, sha256: str, stage: PhotoStage, actor: Actor) -> int | None:
    """The id of its file; None for a picture that the ticket has already."""
    file, _ = await MediaFile.get_or_create(
        media_id=f"staff:{ticket.id}:{sha256}",
        defaults={
            "person_id": ticket.reporter_id,
            "status": MediaStatus.STORED,
            "sha256": sha256,
            "mime": "image/jpeg",
        },
    )
    shown = {"stage": stage, "staff_id": actor.staff_id}
    _, new = await TicketPhoto.get_or_create(ticket_id=ticket.id, media_id=file.id, defaults=shown)
    return file.id if new else None


async def _tell_technician(ticket: Ticket, event: EventView, count: int) -> None:
    technician = await Technician.filter(id=ticket.technician_id or 0).first()
    if technician is not None and technician.person_id is not None:
        await tickets.tell(ticket, technician.person_id, "job.office_photo", event, {"count": count})


async def _refuse_too_many(ticket_id: int, stage: PhotoStage, more: int) -> None:
    """Of either kind twice as many as a report may have."""
    limit = 2 * (await policy.current()).max_photos
    there = await TicketPhoto.filter(KEPT, ticket_id=ticket_id, stage=stage).count()
    if more > MOST or there + more > limit:
        raise Invalid("repair.too_many_photos", limit=min(MOST, max(0, limit - there)))
