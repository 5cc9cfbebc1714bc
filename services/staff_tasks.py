"""What only people can do now. `services.desk.tasks` lists these; a task that its ticket overtook settles itself."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime

from tortoise.expressions import Q
from tortoise.queryset import QuerySet

from models.complaints import Complaint
from models.events import SubjectKind
from models.people import Person
from models.rows import Part
from models.tasks import StaffTask, TaskKind
from services import clock, events, leading, work
from services.actors import SYSTEM, Actor
from services.errors import MayNot, NotAllowed, NotFound
from services.events import Subject
from services.scope import Field

Word = str | int | None  # fills a phrase
Value = Word | list[int]

# Whose work a kind of task is unless its reason makes it somebody else's.
FIELDS: Mapping[TaskKind, Field] = {
    TaskKind.ALERT: Field.ALERTS,
    TaskKind.PHONE: Field.TALKS,
    TaskKind.HANDOVER: Field.TALKS,
    TaskKind.LEFT_MESSAGE: Field.TALKS,
    TaskKind.DISPATCH: Field.REPAIRS,
    TaskKind.ESCALATION: Field.REPAIRS,
    TaskKind.FOLLOW_UP: Field.REPAIRS,
    TaskKind.REVIEW: Field.RESIDENTS,
    TaskKind.CALENDAR: Field.CONTENT,
    TaskKind.PROMISE: Field.TALKS,
}
HIDDEN_FROM = (
    "hidden_from"  # a value: the member of staff whom a task is about, or several; they never see it
)
_UNASSIGNED = (TaskKind.DISPATCH,)
_OF_TICKET = (TaskKind.DISPATCH, TaskKind.ESCALATION)
_LONGEST = 500  # characters of one value

# Every move of a ticket asks this; hardly ever is there a task.
_SETTLE = """
UPDATE staff_task SET done_at = $3
WHERE ticket_id = $1 AND kind = ANY($2::text[]) AND done_at IS NULL RETURNING id, community_id
"""
_SETTLED = """
INSERT INTO event (
    subject_kind, subject_id, community_id, verb, actor_kind, actor_id, status_before, status_after, note, body, at,
    source
) SELECT 'task', id, community_id, 'settled', 'system', NULL, '', '', '', '{}', $1::timestamptz, NULL FROM settled
"""


async def add(
    kind: TaskKind,
    reason: str,
    *,
    key: str,
    values: Mapping[str, Value] | None = None,
    field: Field | None = None,
    community_id: int | None = None,
    person_id: int | None = None,
    ticket_id: int | None = None,
    actor: Actor = SYSTEM,
) -> int:
    """Put it on the list and return its id. The same key is put there once.

    `reason` is a code whose words are the phrase `task.<reason>`, which `values` fill; `actor` is whose wish it
    is, if anybody's.
    """
    if (known := await _by_key(key)) is not None:
        return known
    now = clock.now()
    row = StaffTask(
        key=key,
        kind=kind,
        reason=reason,
        values=_cut(values or {}),
        field=field or FIELDS[kind],
        community_id=community_id,
        person_id=person_id,
        ticket_id=ticket_id,
        created_at=now,
    )
    await StaffTask.bulk_create([row], ignore_conflicts=True)
    stored = await StaffTask.get(key=key)
    if stored.created_at == now:  # else another put it there at the same moment
        await events.record(_subject(stored), "added", actor=actor, note=reason)
    made: int = stored.id
    return made


async def gather(
    kind: TaskKind,
    reason: str,
    *,
    key: str,
    person_id: int,
    values: Mapping[str, Value],
    community_id: int | None = None,
    ticket_id: int | None = None,
    actor: Actor = SYSTEM,
) -> int:
    """As add, but what is open about this person for the same reason is one task: the newest values, and `count`."""
    await work.lock(Person.filter(id=person_id))  # so that two at the same moment are one task, too
    open_ones = StaffTask.filter(person_id=person_id, kind=kind, reason=reason, done_at=None)
    task = await work.lock(open_ones.order_by("-id"))
    if task is None:
        first = {**values, "count": 1}
        return await add(
            kind,
            reason,
            key=key,
            values=first,
            community_id=community_id,
            person_id=person_id,
            ticket_id=ticket_id,
            actor=actor,
        )
    count = int(task.values.get("count") or 1) + 1
    known: int = task.id
    await renew(known, {**values, "count": count})
    return known


async def tally(
    kind: TaskKind,
    reason: str,
    *,
    key: str,
    values: Mapping[str, Value],
    community_id: int | None = None,
    by: int = 1,
    actor: Actor = SYSTEM,
) -> int:
    """As add, but the same key is counted: one task for what befell many people at once, with `count`."""
    work.must_run()
    known = await add(
        kind, reason, key=key, values={**values, "count": 0}, community_id=community_id, actor=actor
    )
    task = await work.lock(StaffTask.filter(id=known))  # those who add at the same moment count one by one
    if task is not None:
        await renew(known, {"count": int(task.values.get("count") or 0) + by})
    return known


async def renew(task_id: int, values: Mapping[str, Value]) -> None:
    """There is more to say about an open task: these values replace those of the same names."""
    task = await StaffTask.get(id=task_id)
    await StaffTask.filter(id=task_id).update(values={**task.values, **_cut(values)})
    work.wake("desk")


async def hide(keys: Sequence[str], staff_ids: Collection[int], *, number: str) -> None:
    """The open tasks of these keys, and those that name this number, are about these of the staff, who do not see
    them; none: about nobody.
    """
    theirs = Q(key__in=list(keys)) | Q(values__contains={"number": number})
    for task in await StaffTask.filter(theirs, done_at=None).only("id"):
        await renew(task.id, {HIDDEN_FROM: None, **hiding(staff_ids)})


def hiding(staff_ids: Collection[int]) -> dict[str, Value]:
    """The value that keeps a task, or what is told of it, from these of the staff."""
    if not staff_ids:
        return {}
    first, *others = sorted(staff_ids)
    return {HIDDEN_FROM: [first, *others] if others else first}


def hidden_from(values: Mapping[str, object]) -> frozenset[int]:
    """From whom of the staff they keep it."""
    found = values.get(HIDDEN_FROM)
    several = found if isinstance(found, list) else [found]
    return frozenset(one for one in several if isinstance(one, int))


def told(values: Mapping[str, Word]) -> dict[str, Word]:
    """What of them is for people to read."""
    return {name: value for name, value in values.items() if name != HIDDEN_FROM}


def not_about(staff_id: int) -> Q:
    """Of tasks, all but those that are kept from this member of staff."""
    one, among = {HIDDEN_FROM: staff_id}, {HIDDEN_FROM: [staff_id]}
    return ~(Q(values__contains=one) | Q(values__contains=among))


async def take(task_id: int, *, actor: Actor) -> None:
    """This member of staff sees to it from now on; a colleague may take it over.

    Raises NotFound as `done` does.
    """
    task = await _open(task_id, actor)
    if actor.staff_id is None:
        raise NotAllowed(f"may_not.{task.field}")
    await StaffTask.filter(id=task.id).update(taken_by_id=actor.staff_id, taken_at=clock.now())
    await events.record(_subject(task), "taken", actor=actor, note=task.reason)


async def done(task_id: int, *, actor: Actor) -> None:
    """Raises NotFound when there is no such task in their scope, or somebody did it already."""
    task = await _open(task_id, actor)
    await _end(StaffTask.filter(id=task.id), "done", actor)


def settling(ticket_id: int, *, ended: bool) -> tuple[Part, Part]:
    """Somebody has the ticket now, or it ended: nobody need look for a technician any more.

    To be written beside the event that is the cause.
    """
    kinds, now = _OF_TICKET if ended else _UNASSIGNED, clock.now()
    return Part(_SETTLE, (ticket_id, kinds, now), "settled"), Part(_SETTLED, (now,))


async def reopen(ticket_id: int, *, since: datetime, actor: Actor) -> None:
    """What the ticket did was taken back: what settled itself by that since then is open again."""
    settled = StaffTask.filter(ticket_id=ticket_id, kind__in=_OF_TICKET, done_at__gte=since)
    found = await settled.filter(done_by_id__isnull=True)
    ids = [one.id for one in found]
    if ids:
        await StaffTask.filter(id__in=ids).update(done_at=None, done_by_id=None)
        await events.record_many([_subject(one) for one in found], "reopened", actor=actor)


async def settle_person(person_id: int, kind: TaskKind, *, actor: Actor) -> None:
    """What was to do about this person has been seen to."""
    await _end(StaffTask.filter(person_id=person_id, kind=kind), "settled", actor)


async def settle_key(prefix: str, *, actor: Actor) -> None:
    """Mark done every open task whose key starts with `prefix`."""
    await _end(StaffTask.filter(key__startswith=prefix), "settled", actor)


async def settle_keys(keys: Sequence[str], *, actor: Actor) -> None:
    """Mark done every open task that has one of these keys."""
    await _end(StaffTask.filter(key__in=list(keys)), "settled", actor)


async def settle_one(task_id: int, *, actor: Actor, note: str = "") -> None:
    """Its cause is gone."""
    await _end(StaffTask.filter(id=task_id), "settled", actor, note)


async def _by_key(key: str) -> int | None:
    task = await StaffTask.filter(key=key).first().only("id")
    return task.id if task else None


async def _open(task_id: int, actor: Actor) -> StaffTask:
    """Held. Raises NotFound outside of what they see, NotAllowed for what is not theirs to do."""
    if actor.scope is None:
        raise NotFound("task.not_found")
    task = await work.lock(StaffTask.filter(actor.scope.rows(), id=task_id, done_at=None))
    if task is None or actor.staff_id in hidden_from(task.values):
        raise NotFound("task.not_found")
    if not await may(task, actor=actor):
        raise MayNot(f"may_not.{task.field}")
    return task


async def may(task: StaffTask, *, actor: Actor) -> bool:
    """Whether what they see is theirs to do: of a complaint that no clerk may have it is work of who leads."""
    own = actor.scope
    if own is None or task.field in own.does:
        return own is not None
    number = task.values.get("number")
    if task.field != Field.COMPLAINTS or Field.INSTRUCTIONS not in own.does or not number:
        return False
    complaint = await Complaint.filter(number=number).first()
    return complaint is not None and await leading.may(complaint, actor=actor)


async def _end(found: QuerySet[StaffTask], verb: str, actor: Actor, note: str = "") -> None:
    tasks = await found.filter(done_at=None)
    if not tasks:
        return
    ids = [task.id for task in tasks]
    await StaffTask.filter(id__in=ids).update(done_at=clock.now(), done_by_id=actor.staff_id)
    await events.record_many([_subject(task) for task in tasks], verb, actor=actor, note=note)


def _subject(task: StaffTask) -> Subject:
    return Subject(SubjectKind.TASK, task.id, task.community_id)


def _cut(values: Mapping[str, Value]) -> dict[str, Value]:
    return {name: value[:_LONGEST] if isinstance(value, str) else value for name, value in values.items()}
