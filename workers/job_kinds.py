"""What a job does: one written table from its kind to its function.

Each opens its own units of work; its last one ends the job, so that what it did and that it is done are committed
together. How far it is, it says through its progress, which raises once somebody has cancelled it.
"""

import asyncio
import tempfile
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import settings
from dialogs import audit as audit_words
from dialogs import shipped
from models.jobs import JobKind, JobStep
from services import clock, imports, jobs
from services import work as units
from services.actors import Actor
from services.company import audit, audit_choice
from services.company.audit import Chosen
from services.errors import Invalid
from services.exports import residents
from services.exports.residents import Resident, Wanted
from services.exports.sheet import MOST_ROWS, Writing
from services.imports import Report
from services.jobs import Claimed
from services.privacy import copies

_EVENTS = 500  # at a time
_MOST_PROBLEMS = 500  # that are kept to be shown


class CancelledError(Exception):
    """Somebody does not want it any more."""


@dataclass(slots=True)
class Progress:
    step: JobStep = JobStep.WRITING
    done: int = 0
    total: int = 0
    cancelled: bool = False

    def at(self, done: int, total: int) -> None:
        """Raises CancelledError."""
        if self.cancelled:
            raise CancelledError
        self.done, self.total = done, total

    def through(self, step: JobStep, done: int, total: int) -> None:
        """As `at`, for what has several steps."""
        self.step = step
        self.at(done, total)


Kind = Callable[[Claimed, Progress, Actor], Awaitable[None]]


async def export_residents(claimed: Claimed, progress: Progress, actor: Actor) -> None:
    wanted = Wanted(_number(claimed.asked, "community"), bool(claimed.asked.get("phones")))
    total = await residents.houses(wanted, actor=actor)
    headers = ("小区", "房屋", "姓名", "身份", "电话", "状态", "名册一致", "绑定日期")
    await _written(claimed, progress, actor, "住户", headers, _resident_rows(wanted, progress, total, actor))


async def _resident_rows(
    wanted: Wanted, progress: Progress, total: int, actor: Actor
) -> AsyncIterator[list[Sequence[str]]]:
    done = 0
    async for houses, rows in residents.parts(wanted, actor=actor):
        yield [_row(one) for one in rows]
        done += houses
        progress.at(done, total)


def _row(one: Resident) -> Sequence[str]:
    phrases = shipped.phrases()
    relation = phrases.reply("household.relation", {"relation": one.relation}).text
    state = phrases.reply("residents.binding_state", {"state": one.state}).text
    since = f"{clock.local(one.since):%Y-%m-%d}" if one.since else ""
    return (
        one.community, one.house, one.name, relation, one.phone, state, "是" if one.matched else "否", since,
    )  # fmt: skip


async def export_audit(claimed: Claimed, progress: Progress, actor: Actor) -> None:
    """What the audit shows for what was chosen, in the words in which it shows it."""
    asked = {name: str(value) for name, value in claimed.asked.items()}
    chosen = await audit_choice.of(asked, actor=actor)
    headers = ("时间", "谁", "从哪里", "对什么", "做了什么", "变化", "编号")
    await _written(claimed, progress, actor, "审计", headers, _audit_rows(chosen, progress, actor))


async def _audit_rows(chosen: Chosen, progress: Progress, actor: Actor) -> AsyncIterator[list[Sequence[str]]]:
    after, done = "", 0
    while True:
        found = await audit.page(chosen, actor=actor, after=after, limit=_EVENTS)
        yield [audit_words.row(one) for one in found.rows]
        done, after = done + len(found.rows), found.after
        progress.at(done, 0 if after else done)
        if not after:
            return


async def _written(
    claimed: Claimed,
    progress: Progress,
    actor: Actor,
    title: str,
    headers: Sequence[str],
    parts: AsyncIterator[list[Sequence[str]]],
) -> None:
    """The rows as a file, which is kept with the end of the job."""
    with tempfile.TemporaryDirectory() as folder:
        path, count = Path(folder) / "export.xlsx", 0
        writing = Writing(path, title, headers)
        async for rows in parts:
            count += len(rows)
            if count > MOST_ROWS:
                raise Invalid("jobs.too_many_rows", most=MOST_ROWS)
            await asyncio.to_thread(writing.add, rows)
        await asyncio.to_thread(writing.close)
        content = await asyncio.to_thread(path.read_bytes)
    async with units.unit():
        report = {"rows": count}
        await jobs.finish(claimed, report, total=progress.total, file=content, actor=actor, verb="exported")


async def copy_person(claimed: Claimed, progress: Progress, actor: Actor) -> None:
    """Everything that is kept about somebody, for them."""
    person_id = _number(claimed.asked, "person") or 0
    progress.at(0, 1)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "copy.zip"
        async with units.unit():
            files = await copies.write(person_id, path, settings.load().media.dir, actor=actor)
            content = await asyncio.to_thread(path.read_bytes)
            report = {"rows": files}
            await jobs.finish(claimed, report, total=1, file=content, actor=actor, verb="exported")


async def import_sheet(claimed: Claimed, progress: Progress, actor: Actor) -> None:
    """Check every cell; with `take`, write the rows as well, with the end of the job or not at all."""
    kind = imports.KINDS[str(claimed.asked["kind"])]
    progress.through(JobStep.READING, 0, 0)
    content = await jobs.content(claimed.id)
    sheet = await asyncio.to_thread(imports.read_content, content, claimed.name, progress.through)
    take = bool(claimed.asked.get("take"))
    async with units.unit():
        report = await imports.load(kind, sheet, dry_run=not take, actor=actor, progress=progress.through)
        progress.at(report.rows, report.rows)
        await jobs.finish(claimed, _told(report), total=report.rows, file=None, actor=actor)


def _told(report: Report) -> dict[str, object]:
    return {
        "sheet": report.sheet,
        "skipped": list(report.skipped),
        "rows": report.rows,
        "problems": len(report.problems),
        "shown": [
            {
                "cell": one.cell,
                "column": one.column,
                "phrase": one.phrase,
                "values": dict(one.values),
                "said": one.said,
            }
            for one in report.problems[:_MOST_PROBLEMS]
        ],
        "created": report.created,
        "updated": report.updated,
        "saved": report.saved,
    }


def _number(asked: Mapping[str, object], name: str) -> int | None:
    found = asked.get(name)
    return found if isinstance(found, int) else None


KINDS: Mapping[str, Kind] = {
    JobKind.RESIDENTS: export_residents,
    JobKind.AUDIT: export_audit,
    JobKind.COPY: copy_person,
    JobKind.IMPORT: import_sheet,
}
