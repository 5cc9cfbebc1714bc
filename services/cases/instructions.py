"""批示: a leader writes what is to be done about a matter; whose work it is sees it at once and says 知道了."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from tortoise.expressions import Q

from models.events import SubjectKind
from models.instructions import Instruction
from models.people import Staff
from models.tasks import StaffTask, TaskKind
from services import accused, clock, duty, events, paging, staff_tasks, work
from services.actors import Actor
from services.cases import matters
from services.cases.matters import Matter
from services.errors import Invalid, NotAllowed, NotFound
from services.events import Subject
from services.paging import Page
from services.scope import Field

_AT_ONCE = 30
_KEY = "instruction:"  # how the keys of their tasks begin


@dataclass(frozen=True, slots=True)
class Line:
    """`acknowledged_by` is "" as long as nobody said 知道了; `mine` says whether whoever asks may."""

    id: int
    kind: SubjectKind
    subject_id: int
    label: str
    text: str
    by: str
    at: datetime
    acknowledged_by: str
    acknowledged_at: datetime | None
    mine: bool


async def instruct(kind: SubjectKind, subject_id: int, text: str, *, actor: Actor) -> int:
    """Raises NotFound for a matter that they do not see, MayNot for whoever leads nobody."""
    actor.doing(Field.INSTRUCTIONS)
    leader = await Staff.filter(id=actor.staff_id or 0).first()
    if leader is None:
        raise NotFound("staff.not_found")
    if not text.strip():
        raise Invalid("case.empty")
    matter = await matters.find(kind, subject_id, actor=actor)
    row = await Instruction.create(
        subject_kind=kind,
        subject_id=matter.id,
        label=matter.label[:80],
        community_id=matter.community_id,
        text=text.strip(),
        by=leader,
        created_at=clock.now(),
    )
    body = {"kind": kind, "id": matter.id}
    await events.record(_subject(row), "instructed", actor=actor, note=row.text, body=body)
    await _tell_talk(row, "instructed", actor, row.text)
    await _ring(row, matter, leader.name)
    return int(row.id)


async def acknowledge(instruction_id: int, *, actor: Actor) -> None:
    """知道了, by somebody whose work the matter is. Raises NotAllowed when somebody said so already."""
    found = Instruction.filter(await _visible(actor, doing=True), id=instruction_id)
    row = await work.lock(found)
    if row is None:
        raise NotFound("page.not_found")
    if actor.staff_id is None:
        raise NotAllowed("may_not.instructions")
    if row.acknowledged_at is not None:
        raise NotAllowed("instruction.acknowledged")
    row.acknowledged_by_id, row.acknowledged_at = actor.staff_id, clock.now()
    await row.save()
    await staff_tasks.settle_keys([_key(row)], actor=actor)
    await events.record(_subject(row), "acknowledged", actor=actor)
    await _tell_talk(row, "acknowledged", actor)


async def done_by_task(task_id: int, *, actor: Actor) -> None:
    """Whoever is done with the task that an instruction made has seen it. Nothing for any other task."""
    task = await StaffTask.filter(id=task_id, key__startswith=_KEY).first()
    if task is None:
        return
    instruction_id = int(task.key.removeprefix(_KEY))
    if await Instruction.exists(id=instruction_id, acknowledged_at__isnull=True):
        await acknowledge(instruction_id, actor=actor)


async def of(kind: SubjectKind, subject_id: int, *, actor: Actor) -> list[Line]:
    """Of one matter, the newest on top: what nobody acknowledged stands first."""
    found = Instruction.filter(await _visible(actor), subject_kind=kind, subject_id=subject_id)
    rows = await found.order_by("-id").limit(_AT_ONCE).select_related("by", "acknowledged_by")
    lines = _lines(rows, actor)
    return sorted(lines, key=lambda one: one.acknowledged_at is not None)


async def listed(*, actor: Actor, waiting: bool, after: str = "", limit: int = _AT_ONCE) -> Page[Line]:
    """Those that nobody has acknowledged, or the others; the newest on top."""
    found = Instruction.filter(await _visible(actor), acknowledged_at__isnull=waiting)
    if (behind := paging.read(after)) is not None:
        found = found.filter(id__lt=behind[0])
    rows = await found.order_by("-id").limit(limit + 1).select_related("by", "acknowledged_by")
    part = paging.page(rows, limit, key=lambda row: (int(row.id),))
    return Page(_lines(part.rows, actor), part.after)


async def waiting(*, actor: Actor) -> int:
    """How many nobody has acknowledged."""
    return await Instruction.filter(await _visible(actor), acknowledged_at__isnull=True).count()


async def tasks(kind: SubjectKind, subject_id: int) -> list[str]:
    """The keys of the tasks that the instructions on one matter made."""
    rows = await Instruction.filter(subject_kind=kind, subject_id=subject_id).only("id")
    return [_key(row) for row in rows]


async def _visible(actor: Actor, *, doing: bool = False) -> Q:
    """In their scope, about their fields of work, and never about a complaint that is about themselves."""
    own = actor.seeing(Field.INSTRUCTIONS)
    fields = own.does if doing else own.sees
    kinds = [kind for kind, field in matters.FIELDS.items() if field in fields]
    found = own.rows() & Q(subject_kind__in=kinds)
    about = await accused.theirs(actor)
    if about:
        found &= ~Q(subject_kind=SubjectKind.COMPLAINT, subject_id__in=sorted(about))
    return found


async def _tell_talk(row: Instruction, verb: str, actor: Actor, note: str = "") -> None:
    """Between the messages of a talk, for staff alone, so that whoever has it open sees it there."""
    if row.subject_kind == SubjectKind.CONVERSATION:
        talk = Subject(SubjectKind.CONVERSATION, row.subject_id, row.community_id)
        await events.record(talk, verb, actor=actor, note=note)


async def _ring(row: Instruction, matter: Matter, leader: str) -> None:
    """On the list of whose work it is, and in the WeChat of who has it; of whoever serves there if nobody has."""
    values = {"staff": leader, "label": row.label, "text": row.text}
    await staff_tasks.add(
        TaskKind.ESCALATION,
        "instruction",
        key=_key(row),
        values={**values, "kind": matter.kind, "id": matter.id, **staff_tasks.hiding(matter.hidden)},
        field=matters.FIELDS[matter.kind],
        community_id=row.community_id,
    )
    key = f"instruction:{row.id}:staff"
    for one in matter.holders:
        await duty.tell(one, "staff.instruction", values, key=f"{key}:{one}")
    if not matter.holders:
        await duty.tell_service(row.community_id, "staff.instruction", values, key=key, besides=matter.hidden)


def _lines(rows: Sequence[Instruction], actor: Actor) -> list[Line]:
    does = actor.scope.does if actor.scope else frozenset[Field]()
    return [
        Line(
            id=int(row.id),
            kind=SubjectKind(row.subject_kind),
            subject_id=row.subject_id,
            label=row.label,
            text=row.text,
            by=row.by.name,
            at=row.created_at,
            acknowledged_by=row.acknowledged_by.name if row.acknowledged_by else "",
            acknowledged_at=row.acknowledged_at,
            mine=row.acknowledged_at is None and matters.FIELDS[SubjectKind(row.subject_kind)] in does,
        )
        for row in rows
    ]


def _key(row: Instruction) -> str:
    return f"{_KEY}{row.id}"


def _subject(row: Instruction) -> Subject:
    return Subject(SubjectKind.INSTRUCTION, int(row.id), row.community_id)
