"""Danger: duty staff are alerted at once, the person gets the duty phones."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from tortoise.expressions import Q

from models.community import Community, DutyPhone
from models.people import Person, Staff, Technician
from models.tasks import StaffTask, TaskKind
from models.values import Json
from services import clock, outbox, staff_tasks, timers
from services.errors import NotAllowed, NotFound
from services.estate import homes

_SAME_DANGER = timedelta(minutes=5)  # what somebody says again within this belongs to the same alert
_UNSEEN = timedelta(minutes=3)
KIND = "hazard_unseen"


@dataclass(frozen=True, slots=True)
class Phone:
    name: str
    phone: str
    community: str


async def alert(person_id: int, *, community_id: int | None, kind: str, text: str) -> list[Phone]:
    """Alert whoever is on duty; returns the numbers to call, the emergency ones first.

    `kind` is a word such as trapped, fire, gas. Without a community everybody on duty is alerted.
    """
    task = await _open_alert(person_id, kind)
    if task is None:
        await _raise(person_id, community_id, kind, text)
    else:
        await staff_tasks.renew(task.id, {"text": _both(task, text)})
    return await phones(community_id)


async def more(person_id: int, *, kind: str, text: str) -> None:
    """Something to add to the alert just raised: where exactly, or that it is over. Whoever heard it hears this."""
    task = await _open_alert(person_id, kind)
    if task is None:
        return
    await staff_tasks.renew(task.id, {"text": _both(task, text)})
    said = clock.now().isoformat()
    for one in await _on_duty(task.community_id):
        values: dict[str, outbox.Value] = {"kind": kind, "text": text}
        await outbox.tell(one, "hazard.more", values, key=f"hazard:{task.id}:more:{said}:{one}")


async def take_up(task_id: int, person_id: int) -> None:
    """One of those who work here sees to it: the person in danger and everybody on duty hear who, nobody more is
    called. Raises NotFound for an alert that is over, NotAllowed for whoever does not work here.
    """
    name = await _worker(person_id)
    task = await StaffTask.filter(id=task_id, kind=TaskKind.ALERT, done_at=None).select_for_update().first()
    if task is None or task.person_id is None:
        raise NotFound("hazard.over")
    await timers.clear(KIND, task.id)
    await staff_tasks.renew(task.id, {"taken": name})
    key = f"hazard:{task.id}:taken:{person_id}"
    await outbox.tell(task.person_id, "hazard.seen", {"name": name}, key=f"{key}:{task.person_id}")
    for one in set(await _on_duty(task.community_id)) - {person_id}:
        await outbox.tell(one, "hazard.taken", {"name": name, "text": _text(task)}, key=f"{key}:{one}")


def _text(task: StaffTask) -> str:
    return str(task.values.get("text", ""))


def _both(task: StaffTask, text: str) -> str:
    return f"{_text(task)}\n{text}"


async def _worker(person_id: int) -> str:
    for crew in (Staff, Technician):
        found = await crew.filter(active=True, person_id=person_id).first()
        if found is not None:
            return found.name
    raise NotAllowed("hazard.not_yours")


async def phones(community_id: int | None) -> list[Phone]:
    rows = DutyPhone.all() if community_id is None else DutyPhone.filter(community_id=community_id)
    found = await rows.order_by("-emergency", "community_id", "sort", "id").select_related("community")
    return [Phone(row.name, row.phone, row.community.name) for row in found]


async def unseen(task_id: int, note: Json) -> None:
    """Nobody has taken the alert up: everybody of the company hears it."""
    task = await StaffTask.filter(id=task_id, done_at=None).select_for_update().first()
    if task is None or task.person_id is None:
        return
    everybody = _people(await Staff.filter(active=True).order_by("id"))
    await _tell(task, everybody, note["kind"], round_=2)


async def _open_alert(person_id: int, kind: str) -> StaffTask | None:
    since = clock.now() - _SAME_DANGER
    mine = StaffTask.filter(person_id=person_id, kind=TaskKind.ALERT, done_at=None, created_at__gte=since)
    return await mine.filter(key__startswith=f"hazard:{kind}:").order_by("-id").first()


async def _raise(person_id: int, community_id: int | None, kind: str, text: str) -> None:
    key = f"hazard:{kind}:{person_id}:{clock.now().isoformat()}"
    await staff_tasks.add(
        TaskKind.ALERT,
        "danger",
        values={"kind": kind, "text": text},
        key=key,
        community_id=community_id,
        person_id=person_id,
    )
    task = await StaffTask.get(key=key)
    await _tell(task, await _on_duty(community_id), kind, round_=1)
    await timers.set_timer(KIND, task.id, clock.now() + _UNSEEN, note={"kind": kind})


async def _on_duty(community_id: int | None) -> list[int]:
    """Persons of the staff on duty; the technicians there when no member of staff can be reached."""
    staff = Staff.filter(active=True, on_duty=True)
    if community_id is not None:
        office_id = (await Community.get(id=community_id)).office_id
        staff = staff.filter(Q(office_id=office_id) | Q(office_id__isnull=True))
    technicians = Technician.filter(active=True, on_duty=True)
    if community_id is not None:
        technicians = technicians.filter(communities__contains=[community_id])
    return _people(await staff.order_by("id")) or _people(await technicians.order_by("id"))


def _people(workers: Sequence[Staff | Technician]) -> list[int]:
    return [one.person_id for one in workers if one.person_id is not None]


async def _tell(task: StaffTask, people: list[int], kind: str, *, round_: int) -> None:
    assert task.person_id is not None
    person = await Person.get(id=task.person_id)
    home = await homes.find(person.id)
    values: dict[str, outbox.Value] = {
        "kind": kind,
        "text": _text(task),
        "name": home.name if home else person.name,
        "phone": home.phone if home else person.phone,
        "community": home.community_name if home else "",
        "house": home.house_label if home else "",
        "again": round_ - 1,
        "task": task.id,
    }
    for one in people:
        await outbox.tell(one, "hazard.alert", values, key=f"hazard:{task.id}:{round_}:{one}")
