"""What takes longer than somebody waits for a page. PostgreSQL keeps it; workers/jobs does it, one at a time.

A job belongs to whoever asked for it: for everybody else it is not there. Its file goes after a day.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from models.events import SubjectKind
from models.jobs import Job, JobFile, JobStatus, JobStep
from models.values import Json
from services import clock, events, work
from services.actors import Actor
from services.errors import MayNot, NotAllowed, NotFound
from services.events import Subject

KEPT = timedelta(days=1)  # a file
_LISTED = timedelta(days=30)
_ATTEMPTS = 3
_AT_ONCE = 3  # jobs of one person that are not finished

_CLAIM = """
UPDATE job SET status = 'running', attempts = attempts + 1, beat_at = now(), done = 0 WHERE id IN (
    SELECT id FROM job WHERE status = 'waiting' ORDER BY id LIMIT $1 FOR UPDATE SKIP LOCKED)
RETURNING id
"""
_RELEASE = """
UPDATE job SET status = CASE WHEN attempts < $2 THEN 'waiting' ELSE 'failed' END,
    error = CASE WHEN attempts < $2 THEN '' ELSE 'jobs.failed' END
WHERE status = 'running' AND beat_at < now() - $1::interval RETURNING id
"""


@dataclass(frozen=True, slots=True)
class JobView:
    """`error` is a phrase; `has_file` says that there is something to fetch, until `ends_at`."""

    id: int
    kind: str
    name: str
    status: JobStatus
    asked: Mapping[str, object]
    report: Mapping[str, object]
    step: JobStep
    total: int
    done: int
    error: str
    made_at: datetime
    ends_at: datetime | None

    @property
    def is_open(self) -> bool:
        return self.status in (JobStatus.WAITING, JobStatus.RUNNING)

    @property
    def has_file(self) -> bool:
        return self.status is JobStatus.DONE and self.ends_at is not None and clock.now() < self.ends_at


@dataclass(frozen=True, slots=True)
class Claimed:
    """A job that a worker has."""

    id: int
    kind: str
    staff_id: int
    source: str
    asked: Mapping[str, object]
    name: str


async def start(
    kind: str, asked: Mapping[str, object], *, name: str, actor: Actor, content: bytes = b""
) -> int:
    """Have a worker do it; `content` is what it works on. Raises NotAllowed with too many at once."""
    staff_id = _staff(actor)
    unfinished = Job.filter(staff_id=staff_id, status__in=(JobStatus.WAITING, JobStatus.RUNNING))
    if await unfinished.count() >= _AT_ONCE:
        raise NotAllowed("jobs.too_many", most=_AT_ONCE)
    row = await Job.create(
        kind=kind, staff_id=staff_id, source=actor.source[:120], asked=dict(asked), name=name[:120],
        made_at=clock.now(),
    )  # fmt: skip
    if content:
        await JobFile.create(job_id=row.id, content=content)
    await _record(row, "asked", actor)
    work.wake("jobs")
    return int(row.id)


async def again(job_id: int, asked: Mapping[str, object], *, actor: Actor) -> None:
    """Do the next step of one that is done, on the same file. Raises NotAllowed when it is not, or its file went."""
    row = await _own(job_id, actor)
    if not _view(row).has_file:
        raise NotAllowed("jobs.not_now")
    row.asked, row.status, row.attempts = {**row.asked, **asked}, JobStatus.WAITING, 0
    row.total, row.done, row.ends_at = 0, 0, None  # its day begins again when it is done
    await row.save(update_fields=["asked", "status", "attempts", "total", "done", "ends_at"])
    await _record(row, "asked", actor)
    work.wake("jobs")


async def cancel(job_id: int, *, actor: Actor) -> None:
    """Nothing more is done; what was not committed never was."""
    row = await _own(job_id, actor)
    if row.status not in (JobStatus.WAITING, JobStatus.RUNNING):
        raise NotAllowed("jobs.not_now")
    await Job.filter(id=row.id).update(status=JobStatus.CANCELLED, finished_at=clock.now())
    await JobFile.filter(job_id=row.id).delete()
    await _record(row, "cancelled", actor)


async def shown(job_id: int, *, actor: Actor) -> JobView:
    """Raises NotFound for anybody else's."""
    row = await Job.filter(id=job_id, staff_id=actor.staff_id or 0).first()
    if row is None:
        raise NotFound("page.not_found")
    return _view(row)


async def mine(kinds: Sequence[str], *, actor: Actor, limit: int = 10) -> list[JobView]:
    """The newest first."""
    since = clock.now() - _LISTED
    found = Job.filter(staff_id=actor.staff_id or 0, kind__in=list(kinds), made_at__gt=since)
    return [_view(row) for row in await found.order_by("-id").limit(limit)]


