"""服务工单: what form-like scripts collected, and what staff make of it."""

from collections.abc import Sequence
from datetime import datetime

from tortoise.expressions import Q

from models.requests import RequestEvent, RequestStatus, ServiceRequest
from services import clock, ids, outbox, scope, work
from services.errors import Invalid, NotAllowed, NotFound
from services.estate import homes
from services.scope import Field

_OPEN = {RequestStatus.SUBMITTED, RequestStatus.ACCEPTED}
# verb: (allowed from, becomes)
MOVES: dict[str, tuple[set[RequestStatus], RequestStatus]] = {
    "accepted": ({RequestStatus.SUBMITTED}, RequestStatus.ACCEPTED),
    "declined": (_OPEN, RequestStatus.DECLINED),
    "done": ({RequestStatus.ACCEPTED}, RequestStatus.DONE),
    "cancelled": (_OPEN, RequestStatus.CANCELLED),
}


async def submit(
    person_id: int,
    kind: str,
    title: str,
    answers: Sequence[tuple[str, str]],
    *,
    contact_phone: str = "",
    wanted_at: datetime | None = None,
    community_id: int | None = None,
) -> ServiceRequest:
    """Take a form: `kind` is the script, `answers` are (question, answer) as read. Needs no binding: a viewing
    is for strangers too; a bound person's house goes along."""
    if not answers:
        raise Invalid("request.empty")
    home = await homes.find(person_id)
    fresh, number = await ids.numbered(ServiceRequest, "F")
    request = await ServiceRequest.create(
        id=fresh,
        number=number,
        kind=kind,
        title=title[:64],
        community_id=community_id or (home.community_id if home else None),
        house_id=home.house_id if home else None,
        person_id=person_id,
        contact_phone=contact_phone[:20] or (home.phone if home else ""),
        wanted_at=wanted_at,
        answers=[{"question": question, "answer": answer} for question, answer in answers],
    )
    await _note(request, "submitted", f"person:{person_id}", None)
    work.wake("desk")
    return request


async def mine(person_id: int, *, limit: int = 5) -> list[ServiceRequest]:
    """The person's own, newest first."""
    return await ServiceRequest.filter(person_id=person_id).order_by("-id").limit(limit)


async def get(person_id: int, number: str) -> ServiceRequest:
    """The person's own of that number; anyone else's raises NotFound."""
    request = await ServiceRequest.get_or_none(number=number.upper(), person_id=person_id)
    if request is None:
        raise NotFound("request.not_found", number=number)
    return request


async def events(person_id: int, number: str) -> list[RequestEvent]:
    return await RequestEvent.filter(request=await get(person_id, number)).order_by("id")


async def cancel(person_id: int, number: str, *, reason: str = "") -> ServiceRequest:
    """By the resident, while it is open."""
    request = await _lock((await get(person_id, number)).id, Q(person_id=person_id))
    await _move(request, "cancelled", f"person:{person_id}", reason)
    work.wake("desk")
    return request


async def accept(request_id: int, staff_id: int, *, note: str = "") -> ServiceRequest:
    return await _by_staff(request_id, staff_id, "accepted", note)


async def decline(request_id: int, staff_id: int, *, note: str) -> ServiceRequest:
    """With a reason, which the resident reads."""
    return await _by_staff(request_id, staff_id, "declined", note)


async def finish(request_id: int, staff_id: int, *, note: str = "") -> ServiceRequest:
    return await _by_staff(request_id, staff_id, "done", note)


async def _by_staff(request_id: int, staff_id: int, verb: str, note: str) -> ServiceRequest:
    own = await scope.doing(staff_id, Field.REQUESTS)
    request = await _lock(request_id, own.rows())
    request.handler_id = staff_id
    event = await _move(request, verb, f"staff:{staff_id}", note)
    values = {"number": request.number, "title": request.title, "text": note}
    await outbox.tell(request.person_id, f"request.{verb}", values, key=f"request_event:{event.id}")
    return request


async def _lock(request_id: int, theirs: Q) -> ServiceRequest:
    """Raises NotFound when it is none of theirs."""
    request = await ServiceRequest.filter(theirs, id=request_id).select_for_update().first()
    if request is None:
        raise NotFound("request.not_found", number=request_id)
    return request


async def _move(request: ServiceRequest, verb: str, actor: str, note: str) -> RequestEvent:
    allowed, becomes = MOVES[verb]
    before = request.status
    if before not in allowed:
        raise NotAllowed("request.cannot", number=request.number, verb=verb, status=before.value)
    request.status = becomes
    if becomes is not RequestStatus.ACCEPTED:
        request.closed_at = clock.now()
    await request.save()
    return await _note(request, verb, actor, before, note)


async def _note(
    request: ServiceRequest, verb: str, actor: str, before: RequestStatus | None, note: str = ""
) -> RequestEvent:
    return await RequestEvent.create(
        request_id=request.id,
        verb=verb,
        actor=actor,
        from_status=before or "",
        to_status=request.status,
        note=note,
        at=clock.now(),
    )
