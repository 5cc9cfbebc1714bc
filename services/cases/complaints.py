"""Complaints and suggestions: a resident's side and the staff's side of one private matter."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from tortoise.expressions import Q

from models.complaints import Complaint, ComplaintEvent, ComplaintKind, ComplaintPhoto, ComplaintStatus
from models.media import MediaFile
from models.people import Staff
from models.tasks import TaskKind
from services import clock, ids, outbox, scope, staff_tasks, timers
from services.errors import Invalid, NotAllowed, NotFound
from services.estate import homes
from services.photos import KEPT, kept
from services.scope import Field

DEADLINES = {ComplaintKind.COMPLAINT: timedelta(hours=24), ComplaintKind.SUGGESTION: timedelta(hours=72)}
CLOSES_AFTER_DAYS = 7  # an answer that nobody objects to
MAX_PHOTOS = 9
_PREFIX = {ComplaintKind.COMPLAINT: "T", ComplaintKind.SUGGESTION: "J"}

_OPEN = {ComplaintStatus.SUBMITTED, ComplaintStatus.IN_PROGRESS, ComplaintStatus.ANSWERED}
_DONE = {ComplaintStatus.ANSWERED, ComplaintStatus.CLOSED}
# verb: (allowed from, becomes); None keeps the status.
MOVES: dict[str, tuple[set[ComplaintStatus], ComplaintStatus | None]] = {
    "accepted": ({ComplaintStatus.SUBMITTED}, ComplaintStatus.IN_PROGRESS),
    "answered": (_OPEN, ComplaintStatus.ANSWERED),
    "remarked": (_OPEN, None),
    "rated": (_DONE, ComplaintStatus.CLOSED),
    "reopened": (_DONE, ComplaintStatus.IN_PROGRESS),
    "closed": (_OPEN, ComplaintStatus.CLOSED),
    "withdrawn": ({ComplaintStatus.SUBMITTED, ComplaintStatus.IN_PROGRESS}, ComplaintStatus.WITHDRAWN),
}


@dataclass(frozen=True, slots=True)
class Said:
    """One line of the talk that a resident may read. `by_staff` or by themselves."""

    text: str
    by_staff: bool
    at: datetime


@dataclass(frozen=True, slots=True)
class Progress:
    complaint: Complaint
    said: list[Said]
    photos: int
    handler: str  # name of the person in charge, or ""


async def submit(
    person_id: int,
    kind: ComplaintKind,
    topic: str,
    story: str,
    *,
    place: str = "",
    anonymous: bool = False,
    media_ids: Sequence[int] = (),
) -> Complaint:
    """Take a bound resident's complaint or suggestion; raises NotAllowed binding.needed, Invalid without a story."""
    home = await homes.require(person_id)
    if not story.strip():
        raise Invalid("complaint.story_empty")
    fresh, number = await ids.numbered(Complaint, _PREFIX[kind])
    complaint = await Complaint.create(
        id=fresh,
        number=number,
        community_id=home.community_id,
        house_id=home.house_id,
        person_id=person_id,
        kind=kind,
        topic=topic[:32],
        story=story.strip(),
        place=place[:100],
        anonymous=anonymous,
        deadline_at=clock.now() + DEADLINES[kind],
    )
    await _add_photos(complaint, media_ids)
    await _note(complaint, "submitted", f"person:{person_id}", to=ComplaintStatus.SUBMITTED)
    await timers.set_timer("complaint_deadline", complaint.id, complaint.deadline_at)
    return complaint


async def mine(person_id: int, *, limit: int = 5) -> list[Complaint]:
    """The person's own, newest first."""
    return await Complaint.filter(person_id=person_id).order_by("-id").limit(limit)


async def get(person_id: int, number: str) -> Complaint:
    """The person's own complaint of that number; anyone else's raises NotFound."""
    complaint = await Complaint.get_or_none(number=number.upper(), person_id=person_id)
    if complaint is None:
        raise NotFound("complaint.not_found", number=number)
    return complaint


