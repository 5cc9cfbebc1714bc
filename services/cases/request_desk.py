"""Service requests as staff have them: whom to call about what, and what came of it."""

from collections.abc import Sequence
from dataclasses import dataclass

from tortoise.expressions import Q

from models.events import SubjectKind
from models.requests import ServiceRequest
from services import clock, events, outbox
from services.actors import Actor
from services.cases import crossing, request_lines, requests
from services.cases.request_lines import Line
from services.errors import Invalid, NotFound
from services.estate import homes
from services.events import EventView, Subject
from services.scope import Field


@dataclass(frozen=True, slots=True)
class Whole:
    """`phone` is in full; reading it is recorded."""

    line: Line
    phone: str
    answers: Sequence[tuple[str, str]]
    history: Sequence[EventView]


async def listed(*, actor: Actor, ended: bool = False, limit: int = 50) -> list[Line]:
    """Those of their communities, the oldest on top; the ended ones too when wanted."""
    found = ServiceRequest.filter(actor.seeing(Field.REQUESTS).rows())
    if not ended:
        found = found.filter(status__in=sorted(requests.OPEN))
    return await request_lines.read(found.order_by("id").limit(limit))


async def late(*, actor: Actor, limit: int) -> list[Line]:
    """Those for whose wish the time has passed, the longest ago on top."""
    due = Q(status__in=sorted(requests.OPEN), wanted_at__lt=clock.now())
    found = ServiceRequest.filter(actor.seeing(Field.REQUESTS).rows(), due)
    return await request_lines.read(found.order_by("wanted_at", "id").limit(limit))


async def of_people(
    person_ids: Sequence[int], *, actor: Actor, house_id: int | None = None, limit: int = 20
) -> list[Line]:
    """Theirs, newest first, of one house if it is named."""
    found = ServiceRequest.filter(actor.seeing(Field.REQUESTS).rows(), person_id__in=list(person_ids))
    if house_id is not None:
        found = found.filter(house_id=house_id)
    return await request_lines.read(found.order_by("-id").limit(limit))


async def shown(number: str, *, actor: Actor) -> Whole:
    """Raises NotFound for what they do not see."""
    row = await _numbered(number, actor)
    if row.contact_phone:
        subject = Subject(SubjectKind.PERSON, row.person_id, row.community_id)
        await events.record(subject, "phone_read", actor=actor, note=row.number)
    return Whole(
        line=request_lines.line(row, await homes.find(row.person_id)),
        phone=row.contact_phone,
        answers=[(one["question"], one["answer"]) for one in row.answers],
        history=await events.of(SubjectKind.REQUEST, row.id),
    )


async def find(number: str, *, actor: Actor) -> int:
    """The id of one that they see. Raises NotFound for what they do not."""
    return (await _numbered(number, actor)).id


async def accept(request_id: int, *, actor: Actor, note: str = "", seen: int | None = None) -> None:
    await _move(request_id, "accepted", actor, note, seen)


async def decline(request_id: int, *, actor: Actor, note: str, seen: int | None = None) -> None:
    """With a reason, which the resident reads."""
    await _move(request_id, "declined", actor, note, seen)


async def finish(request_id: int, *, actor: Actor, note: str = "", seen: int | None = None) -> None:
    await _move(request_id, "done", actor, note, seen)


async def note(request_id: int, text: str, *, actor: Actor) -> None:
    """Among staff: the resident never reads it."""
    if not text.strip():
        raise Invalid("case.empty")
    request = await _lock(request_id, actor, None)
    await requests.move(request, "noted", actor=actor, note=text)


async def seen(where: Q, *, actor: Actor, named: str = "") -> ServiceRequest:
    """With what a page shows of it. Raises NotFound for what they do not see; `named` is how it was asked for."""
    found = ServiceRequest.filter(actor.seeing(Field.REQUESTS).rows() & where)
    row = await found.select_related(*request_lines.RELATED).first()
    if row is None:
        raise NotFound("request.not_found", number=named)
    return row


async def _numbered(number: str, actor: Actor) -> ServiceRequest:
    """By its number as it is spoken and printed, with spaces or without."""
    return await seen(Q(number="".join(number.split()).upper()), actor=actor, named=number)


async def _move(request_id: int, verb: str, actor: Actor, note: str, seen: int | None) -> None:
    request = await _lock(request_id, actor, seen)
    request.handler_id = actor.staff_id
    event = await requests.move(request, verb, actor=actor, note=note)
    values = {"number": request.number, "title": request.title, "text": note}
    await outbox.tell(request.person_id, f"request.{verb}", values, key=f"request_event:{event.id}")


async def _lock(request_id: int, actor: Actor, seen: int | None) -> ServiceRequest:
    own = actor.doing(Field.REQUESTS)
    request = await requests.lock(own.rows() & Q(id=request_id), named=request_id)
    await crossing.must_have_seen(SubjectKind.REQUEST, request.id, seen)
    return request
