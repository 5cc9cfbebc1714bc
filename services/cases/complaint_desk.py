"""Complaints and suggestions as staff have them. Whom one is about never sees it, whatever their rights."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from tortoise.expressions import Q

from models.complaints import Complaint, ComplaintPhoto
from models.events import SubjectKind
from models.people import Staff
from services import clock, events
from services.actors import Actor
from services.cases import complaint_lines, complaint_seen, crossing
from services.cases import complaint_moves as moves
from services.cases.complaint_lines import Line
from services.errors import Invalid, NotFound
from services.estate import homes
from services.estate.homes import Home
from services.events import Subject

_SAID = ("answered", "remarked", "reopened", "rated", "closed")


@dataclass(frozen=True, slots=True)
class Said:
    text: str
    by_staff: bool
    at: datetime


@dataclass(frozen=True, slots=True)
class Photo:
    """`sha256` names the stored one; `error` says why there is none."""

    status: str
    sha256: str
    error: str


@dataclass(frozen=True, slots=True)
class Whole:
    """All that staff know. `phone` is in full; reading it is recorded."""

    line: Line
    story: str
    place: str
    phone: str
    about: str  # the colleague it is about, as far as that is clear
    suspected: str  # those it may be about, where it is not
    rating: int | None
    said: Sequence[Said]
    photos: Sequence[Photo]


async def listed(*, actor: Actor, ended: bool = False, limit: int = 50) -> list[Line]:
    """Those of their communities, what is due first on top; the ended ones too when wanted."""
    found = Complaint.filter(await complaint_seen.rows(actor))
    if not ended:
        found = found.filter(status__in=sorted(moves.OPEN))
    return await complaint_lines.read(found.order_by("deadline_at", "id").limit(limit))


async def late(*, actor: Actor, limit: int) -> list[Line]:
    """Those that should have been answered by now, what is late the longest on top."""
    due = Q(status__in=sorted(moves.UNANSWERED), deadline_at__lt=clock.now())
    found = Complaint.filter(await complaint_seen.rows(actor), due)
    return await complaint_lines.read(found.order_by("deadline_at", "id").limit(limit))


async def of_person(person_id: int, *, actor: Actor) -> list[Line]:
    """The open ones of one resident, as far as they see them."""
    found = Complaint.filter(await complaint_seen.rows(actor), person_id=person_id, anonymous=False)
    return await complaint_lines.read(found.filter(status__in=sorted(moves.OPEN)).order_by("deadline_at"))


async def of_people(
    person_ids: Sequence[int], *, actor: Actor, house_id: int | None = None, limit: int = 20
) -> list[Line]:
    """Theirs, newest first, of one house if it is named. Who wrote without a name is not told by the house."""
    found = Complaint.filter(
        await complaint_seen.rows(actor), person_id__in=list(person_ids), anonymous=False
    )
    if house_id is not None:
        found = found.filter(house_id=house_id)
    return await complaint_lines.read(found.order_by("-id").limit(limit))


async def shown(number: str, *, actor: Actor) -> Whole:
    """Raises NotFound for what they do not see."""
    where = await complaint_seen.rows(actor)
    found = Complaint.filter(where, number=_plain(number))
    row = await found.select_related(*complaint_seen.RELATED).first()
    if row is None:
        raise NotFound("complaint.not_found", number=number)
    home = await homes.find(row.person_id)
    phone = await _phone(row, home, actor)
    said = await events.of(SubjectKind.COMPLAINT, row.id, verbs=_SAID)
    photos = ComplaintPhoto.filter(complaint_id=row.id).order_by("id").select_related("media")
    about = await complaint_seen.whom(row)
    return Whole(
        line=complaint_lines.line(row, home),
        story=row.story,
        place=row.place,
        phone=phone,
        about=about.sure,
        suspected=about.maybe,
        rating=row.rating,
        said=[Said(one.note, one.actor_kind == "staff", one.at) for one in said if one.note],
        photos=[Photo(one.media.status, one.media.sha256, one.media.error) for one in await photos],
    )


async def find(number: str, *, actor: Actor) -> int:
    """The id of one that they see. Raises NotFound for what they do not."""
    row = await Complaint.filter(await complaint_seen.rows(actor), number=_plain(number)).first()
    if row is None:
        raise NotFound("complaint.not_found", number=number)
    return row.id


async def accept(complaint_id: int, *, actor: Actor, seen: int | None = None) -> None:
    """A member of staff takes charge; the resident hears who and until when."""
    complaint, name = await lock(complaint_id, actor, seen), await staff_name(actor)
    complaint.handler_id = actor.staff_id
    event = await moves.move(complaint, "accepted", actor=actor)
    deadline = complaint.deadline_at.isoformat()
    await moves.tell(complaint, event, "complaint.accepted", staff=name, deadline=deadline)


async def answer(complaint_id: int, text: str, *, actor: Actor, seen: int | None = None) -> None:
    """The staff's answer reaches the resident's chat; without objection it closes itself later."""
    if not text.strip():
        raise Invalid("complaint.answer_empty")
    complaint, name = await lock(complaint_id, actor, seen), await staff_name(actor)
    complaint.handler_id, complaint.answered_at = actor.staff_id, clock.now()
    event = await moves.move(complaint, "answered", actor=actor, note=text)
    days = await moves.close_later(complaint)
    await moves.tell(complaint, event, "complaint.answered", staff=name, text=text, days=days)


async def close(complaint_id: int, note: str, *, actor: Actor, seen: int | None = None) -> None:
    """Staff close it without a further answer; the resident hears why."""
    complaint = await lock(complaint_id, actor, seen)
    event = await moves.move(complaint, "closed", actor=actor, note=note)
    await moves.tell(complaint, event, "complaint.closed", text=note)
    await moves.stop_clocks(complaint)


async def lock(complaint_id: int, actor: Actor, seen: int | None = None) -> Complaint:
    """As every verb of staff begins. Raises NotFound, and Crossed when there is more than they have seen."""
    where = await complaint_seen.rows(actor)
    complaint = await moves.lock(where & Q(id=complaint_id), named=complaint_id)
    await complaint_seen.must(complaint, actor=actor)
    await crossing.must_have_seen(SubjectKind.COMPLAINT, complaint.id, seen)
    return complaint


async def staff_name(actor: Actor) -> str:
    """Under which name they answer. Raises NotFound for who has none."""
    staff = await Staff.filter(id=actor.staff_id or 0).first()
    if staff is None:
        raise NotFound("staff.not_found")
    return staff.name


async def _phone(row: Complaint, home: Home | None, actor: Actor) -> str:
    if row.anonymous:
        return ""
    phone = home.phone if home else row.person.phone
    if phone:
        subject = Subject(SubjectKind.PERSON, row.person_id, row.community_id)
        await events.record(subject, "phone_read", actor=actor, note=row.number)
    return phone


def _plain(number: str) -> str:
    """As it is spoken and printed, with spaces or without."""
    return "".join(number.split()).upper()