async def progress(person_id: int, number: str) -> Progress:
    complaint = await get(person_id, number)
    verbs = ["answered", "remarked", "reopened"]
    events = await ComplaintEvent.filter(complaint=complaint, verb__in=verbs).order_by("id")
    handler = await Staff.get_or_none(id=complaint.handler_id)
    return Progress(
        complaint=complaint,
        said=[Said(event.note, event.verb == "answered", event.at) for event in events if event.note],
        photos=await ComplaintPhoto.filter(KEPT, complaint=complaint).count(),
        handler=handler.name if handler else "",
    )


async def remark(person_id: int, number: str, text: str, *, media_ids: Sequence[int] = ()) -> Complaint:
    """The resident adds words or photos."""
    complaint = await _lock_own(person_id, number)
    await _move(complaint, "remarked", f"person:{person_id}", text)
    await _add_photos(complaint, media_ids)
    return complaint


async def withdraw(person_id: int, number: str) -> Complaint:
    complaint = await _lock_own(person_id, number)
    await _move(complaint, "withdrawn", f"person:{person_id}")
    await _stop_clocks(complaint)
    return complaint


async def rate(person_id: int, number: str, stars: int, *, remark: str = "") -> Complaint:
    """One to five stars for the answer; closes the complaint."""
    if stars not in range(1, 6):
        raise Invalid("rating.out_of_range")
    complaint = await _lock_own(person_id, number)
    if complaint.rated_at is not None:
        raise NotAllowed("complaint.already_rated", number=complaint.number)
    complaint.rating, complaint.rating_remark, complaint.rated_at = stars, remark[:300], clock.now()
    await _move(complaint, "rated", f"person:{person_id}", remark)
    await _stop_clocks(complaint)
    return complaint


async def reopen(person_id: int, number: str, reason: str) -> Complaint:
    """Not settled: back to staff with a new deadline, and it can be rated again."""
    complaint = await _lock_own(person_id, number)
    complaint.reopened_count += 1
    complaint.rated_at = complaint.closed_at = None
    complaint.deadline_at = clock.now() + DEADLINES[complaint.kind]
    await _move(complaint, "reopened", f"person:{person_id}", reason)
    await timers.clear("complaint_autoclose", complaint.id)
    await timers.set_timer("complaint_deadline", complaint.id, complaint.deadline_at)
    return complaint


async def accept(complaint_id: int, staff_id: int) -> Complaint:
    """A member of staff takes charge; the resident hears who and until when."""
    complaint, staff = await _lock_by_staff(complaint_id, staff_id), await Staff.get(id=staff_id)
    complaint.handler_id = staff_id
    event = await _move(complaint, "accepted", f"staff:{staff_id}")
    deadline = complaint.deadline_at.isoformat()
    await _tell(complaint, event, "complaint.accepted", staff=staff.name, deadline=deadline)
    return complaint


async def answer(complaint_id: int, staff_id: int, text: str) -> Complaint:
    """The staff's answer reaches the resident's chat; without objection it closes itself later."""
    complaint, staff = await _lock_by_staff(complaint_id, staff_id), await Staff.get(id=staff_id)
    complaint.handler_id, complaint.answered_at = staff_id, clock.now()
    event = await _move(complaint, "answered", f"staff:{staff_id}", text)
    await _tell(complaint, event, "complaint.answered", staff=staff.name, text=text, days=CLOSES_AFTER_DAYS)
    await timers.clear("complaint_deadline", complaint.id)
    due = clock.now() + timedelta(days=CLOSES_AFTER_DAYS)
    await timers.set_timer("complaint_autoclose", complaint.id, due)
    return complaint


async def close(complaint_id: int, staff_id: int, note: str) -> Complaint:
    """Staff close it without a further answer; the resident hears why."""
    complaint = await _lock_by_staff(complaint_id, staff_id)
    event = await _move(complaint, "closed", f"staff:{staff_id}", note)
    await _tell(complaint, event, "complaint.closed", text=note)
    await _stop_clocks(complaint)
    return complaint


