"""What both sides of a complaint do with its row: holding it, moving it on, its clocks, and who hears of it."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from tortoise.expressions import Q

from models.complaints import Complaint, ComplaintKind, ComplaintStatus
from models.events import SubjectKind
from models.people import Role, Staff
from models.tasks import TaskKind
from services import (
    accused,
    clock,
    duty,
    events,
    leading,
    outbox,
    policy,
    staff_tasks,
    timers,
    work,
    worktime,
)
from services.actors import Actor, ActorKind
from services.errors import NotAllowed, NotFound
from services.events import EventView, Subject
from services.scope import Field

FIRST = "complaint_first"
DEADLINE = "complaint_deadline"
AUTOCLOSE = "complaint_autoclose"
_HEARD_AT_ONCE = 300  # characters of a story that staff read in their WeChat

UNANSWERED = {ComplaintStatus.SUBMITTED, ComplaintStatus.IN_PROGRESS}
OPEN = {*UNANSWERED, ComplaintStatus.ANSWERED}
DONE = {ComplaintStatus.ANSWERED, ComplaintStatus.CLOSED}
# verb: (allowed from, becomes); None keeps the status.
MOVES: dict[str, tuple[set[ComplaintStatus], ComplaintStatus | None]] = {
    "accepted": ({ComplaintStatus.SUBMITTED}, ComplaintStatus.IN_PROGRESS),
    "answered": (OPEN, ComplaintStatus.ANSWERED),
    "remarked": (OPEN, None),
    "rated": (DONE, ComplaintStatus.CLOSED),
    "reopened": (DONE, ComplaintStatus.IN_PROGRESS),
    "closed": (OPEN, ComplaintStatus.CLOSED),
    "withdrawn": (UNANSWERED, ComplaintStatus.WITHDRAWN),
    "noted": (set(ComplaintStatus), None),  # among staff
    "pointed_out": (set(ComplaintStatus), None),
    "passed_on": (UNANSWERED, ComplaintStatus.IN_PROGRESS),
    "extended": (UNANSWERED, None),
}
_SETTLES = {"answered", "closed", "withdrawn", "rated"}
_RESPONDS = {"accepted", "answered", "closed", "passed_on"}


async def lock(where: Q, *, named: str | int) -> Complaint:
    """Raises NotFound when there is none of that kind; `named` is how it was asked for."""
    complaint = await work.lock(Complaint.filter(where))
    if complaint is None:
        raise NotFound("complaint.not_found", number=named)
    return complaint


async def move(
    complaint: Complaint,
    verb: str,
    *,
    actor: Actor,
    note: str = "",
    body: Mapping[str, object] | None = None,
) -> EventView:
    """Raises NotAllowed when it cannot from where it stands."""
    allowed, becomes = MOVES[verb]
    before = complaint.status
    if before not in allowed:
        phrase = "complaint.cannot_now" if actor.kind is ActorKind.STAFF else "complaint.cannot"
        raise NotAllowed(phrase, number=complaint.number, verb=verb, status=before.value)
    complaint.status = becomes or before
    if verb in _RESPONDS and actor.kind is ActorKind.STAFF and complaint.responded_at is None:
        complaint.responded_at = clock.now()
    if becomes in {ComplaintStatus.CLOSED, ComplaintStatus.WITHDRAWN}:
        complaint.closed_at = clock.now()
    await complaint.save()
    if before is ComplaintStatus.SUBMITTED and complaint.status is not before:
        await timers.clear(FIRST, complaint.id)
    if complaint.status is not before or verb in _RESPONDS:
        await settle_untaken(complaint, actor=actor)
    if verb in _SETTLES:
        await settle_overdue(complaint, actor=actor)
    return await record(
        complaint, verb, actor=actor, note=note, before=before, after=complaint.status, body=body
    )


def overdue_key(complaint: Complaint) -> str:
    """Of the task once a deadline has passed; each opening anew and each extension has a deadline of its own."""
    return f"complaint:{complaint.id}:overdue:{complaint.deadline_at.timestamp():.0f}"


def untaken_key(complaint: Complaint) -> str:
    """Of the task once nobody took it up in time."""
    return f"complaint:{complaint.id}:untaken"


async def settle_untaken(complaint: Complaint, *, actor: Actor) -> None:
    """Somebody has it."""
    await staff_tasks.settle_keys([untaken_key(complaint)], actor=actor)
    await stop_leading(complaint, actor=actor)


async def stop_leading(complaint: Complaint, *, actor: Actor) -> None:
    """Whoever leads need not take it any more."""
    if (await accused.of([complaint]))[complaint.id]:
        await staff_tasks.settle_key(_leading_key(complaint), actor=actor)


def _leading_key(complaint: Complaint) -> str:
    """How the keys of the tasks of whoever leads begin: one each time that no clerk may have it any more."""
    return f"complaint:{complaint.id}:leading:"


async def settle_overdue(complaint: Complaint, *, actor: Actor) -> None:
    """Whatever task there is about its present deadline; those of a former release are named by openings."""
    former = [f"complaint:{complaint.id}:overdue:{number}" for number in range(complaint.reopened_count + 1)]
    await staff_tasks.settle_keys([overdue_key(complaint), *former], actor=actor)


async def record(
    complaint: Complaint,
    verb: str,
    *,
    actor: Actor,
    note: str = "",
    before: str = "",
    after: str = "",
    body: Mapping[str, object] | None = None,
) -> EventView:
    subject = Subject(SubjectKind.COMPLAINT, complaint.id, complaint.community_id)
    return await events.record(subject, verb, actor=actor, note=note, before=before, after=after, body=body)


async def deadline(kind: ComplaintKind) -> datetime:
    """When one that comes in now must be answered: so many office hours from now."""
    decided, hours = await policy.current(), await worktime.of_desk()
    within = decided.complaint_hours if kind is ComplaintKind.COMPLAINT else decided.suggestion_hours
    return hours.add(clock.now(), within * 60)


async def respond_by() -> datetime:
    """When somebody has taken up one that comes in now."""
    decided, hours = await policy.current(), await worktime.of_desk()
    return hours.add(clock.now(), decided.complaint_first_hours * 60)


async def open_again(complaint: Complaint, reason: str, *, actor: Actor) -> EventView:
    """Back to staff with a new deadline, and it can be rated again."""
    complaint.reopened_count += 1
    complaint.rated_at = complaint.closed_at = None
    complaint.deadline_at = await deadline(complaint.kind)
    body = {"after": complaint.deadline_at.isoformat()}
    event = await move(complaint, "reopened", actor=actor, note=reason, body=body)
    await watch(complaint)
    return event


async def watch(complaint: Complaint) -> None:
    """From now on this deadline counts, and nothing closes it by itself."""
    await timers.clear(AUTOCLOSE, complaint.id)
    await timers.set_timer(DEADLINE, complaint.id, complaint.deadline_at)


async def close_later(complaint: Complaint) -> int:
    """Without objection it closes itself; after how many days."""
    days = (await policy.current()).complaint_close_days
    await timers.clear(DEADLINE, complaint.id)
    await timers.set_timer(AUTOCLOSE, complaint.id, clock.now() + timedelta(days=days))
    return days


async def stop_clocks(complaint: Complaint) -> None:
    await timers.clear(DEADLINE, complaint.id)
    await timers.clear(AUTOCLOSE, complaint.id)


async def tell(complaint: Complaint, event: EventView, phrase: str, **values: outbox.Value) -> None:
    """Queue it for the resident."""
    numbered = {"number": complaint.number, **values}
    await outbox.tell(complaint.person_id, phrase, numbered, key=f"complaint_event:{event.id}")


async def tell_staff(complaint: Complaint, event: EventView, phrase: str, **values: outbox.Value) -> None:
    """Queue it for whoever has the complaint, else for who is on duty, or leads where no clerk may have it.

    It never reaches whom it is about.
    """
    key = f"complaint_event:{event.id}:staff"
    numbered: dict[str, outbox.Value] = {
        "number": complaint.number,
        "kind": complaint.kind,
        "topic": complaint.topic,
        "deadline": complaint.deadline_at.isoformat(),
        **values,
    }
    for one in await _told(complaint):
        await duty.tell(one, phrase, numbered, key=f"{key}:{one}")


async def call_on_leading(complaint: Complaint, event: EventView, **values: outbox.Value) -> None:
    """No clerk may have it: it is a task of whoever leads from now on, and they hear of it."""
    await ring(complaint, "complaint_leading", f"{_leading_key(complaint)}{event.id}")
    text = heard(complaint.story)
    await tell_staff(complaint, event, "staff.complaint_leading", text=text, place=complaint.place, **values)


async def ring(complaint: Complaint, reason: str, key: str) -> None:
    """A task of the complaint desk, which whom it is about does not see."""
    values: dict[str, staff_tasks.Value] = {
        "number": complaint.number,
        "topic": complaint.topic,
        "id": complaint.id,
        **staff_tasks.hiding(await accused.of_one(complaint)),
    }
    await staff_tasks.add(
        TaskKind.ESCALATION,
        reason,
        values=values,
        field=Field.COMPLAINTS,
        key=key,
        community_id=complaint.community_id,
    )


def heard(text: str) -> str:
    """As much of it as is told at once; the whole is read on the desk."""
    return text if len(text) <= _HEARD_AT_ONCE else f"{text[:_HEARD_AT_ONCE]}…"


async def _told(complaint: Complaint) -> list[int]:
    """Persons."""
    hidden = await accused.of_one(complaint)
    there = Q(on_duty=True) | Q(role__in=[Role.LEADER, Role.ADMIN])  # whoever leads is on no duty
    holder = await Staff.filter(there, id=complaint.handler_id or 0, active=True).first()
    if holder is not None and holder.id not in hidden and holder.person_id is not None:
        return [holder.person_id]
    if await leading.falls_to_leading(complaint):
        return await duty.leading(complaint.community_id, besides=hidden)
    return await duty.service(complaint.community_id, besides=hidden)
