"""Complaints and suggestions as their resident has them: private, answered in the chat, rated, opened again."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from tortoise.expressions import Q

from models.complaints import Complaint, ComplaintKind, ComplaintPhoto, ComplaintStatus, ComplaintSuspect
from models.events import SubjectKind
from models.media import MediaFile
from models.people import Staff
from services import accused, clock, events, ids, leading, policy, timers
from services.accusing import Accused
from services.actors import SYSTEM, Actor
from services.cases import complaint_hearing
from services.cases import complaint_moves as moves
from services.errors import Invalid, NotAllowed, NotFound
from services.estate import homes
from services.photos import KEPT, kept

_PREFIX = {ComplaintKind.COMPLAINT: "T", ComplaintKind.SUGGESTION: "J"}
_SAID = ("answered", "remarked", "reopened")


@dataclass(frozen=True, slots=True)
class Promised:
    """What the resident holds in hand: the number to say, and until when somebody answers."""

    id: int
    number: str
    deadline_at: datetime


@dataclass(frozen=True, slots=True)
class Mine:
    """One line of the resident's own list."""

    id: int
    number: str
    kind: ComplaintKind
    topic: str
    story: str
    status: ComplaintStatus
    at: datetime


@dataclass(frozen=True, slots=True)
class Said:
    """One line of the talk that a resident may read. `by_staff` or by themselves."""

    text: str
    by_staff: bool
    at: datetime


@dataclass(frozen=True, slots=True)
class Progress:
    number: str
    kind: ComplaintKind
    topic: str
    status: ComplaintStatus
    deadline_at: datetime
    rating: int | None
    rated: bool  # since it was opened last
    said: list[Said]
    photos: int
    handler: str  # name of the person in charge, or ""


async def submit(
    kind: ComplaintKind,
    topic: str,
    story: str,
    *,
    actor: Actor,
    place: str = "",
    anonymous: bool = False,
    media_ids: Sequence[int] = (),
) -> Promised:
    """Take a bound resident's complaint or suggestion; raises NotAllowed binding.needed, Invalid without a story."""
    home = await homes.require(_resident(actor))
    if not story.strip():
        raise Invalid("complaint.story_empty")
    about = await accused.find(home.community_id, topic, story)
    fresh, number = await ids.numbered(Complaint, _PREFIX[kind])
    complaint = Complaint(
        id=fresh,
        number=number,
        community_id=home.community_id,
        house_id=home.house_id,
        person_id=home.person_id,
        kind=kind,
        topic=topic[:32],
        story=story.strip(),
        place=place[:100],
        anonymous=anonymous,
        about_staff_id=accused.only(about.staff),
        about_technician_id=accused.only(about.technicians),
        **await _begun(kind),
    )
    await complaint.save(force_create=True)
    await _keep_suspects(complaint.id, about)
    await _add_photos(complaint, media_ids)
    await _hand_in(complaint, {} if anonymous else {"name": home.name, "house": home.house_label}, actor)
    return _promised(complaint)


async def _keep_suspects(complaint_id: int, about: Accused) -> None:
    if rows := accused.suspects(complaint_id, about):
        await ComplaintSuspect.bulk_create(rows)


async def _begun(kind: ComplaintKind) -> dict[str, datetime]:
    """It is in from now on, and both its deadlines count."""
    respond_by, deadline_at = await moves.respond_by(), await moves.deadline(kind)
    return {"respond_by": respond_by, "deadline_at": deadline_at, "created_at": clock.now()}


async def _hand_in(complaint: Complaint, who: Mapping[str, str], actor: Actor) -> None:
    """Its clocks run, and whoever may take it hears of it."""
    event = await moves.record(complaint, "submitted", actor=actor, after=ComplaintStatus.SUBMITTED)
    await timers.set_timer(moves.FIRST, complaint.id, complaint.respond_by)
    await timers.set_timer(moves.DEADLINE, complaint.id, complaint.deadline_at)
    if await leading.falls_to_leading(complaint):
        await moves.call_on_leading(complaint, event, **who)
        return
    text = moves.heard(complaint.story)
    await moves.tell_staff(complaint, event, "staff.complaint", text=text, place=complaint.place, **who)


async def mine(person_id: int, *, limit: int = 5) -> list[Mine]:
    """The person's own, newest first."""
    rows = await Complaint.filter(person_id=person_id).order_by("-id").limit(limit)
    return [_mine(row) for row in rows]


async def get(person_id: int, number: str) -> Mine:
    """The person's own complaint of that number; anyone else's raises NotFound."""
    return _mine(await _own(person_id, number))


async def progress(person_id: int, number: str) -> Progress:
    complaint = await _own(person_id, number)
    said = await events.of(SubjectKind.COMPLAINT, complaint.id, verbs=_SAID)
    handler = await Staff.get_or_none(id=complaint.handler_id)
    return Progress(
        number=complaint.number,
        kind=complaint.kind,
        topic=complaint.topic,
        status=complaint.status,
        deadline_at=complaint.deadline_at,
        rating=complaint.rating,
        rated=complaint.rated_at is not None,
        said=[Said(one.note, one.verb == "answered", one.at) for one in said if one.note],
        photos=await ComplaintPhoto.filter(KEPT, complaint=complaint).count(),
        handler=handler.name if handler else "",
    )


