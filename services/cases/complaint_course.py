"""What staff do with a complaint beside answering it: notes among themselves, giving it on, more time, once more."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from tortoise.expressions import Q

from models.complaints import Complaint, ComplaintStatus, ComplaintSuspect
from models.people import Staff, Technician
from services import accused, clock, duty, leading, scope
from services.actors import Actor
from services.cases import complaint_desk, complaint_hearing, complaint_seen
from services.cases import complaint_moves as moves
from services.errors import Invalid, NotAllowed, NotFound
from services.scope import EVERYWHERE, working_for


async def note(complaint_id: int, text: str, *, actor: Actor, seen: int | None = None) -> None:
    """Among staff: the resident never reads it."""
    if not text.strip():
        raise Invalid("case.empty")
    complaint = await complaint_desk.lock(complaint_id, actor, seen)
    await moves.move(complaint, "noted", actor=actor, note=text)


async def pass_on(
    complaint_id: int, to_staff_id: int, *, actor: Actor, note: str = "", seen: int | None = None
) -> None:
    """A colleague has it from now on and hears of it; the resident hears who, if nobody had it yet."""
    complaint = await complaint_desk.lock(complaint_id, actor, seen)
    colleague = await _colleague(complaint, to_staff_id)
    unanswered = complaint.status is ComplaintStatus.SUBMITTED
    complaint.handler_id = colleague.id
    body = {"to": colleague.id, "name": colleague.name}
    event = await moves.move(complaint, "passed_on", actor=actor, note=note, body=body)
    if unanswered:
        deadline = complaint.deadline_at.isoformat()
        await moves.tell(complaint, event, "complaint.accepted", staff=colleague.name, deadline=deadline)
    if colleague.person_id is not None and colleague.id != actor.staff_id:
        told = {"number": complaint.number, "topic": complaint.topic, "text": note}
        key = f"complaint_event:{event.id}:staff:{colleague.id}"
        await duty.tell(colleague.person_id, "staff.complaint_passed", told, key=key)


async def extend(
    complaint_id: int, until: datetime, reason: str, *, actor: Actor, seen: int | None = None
) -> None:
    """It takes longer than was promised: the resident hears until when and why, before the time is over or after."""
    if not reason.strip():
        raise Invalid("case.reason_empty")
    complaint = await complaint_desk.lock(complaint_id, actor, seen)
    if until <= max(complaint.deadline_at, clock.now()):
        raise Invalid("complaint.not_later")
    before = complaint.deadline_at
    await moves.settle_overdue(complaint, actor=actor)
    complaint.deadline_at = until
    body = {"before": before.isoformat(), "after": until.isoformat()}
    event = await moves.move(complaint, "extended", actor=actor, note=reason, body=body)
    await moves.watch(complaint)
    await moves.tell(complaint, event, "complaint.extended", deadline=until.isoformat(), text=reason)


async def reopen(complaint_id: int, reason: str, *, actor: Actor, seen: int | None = None) -> None:
    """Staff heard that it is not settled: once more, with a new deadline that the resident hears."""
    if not reason.strip():
        raise Invalid("case.reason_empty")
    complaint = await complaint_desk.lock(complaint_id, actor, seen)
    event = await moves.open_again(complaint, reason, actor=actor)
    deadline = complaint.deadline_at.isoformat()
    await moves.tell(complaint, event, "complaint.reopened", deadline=deadline)
    if complaint.handler_id != actor.staff_id:
        await moves.tell_staff(complaint, event, "staff.complaint_reopened", text=moves.heard(reason))


@dataclass(frozen=True, slots=True)
class Colleagues:
    """Whom a complaint may be about: (id, name) of those who work there."""

    staff: Sequence[tuple[int, str]]
    technicians: Sequence[tuple[int, str]]


async def colleagues(complaint_id: int, *, actor: Actor) -> Colleagues:
    complaint = await complaint_seen.find(complaint_id, actor=actor)
    there = await working_for(complaint.community_id) | Q(role__in=EVERYWHERE)
    staff = Staff.filter(there, active=True).order_by("name", "id")
    crew = Technician.filter(active=True, communities__contains=[complaint.community_id])
    return Colleagues(
        [(one.id, one.name) for one in await staff],
        [(one.id, one.name) for one in await crew.order_by("name", "id")],
    )


async def point_out(
    complaint_id: int,
    *,
    staff_id: int | None = None,
    technician_id: int | None = None,
    actor: Actor,
    seen: int | None = None,
) -> None:
    """Whom it is about, as staff found out; neither: nobody. From now on that one knows nothing of it and has it no
    longer. Raises NotFound for who does not work there.
    """
    complaint = await complaint_desk.lock(complaint_id, actor, seen)
    there = await colleagues(complaint_id, actor=actor)
    names = [
        *_named(there.staff, staff_id, "staff.not_found"),
        *_named(there.technicians, technician_id, "technician.not_found"),
    ]
    await moves.stop_leading(complaint, actor=actor)
    complaint.about_staff_id, complaint.about_technician_id = staff_id, technician_id
    await ComplaintSuspect.filter(complaint_id=complaint.id).delete()
    hidden = await accused.of_one(complaint)
    if complaint.handler_id in hidden:
        complaint.handler_id = None
    body = {"staff": staff_id, "technician": technician_id}
    event = await moves.move(complaint, "pointed_out", actor=actor, note="、".join(names), body=body)
    await complaint_hearing.leave_to_others(complaint, event)


def _named(known: Sequence[tuple[int, str]], one: int | None, missing: str) -> list[str]:
    if one is None:
        return []
    if one not in dict(known):
        raise NotFound(missing)
    return [dict(known)[one]]


async def takers(complaint_id: int, *, actor: Actor) -> list[tuple[int, str]]:
    """Id and name of the colleagues to whom it may be given."""
    complaint = await complaint_seen.find(complaint_id, actor=actor)
    everybody = await Staff.filter(active=True).exclude(id=actor.staff_id or 0).order_by("name", "id")
    theirs = await scope.of_many([one.id for one in everybody])
    hidden, leads = await _not_for(complaint)
    return [
        (one.id, one.name)
        for one in everybody
        if one.id not in hidden and _could(theirs[one.id], complaint, leads=leads)
    ]


async def _colleague(complaint: Complaint, staff_id: int) -> Staff:
    """Who could have taken it. That it is about somebody is said to nobody: they are simply not among them."""
    colleague = await Staff.filter(id=staff_id, active=True).first()
    if colleague is None:
        raise NotFound("staff.not_found")
    hidden, leads = await _not_for(complaint)
    if colleague.id in hidden or not _could(await scope.of(staff_id), complaint, leads=leads):
        raise NotAllowed("complaint.colleague_cannot", staff=colleague.name)
    return colleague


async def _not_for(complaint: Complaint) -> tuple[set[int], bool]:
    """Whom it is hidden from, and whether it therefore falls to whoever leads."""
    return await accused.of_one(complaint), await leading.falls_to_leading(complaint)


def _could(theirs: scope.Scope, complaint: Complaint, *, leads: bool) -> bool:
    return leading.could(theirs, leads=leads) and theirs.has(complaint.community_id)