async def done_before(job_id: int, same: Mapping[str, object]) -> datetime | None:
    """When another job that was asked for with these very values was last done, by whomever."""
    found = Job.filter(status=JobStatus.DONE, asked__contains=dict(same)).exclude(id=job_id)
    row = await found.order_by("-id").first()
    return row.finished_at if row else None


async def fetch(job_id: int, *, actor: Actor) -> bytes:
    """What was made; recorded, for it is personal data that leaves the house. Raises NotFound when it went."""
    row = await _own(job_id, actor)
    file = await JobFile.filter(job_id=row.id).first() if _view(row).has_file else None
    if file is None:
        raise NotFound("jobs.file_gone")
    await _record(row, "downloaded", actor)
    return bytes(file.content)


async def claim(limit: int) -> list[Claimed]:
    """Up to so many, now running."""
    rows = await Job._meta.db.execute_query_dict(_CLAIM, [limit])
    found = await Job.filter(id__in=[row["id"] for row in rows]).order_by("id") if rows else []
    return [Claimed(one.id, one.kind, one.staff_id, one.source, one.asked, one.name) for one in found]


async def content(job_id: int) -> bytes:
    """What the job works on."""
    return bytes((await JobFile.get(job_id=job_id)).content)


async def beat(job_id: int, *, step: JobStep, done: int, total: int) -> bool:
    """A sign of life with how far it is. False when it was cancelled."""
    going = Job.filter(id=job_id, status=JobStatus.RUNNING)
    return await going.update(step=step, done=done, total=total, beat_at=clock.now()) > 0


async def finish(
    claimed: Claimed, report: Json, *, total: int, file: bytes | None, actor: Actor, verb: str = "done"
) -> None:
    """With its last step: nothing of it counts when it was cancelled meanwhile, which raises NotAllowed."""
    row = await work.lock(Job.filter(id=claimed.id, status=JobStatus.RUNNING))
    if row is None:
        raise NotAllowed("jobs.not_now")
    now = clock.now()
    row.status, row.finished_at, row.ends_at, row.report = JobStatus.DONE, now, now + KEPT, report
    row.total = row.done = total
    await row.save(update_fields=["status", "finished_at", "ends_at", "report", "total", "done"])
    if file is not None:
        await JobFile.filter(job_id=row.id).delete()
        await JobFile.create(job_id=row.id, content=file)
    await _record(row, verb, actor, rows=report.get("rows", total))


async def fail(claimed: Claimed, phrase: str, values: Mapping[str, object], *, actor: Actor) -> None:
    """`phrase` says why. One that was cancelled stays so."""
    row = await work.lock(Job.filter(id=claimed.id, status=JobStatus.RUNNING))
    if row is None:
        return
    row.status, row.error, row.report, row.finished_at = JobStatus.FAILED, phrase, dict(values), clock.now()
    await row.save(update_fields=["status", "error", "report", "finished_at"])
    await _record(row, "failed", actor)


async def release_stuck(older_than: timedelta) -> int:
    """Of a worker that died: done again from the start, but not for ever."""
    return len(await Job._meta.db.execute_query_dict(_RELEASE, [older_than, _ATTEMPTS]))


async def sweep() -> int:
    """Take away the files whose time is over; how many those were."""
    over = (
        await Job.filter(ends_at__lt=clock.now(), file__id__isnull=False)
        .limit(100)
        .values_list("id", flat=True)
    )
    abandoned = Job.filter(made_at__lt=clock.now() - 2 * KEPT, file__id__isnull=False)
    old = await abandoned.limit(100).values_list("id", flat=True)
    return await JobFile.filter(job_id__in=[*over, *old]).delete()


def _staff(actor: Actor) -> int:
    if actor.staff_id is None:
        raise MayNot("may_not.residents")
    return actor.staff_id


async def _own(job_id: int, actor: Actor) -> Job:
    row = await work.lock(Job.filter(id=job_id, staff_id=_staff(actor)))
    if row is None:
        raise NotFound("page.not_found")
    return row


async def _record(row: Job, verb: str, actor: Actor, **body: object) -> None:
    about = {"file": row.name, **body}
    await events.record(Subject(SubjectKind.JOB, row.id), verb, actor=actor, note=row.kind, body=about)


def _view(row: Job) -> JobView:
    return JobView(
        id=row.id,
        kind=row.kind,
        name=row.name,
        status=row.status,
        asked=row.asked,
        report=row.report,
        step=row.step,
        total=row.total,
        done=row.done,
        error=row.error,
        made_at=row.made_at,
        ends_at=row.ends_at,
    )
