"""All that staff may know of one complaint, as its page and its dossier show it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from models.complaints import Complaint, ComplaintKind, ComplaintPhoto, ComplaintStatus
from models.conversations import Conversation
from models.events import SubjectKind
from models.media import MediaStatus
from services import events, leading, spelling
from services.actors import Actor
from services.cases import complaint_clocks, complaint_seen, happenings
from services.cases.complaint_clocks import Clock, Times
from services.cases.complaint_moves import MOVES
from services.cases.happenings import Happening
from services.errors import NotFound
from services.estate import homes
from services.estate.homes import Home
from services.events import Subject


@dataclass(frozen=True, slots=True)
class Picture:
    """`kept` says whether there is something to show; else `why` not."""

    id: int
    kept: bool
    why: str
    sent_at: datetime


@dataclass(frozen=True, slots=True)
class Stored:
    sha256: str
    mime: str
    kind: str


@dataclass(frozen=True, slots=True)
class Sheet:
    """`name`, `house` and `phone` (masked) are "" for one that is anonymous, `talk` then is None.

    `about` names the colleague it is about, as far as that is clear, else `suspected` those it may be about; `can`
    are the verbs of staff that may be now.
    """

    id: int
    number: str
    kind: ComplaintKind
    topic: str
    status: ComplaintStatus
    anonymous: bool
    community: str
    house: str
    name: str
    phone: str
    talk: int | None
    place: str
    story: str
    about: str
    suspected: str
    handler: str
    mine: bool
    created_at: datetime
    clocks: Sequence[Clock]
    deadline_at: datetime
    rating: int | None
    rating_remark: str
    reopened: int
    pictures: Sequence[Picture]
    happened: Sequence[Happening]
    seen: int  # the newest event: what somebody who acts from this sheet has read
    can: frozenset[str]
    may: bool  # whether it is work of who reads it


async def of(complaint_id: int, *, actor: Actor) -> Sheet:
    """Raises NotFound for what they do not see."""
    row = await complaint_seen.find(complaint_id, actor=actor)
    home = None if row.anonymous else await homes.find(row.person_id)
    talk = None if row.anonymous else await Conversation.filter(person_id=row.person_id).first().only("id")
    happened = await happenings.of(SubjectKind.COMPLAINT, row.id, person_id=row.person_id)
    about = await complaint_seen.whom(row)
    return Sheet(
        id=row.id,
        number=row.number,
        kind=row.kind,
        topic=row.topic,
        status=row.status,
        anonymous=row.anonymous,
        community=row.community.name,
        house=complaint_seen.house(row),
        name=complaint_seen.name(row, home),
        phone=spelling.masked(_phone(row, home)),
        talk=talk.id if talk else None,
        place=row.place,
        story=row.story,
        about=about.sure,
        suspected=about.maybe,
        handler=row.handler.name if row.handler else "",
        mine=actor.staff_id is not None and row.handler_id == actor.staff_id,
        created_at=row.created_at,
        clocks=complaint_clocks.of(times(row)),
        deadline_at=row.deadline_at,
        rating=row.rating,
        rating_remark=row.rating_remark,
        reopened=row.reopened_count,
        pictures=await _pictures(row.id),
        happened=happened,
        seen=happenings.seen(happened),
        can=frozenset(verb for verb, (allowed, _) in MOVES.items() if row.status in allowed),
        may=await leading.may(row, actor=actor),
    )


def times(row: Complaint) -> Times:
    return Times(
        row.status, row.created_at, row.respond_by, row.responded_at, row.deadline_at, row.answered_at
    )


async def phone(complaint_id: int, *, actor: Actor) -> str:
    """The whole number. Raises NotFound where there is none. Who read whose is recorded."""
    row = await complaint_seen.find(complaint_id, actor=actor)
    await complaint_seen.must(row, actor=actor)
    found = _phone(row, await homes.find(row.person_id))
    if not found:
        raise NotFound("human.no_phone")
    whose = Subject(SubjectKind.PERSON, row.person_id, row.community_id)
    await events.record(whose, "phone_read", actor=actor, note=row.number)
    return found


async def picture(complaint_id: int, picture_id: int, *, actor: Actor) -> Stored:
    """Raises NotFound for one that is not there."""
    row = await complaint_seen.find(complaint_id, actor=actor)
    found = ComplaintPhoto.filter(id=picture_id, complaint_id=row.id, media__status=MediaStatus.STORED)
    photo = await found.select_related("media").first()
    if photo is None:
        raise NotFound("page.not_found")
    return Stored(photo.media.sha256, photo.media.mime, photo.media.kind)


async def printed(complaint_id: int, *, actor: Actor) -> None:
    """What is known of it leaves the desk on paper, which is recorded."""
    row = await complaint_seen.find(complaint_id, actor=actor)
    await events.record(
        Subject(SubjectKind.COMPLAINT, row.id, row.community_id), "printed", actor=actor, note=row.number
    )


def _phone(row: Complaint, home: Home | None) -> str:
    if row.anonymous:
        return ""
    return home.phone if home else row.person.phone


async def _pictures(complaint_id: int) -> list[Picture]:
    rows = await ComplaintPhoto.filter(complaint_id=complaint_id).order_by("id").select_related("media")
    return [
        Picture(one.id, one.media.status is MediaStatus.STORED, one.media.error, one.media.created_at)
        for one in rows
    ]