async def close_answered(complaint_id: int) -> None:
    """By timer: an answer that nobody objected to closes the complaint, as was said beforehand."""
    complaint = await _lock(complaint_id)
    if complaint.status is ComplaintStatus.ANSWERED:
        event = await _move(complaint, "closed", "system")
        await _tell(complaint, event, "complaint.closed_by_time")


async def check_deadline(complaint_id: int) -> None:
    """By timer: a complaint that is still unanswered becomes a task for the supervisor, once a deadline."""
    complaint = await _lock(complaint_id)
    unanswered = complaint.status in {ComplaintStatus.SUBMITTED, ComplaintStatus.IN_PROGRESS}
    if not unanswered or complaint.deadline_at > clock.now():
        return
    await _note(complaint, "overdue", "system")
    await staff_tasks.add(
        TaskKind.ESCALATION,
        "complaint_overdue",
        values={"number": complaint.number, "topic": complaint.topic},
        field=Field.COMPLAINTS,
        key=f"complaint:{complaint.id}:overdue:{complaint.reopened_count}",
        community_id=complaint.community_id,
    )


async def _lock(complaint_id: int) -> Complaint:
    return await _locked(complaint_id, Q())


async def _lock_by_staff(complaint_id: int, staff_id: int) -> Complaint:
    """Outside of their scope there is no such complaint."""
    own = await scope.doing(staff_id, Field.COMPLAINTS)
    return await _locked(complaint_id, own.rows())


async def _locked(complaint_id: int, where: Q) -> Complaint:
    complaint = await Complaint.filter(where, id=complaint_id).select_for_update().first()
    if complaint is None:
        raise NotFound("complaint.not_found", number=complaint_id)
    return complaint


async def _lock_own(person_id: int, number: str) -> Complaint:
    return await _lock((await get(person_id, number)).id)


async def _move(complaint: Complaint, verb: str, actor: str, note: str = "") -> ComplaintEvent:
    allowed, becomes = MOVES[verb]
    before = complaint.status
    if before not in allowed:
        raise NotAllowed("complaint.cannot", number=complaint.number, verb=verb, status=before.value)
    complaint.status = becomes or before
    if becomes in {ComplaintStatus.CLOSED, ComplaintStatus.WITHDRAWN}:
        complaint.closed_at = clock.now()
    await complaint.save()
    return await _note(complaint, verb, actor, note, before=before, to=complaint.status)


async def _note(
    complaint: Complaint,
    verb: str,
    actor: str,
    note: str = "",
    *,
    before: ComplaintStatus | None = None,
    to: ComplaintStatus | None = None,
) -> ComplaintEvent:
    return await ComplaintEvent.create(
        complaint_id=complaint.id,
        verb=verb,
        actor=actor,
        from_status=before or "",
        to_status=to or "",
        note=note,
        at=clock.now(),
    )


async def _add_photos(complaint: Complaint, media_ids: Sequence[int]) -> None:
    """Attach photos the person sent themselves, up to nine in all."""
    if not media_ids:
        return
    owned = await MediaFile.filter(id__in=list(media_ids), person_id=complaint.person_id).values_list(
        "id", flat=True
    )
    if set(media_ids) - set(owned):
        raise Invalid("photo.unknown")
    sent = await kept(media_ids)
    if await ComplaintPhoto.filter(KEPT, complaint=complaint).count() + len(sent) > MAX_PHOTOS:
        raise Invalid("photo.too_many", most=MAX_PHOTOS)
    photos = [ComplaintPhoto(complaint_id=complaint.id, media_id=media_id) for media_id in sent]
    await ComplaintPhoto.bulk_create(photos, ignore_conflicts=True)


async def _tell(complaint: Complaint, event: ComplaintEvent, phrase: str, **values: outbox.Value) -> None:
    numbered = {"number": complaint.number, **values}
    await outbox.tell(complaint.person_id, phrase, numbered, key=f"complaint_event:{event.id}")


async def _stop_clocks(complaint: Complaint) -> None:
    await timers.clear("complaint_deadline", complaint.id)
    await timers.clear("complaint_autoclose", complaint.id)
