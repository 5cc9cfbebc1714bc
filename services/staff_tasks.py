"""What only people can do now. The desk lists these; a task that its ticket overtook settles itself."""

from collections.abc import Mapping

from models.tasks import StaffTask, TaskKind
from services import clock, scope, work
from services.errors import NotFound
from services.scope import Field, Scope

_FIELDS: Mapping[TaskKind, Field] = {
    TaskKind.ALERT: Field.ALERTS,
    TaskKind.PHONE: Field.TALKS,
    TaskKind.HANDOVER: Field.TALKS,
    TaskKind.LEFT_MESSAGE: Field.TALKS,
    TaskKind.DISPATCH: Field.REPAIRS,
    TaskKind.ESCALATION: Field.REPAIRS,
    TaskKind.FOLLOW_UP: Field.REPAIRS,
    TaskKind.REVIEW: Field.RESIDENTS,
    TaskKind.CALENDAR: Field.CONTENT,
}
_UNASSIGNED = (TaskKind.DISPATCH,)
_OF_TICKET = (TaskKind.DISPATCH, TaskKind.ESCALATION)


async def add(
    kind: TaskKind,
    note: str,
    *,
    key: str,
    community_id: int | None = None,
    person_id: int | None = None,
    ticket_id: int | None = None,
) -> None:
    """Put it on the list. The same key is put there once."""
    task = StaffTask(
        key=key,
        kind=kind,
        note=note[:500],
        community_id=community_id,
        person_id=person_id,
        ticket_id=ticket_id,
        created_at=clock.now(),
    )
    await StaffTask.bulk_create([task], ignore_conflicts=True)
    work.wake("desk")


async def done(task_id: int, *, staff_id: int) -> None:
    """Raises NotFound when there is no such task in their scope, or somebody did it already."""
    own = await scope.of(staff_id)
    task = await StaffTask.filter(own.rows(), id=task_id, done_at=None).select_for_update().first()
    if task is None:
        raise NotFound("task.not_found")
    own.must_do(_FIELDS[task.kind])
    await StaffTask.filter(id=task.id).update(done_at=clock.now(), done_by_id=staff_id)
    work.wake("desk")


async def settle(ticket_id: int, *, ended: bool) -> None:
    """Somebody has the ticket now, or it ended: nobody need look for a technician any more."""
    kinds = _OF_TICKET if ended else _UNASSIGNED
    await StaffTask.filter(ticket_id=ticket_id, kind__in=kinds, done_at=None).update(done_at=clock.now())


async def settle_person(person_id: int, kind: TaskKind, *, staff_id: int | None = None) -> None:
    tasks = StaffTask.filter(person_id=person_id, kind=kind, done_at=None)
    await tasks.update(done_at=clock.now(), done_by_id=staff_id)


async def waiting(seen: Scope, kind: TaskKind | None = None, *, limit: int = 100) -> list[StaffTask]:
    """The open tasks of their fields, oldest first, with ticket, person and community loaded."""
    kinds = [one for one, field in _FIELDS.items() if field in seen.sees and kind in (None, one)]
    tasks = StaffTask.filter(seen.rows(), done_at=None, kind__in=kinds)
    return await tasks.order_by("id").limit(limit).select_related("ticket", "person", "community")


async def settle_key(prefix: str, *, staff_id: int | None = None) -> None:
    """Done are all whose key begins so."""
    tasks = StaffTask.filter(key__startswith=prefix, done_at=None)
    await tasks.update(done_at=clock.now(), done_by_id=staff_id)
