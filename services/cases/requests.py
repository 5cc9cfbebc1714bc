"""服务工单: what form-like scripts collected, as its resident has it; `request_desk` is the side of the staff."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from tortoise.expressions import Q

from models.events import SubjectKind
from models.requests import RequestStatus, ServiceRequest
from services import clock, duty, events, ids, work
from services.actors import Actor
from services.errors import Invalid, NotAllowed, NotFound
from services.estate import homes
from services.events import EventView, Subject

OPEN = {RequestStatus.SUBMITTED, RequestStatus.ACCEPTED}
# verb: (allowed from, becomes); None keeps the status.
MOVES: dict[str, tuple[set[RequestStatus], RequestStatus | None]] = {
    "accepted": ({RequestStatus.SUBMITTED}, RequestStatus.ACCEPTED),
    "declined": (OPEN, RequestStatus.DECLINED),
    "done": ({RequestStatus.ACCEPTED}, RequestStatus.DONE),
    "cancelled": (OPEN, RequestStatus.CANCELLED),
    "noted": (set(RequestStatus), None),  # among staff
}
_TOLD = ("accepted", "declined", "done")  # with what staff said to the resident
_ENDED = {RequestStatus.DONE, RequestStatus.DECLINED, RequestStatus.CANCELLED}


@dataclass(frozen=True, slots=True)
class RequestView:
    """`answers` are (question, answer) as read; `note` is what staff said last, "" for nothing."""

    id: int
    number: str
    title: str
    status: RequestStatus
    answers: Sequence[tuple[str, str]]
    note: str = ""


async def submit(
    kind: str,
    title: str,
    answers: Sequence[tuple[str, str]],
    *,
    actor: Actor,
    contact_phone: str = "",
    wanted_at: datetime | None = None,
    community_id: int | None = None,
) -> str:
    """Take a form and return its number: `kind` is the script, `answers` are (question, answer) as read.

    Needs no binding: a viewing is for strangers too; a bound person's house goes along.
    """
    if not answers or actor.person_id is None:
        raise Invalid("request.empty")
    home = await homes.find(actor.person_id)
    fresh, number = await ids.numbered(ServiceRequest, "F")
    request = await ServiceRequest.create(
        id=fresh,
        number=number,
        kind=kind,
        title=title[:64],
        community_id=community_id or (home.community_id if home else None),
        house_id=home.house_id if home else None,
        person_id=actor.person_id,
        contact_phone=contact_phone[:20] or (home.phone if home else ""),
        wanted_at=wanted_at,
        answers=[{"question": question, "answer": answer} for question, answer in answers],
    )
    event = await _record(request, "submitted", actor, None)
    await _announce(request, event, home)
    return number


async def mine(person_id: int, *, limit: int = 5) -> list[RequestView]:
    """The person's own, newest first."""
    rows = await ServiceRequest.filter(person_id=person_id).order_by("-id").limit(limit)
    return [_view(row) for row in rows]


async def get(person_id: int, number: str) -> RequestView:
    """The person's own of that number; anyone else's raises NotFound."""
    request = await ServiceRequest.get_or_none(number=number.upper(), person_id=person_id)
    if request is None:
        raise NotFound("request.not_found", number=number)
    happened = await events.of(SubjectKind.REQUEST, request.id, verbs=_TOLD)
    said = [one.note for one in happened if one.note]
    return _view(request, said[-1] if said else "")


async def cancel(number: str, *, actor: Actor, reason: str = "") -> None:
    """By the resident, while it is open."""
    theirs = Q(number=number.upper(), person_id=actor.person_id or 0)
    await move(await lock(theirs, named=number), "cancelled", actor=actor, note=reason)


async def lock(theirs: Q, *, named: str | int) -> ServiceRequest:
    """Raises NotFound when it is none of theirs; `named` is how it was asked for."""
    request = await work.lock(ServiceRequest.filter(theirs))
    if request is None:
        raise NotFound("request.not_found", number=named)
    return request


async def move(request: ServiceRequest, verb: str, *, actor: Actor, note: str = "") -> EventView:
    """Raises NotAllowed when it cannot from where it stands."""
    allowed, becomes = MOVES[verb]
    before = request.status
    if before not in allowed:
        raise NotAllowed("request.cannot", number=request.number, verb=verb, status=before.value)
    request.status = becomes or before
    if becomes in _ENDED:
        request.closed_at = clock.now()
    await request.save()
    return await _record(request, verb, actor, before, note)


async def _record(
    request: ServiceRequest, verb: str, actor: Actor, before: RequestStatus | None, note: str = ""
) -> EventView:
    subject = Subject(SubjectKind.REQUEST, request.id, request.community_id)
    return await events.record(
        subject, verb, actor=actor, before=before or "", after=request.status, note=note
    )


async def _announce(request: ServiceRequest, event: EventView, home: homes.Home | None) -> None:
    """Whoever is on duty reads at once what is wanted and whom to call."""
    values = {
        "number": request.number,
        "title": request.title,
        "name": home.name if home else "",
        "house": home.house_label if home else "",
        "phone": request.contact_phone,
        "text": "\n".join(f"{one['question']} {one['answer']}" for one in request.answers)[:500],
    }
    key = f"request_event:{event.id}:staff"
    await duty.tell_service(request.community_id, "staff.request", values, key=key)


def _view(row: ServiceRequest, note: str = "") -> RequestView:
    answers = [(one["question"], one["answer"]) for one in row.answers]
    return RequestView(row.id, row.number, row.title, row.status, answers, note)