async def remark(number: str, text: str, *, actor: Actor, media_ids: Sequence[int] = ()) -> None:
    """The resident adds words or photos."""
    complaint = await _lock_own(number, actor)
    await complaint_hearing.heard(complaint, text, actor=actor)
    event = await moves.move(complaint, "remarked", actor=actor, note=text)
    await _add_photos(complaint, media_ids)
    await moves.tell_staff(complaint, event, "staff.complaint_remarked", text=moves.heard(text))


async def withdraw(number: str, *, actor: Actor) -> None:
    complaint = await _lock_own(number, actor)
    await moves.move(complaint, "withdrawn", actor=actor)
    await moves.stop_clocks(complaint)


async def rate(number: str, stars: int, *, actor: Actor, remark: str = "") -> None:
    """One to five stars for the answer; closes the complaint."""
    if stars not in range(1, 6):
        raise Invalid("rating.out_of_range")
    complaint = await _lock_own(number, actor)
    if complaint.rated_at is not None:
        raise NotAllowed("complaint.already_rated", number=complaint.number)
    complaint.rating, complaint.rating_remark, complaint.rated_at = stars, remark[:300], clock.now()
    await moves.move(complaint, "rated", actor=actor, note=remark, body={"stars": stars})
    await moves.stop_clocks(complaint)


async def reopen(number: str, reason: str, *, actor: Actor) -> Promised:
    """Not settled: back to staff with a new deadline, and it can be rated again."""
    complaint = await _lock_own(number, actor)
    await complaint_hearing.heard(complaint, reason, actor=actor)
    event = await moves.open_again(complaint, reason, actor=actor)
    await moves.tell_staff(complaint, event, "staff.complaint_reopened", text=moves.heard(reason))
    return _promised(complaint)


async def close_answered(complaint_id: int) -> None:
    """By timer: an answer that nobody objected to closes the complaint, as was said beforehand."""
    complaint = await moves.lock(Q(id=complaint_id), named=complaint_id)
    if complaint.status is ComplaintStatus.ANSWERED:
        event = await moves.move(complaint, "closed", actor=SYSTEM)
        await moves.tell(complaint, event, "complaint.closed_by_time")


async def check_first(complaint_id: int) -> None:
    """By timer: one that nobody has taken up becomes a task of the complaint desk, unless it is one of who leads."""
    complaint = await moves.lock(Q(id=complaint_id), named=complaint_id)
    if complaint.status is ComplaintStatus.SUBMITTED and complaint.respond_by <= clock.now():
        await moves.record(complaint, "untaken", actor=SYSTEM)
        if not await leading.falls_to_leading(complaint):
            await moves.ring(complaint, "complaint_untaken", moves.untaken_key(complaint))


async def check_deadline(complaint_id: int) -> None:
    """By timer: one that is still unanswered becomes a task of the complaint desk, once a deadline."""
    complaint = await moves.lock(Q(id=complaint_id), named=complaint_id)
    if complaint.status not in moves.UNANSWERED or complaint.deadline_at > clock.now():
        return
    event = await moves.record(complaint, "overdue", actor=SYSTEM)
    await moves.settle_untaken(complaint, actor=SYSTEM)
    await moves.ring(complaint, "complaint_overdue", moves.overdue_key(complaint))
    await moves.tell_staff(complaint, event, "staff.complaint_overdue")


def _resident(actor: Actor) -> int:
    if actor.person_id is None:
        raise NotAllowed("binding.needed")
    return actor.person_id


async def _own(person_id: int, number: str) -> Complaint:
    complaint = await Complaint.get_or_none(number=number.upper(), person_id=person_id)
    if complaint is None:
        raise NotFound("complaint.not_found", number=number)
    return complaint


async def _lock_own(number: str, actor: Actor) -> Complaint:
    theirs = Q(number=number.upper(), person_id=_resident(actor))
    return await moves.lock(theirs, named=number)


async def _add_photos(complaint: Complaint, media_ids: Sequence[int]) -> None:
    """Attach photos the person sent themselves, up to as many as the company allows in all."""
    if not media_ids:
        return
    owned = await MediaFile.filter(id__in=list(media_ids), person_id=complaint.person_id).values_list(
        "id", flat=True
    )
    if set(media_ids) - set(owned):
        raise Invalid("photo.unknown")
    sent, most = await kept(media_ids), (await policy.current()).max_photos
    if await ComplaintPhoto.filter(KEPT, complaint=complaint).count() + len(sent) > most:
        raise Invalid("photo.too_many", most=most)
    photos = [ComplaintPhoto(complaint_id=complaint.id, media_id=media_id) for media_id in sent]
    await ComplaintPhoto.bulk_create(photos, ignore_conflicts=True)


def _promised(row: Complaint) -> Promised:
    return Promised(row.id, row.number, row.deadline_at)


def _mine(row: Complaint) -> Mine:
    return Mine(row.id, row.number, row.kind, row.topic, row.story, row.status, row.created_at)
