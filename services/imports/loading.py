"""From a sheet to rows: every bad cell is named, and one bad cell keeps the whole file out."""

import asyncio
import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace

from openpyxl.utils import range_boundaries
from tortoise.exceptions import IntegrityError
from tortoise.transactions import in_transaction

from models.events import SubjectKind
from models.jobs import JobStep
from services import cache, events, spelling
from services.actors import Actor
from services.errors import Invalid
from services.events import Subject
from services.imports import cells, columns
from services.imports.cells import Value
from services.imports.columns import Column, Kind, Places, Record, Saved
from services.imports.grid import Cell, CellKind, Row, Sheet, address, headed, kind_of
from services.imports.watching import Progress, unseen

COMMUNITY, HOUSE = "community_id", "house_id"  # columns of these names are looked up
_MOST_SHOWN = 40  # letters of a cell, in what is said about it
_AT_ONCE = 250  # rows
# A line below the records, or between them: what it adds up to, who made the table, what is to be said about it.
_NO_RECORD = re.compile(
    r"(?:本页|本表|本月|以上|全部)?(?:合计|总计|小计|共计|总和|汇总|累计)(?:金额)?:?|共\d+[户人条行笔间套]|"
    r"(?:制表|填表|制单|审核|复核|经办|打印)(?:人|日期|时间)?:.*|(?:注|备注|说明)\d*:.*"
)
# Columns that only count the lines: they say nothing of what the lines are about.
_COUNTS_LINES = re.compile(r"序号?|(?:行|项|排)[号次]|项目序号|no\.?|№|#", re.IGNORECASE)
_WRONG_KINDS = {CellKind.ERROR: "import.error_cell", CellKind.UNCOUNTED: "import.uncounted"}


@dataclass(frozen=True, slots=True)
class Problem:
    """A cell that cannot be used: its address (C5), its column, what stands in it, and the phrase that says why."""

    cell: str
    column: str
    phrase: str
    values: Mapping[str, str | int]
    said: str = ""


@dataclass(frozen=True, slots=True)
class Report:
    """`sheet` is the name of the worksheet that was read, "" for a file that has none; `skipped` are the headers of
    columns that say nothing.
    """

    rows: int
    problems: list[Problem]
    created: int = 0
    updated: int = 0
    saved: bool = False
    sheet: str = ""
    skipped: tuple[str, ...] = ()


async def load(
    kind: Kind, found: Sheet, *, dry_run: bool, actor: Actor, progress: Progress = unseen
) -> Report:
    """Check all cells, then write all rows together, unless there are problems or it is a dry run.

    Raises MayNot for whose work that kind is not; what lies outside of their scope is not there. What `progress`
    raises ends it, and nothing is written.
    """
    own = actor.doing(kind.field)
    found = headed(found, frozenset(column.header for column in kind.columns if column.required))
    skipped = _skipped(kind, found)
    found = _without_empty(found, skipped)
    told = Report(len(found.rows), [], sheet=found.name, skipped=skipped)
    problems = _check_headers(kind, found, skipped)
    if problems:
        return replace(told, problems=problems)
    reading = _Reading(kind, found, await columns.places(own), progress)
    records = await asyncio.to_thread(reading.records)
    problems = reading.problems
    if not problems:
        problems = [reading.problem(*refused) for refused in await kind.check(records)]
    if problems or dry_run:
        return replace(told, problems=problems)
    try:
        async with in_transaction():  # a savepoint: the caller's unit survives the refusal
            saved = await _save(kind, records, actor, progress)
            await _record(kind, found, saved, actor)
    except IntegrityError as error:
        raise Invalid("import.meanwhile") from error  # somebody else wrote the same since the check
    cache.forget()
    return replace(told, created=saved.created, updated=saved.updated, saved=True)


async def _save(kind: Kind, records: list[Record], actor: Actor, progress: Progress) -> Saved:
    if not kind.apart:
        return await kind.save(records, actor)
    created = updated = 0
    for start in range(0, len(records), _AT_ONCE):
        progress(JobStep.WRITING, start, len(records))
        saved = await kind.save(records[start : start + _AT_ONCE], actor)
        created, updated = created + saved.created, updated + saved.updated
    return Saved(created, updated)


async def _record(kind: Kind, found: Sheet, saved: Saved, actor: Actor) -> None:
    counts = {"rows": len(found.rows), "created": saved.created, "updated": saved.updated}
    body = {"sheet": found.name, **counts}
    await events.record(Subject(SubjectKind.IMPORT, 0), "imported", actor=actor, note=kind.title, body=body)


def _skipped(kind: Kind, found: Sheet) -> tuple[str, ...]:
    known = {column.header for column in kind.columns}
    return tuple(one for one in found.headers if one not in known and _COUNTS_LINES.fullmatch(one))


def _without_empty(found: Sheet, skipped: Collection[str]) -> Sheet:
    """A form is numbered down to its end, however few of its lines are filled in."""
    counts = {at for at, header in enumerate(found.headers) if header in skipped}
    if not counts:
        return found
    rows = [row for row in found.rows if any(said for at, said in enumerate(row.cells) if at not in counts)]
    return replace(found, rows=rows)


def _check_headers(kind: Kind, found: Sheet, skipped: Collection[str]) -> list[Problem]:
    known = {column.header for column in kind.columns}
    problems: list[Problem] = []
    for at, header in enumerate(found.headers):
        if header in skipped:
            continue
        if phrase := _wrong_header(header, found.headers[:at], known):
            said = _short(header)
            cell = address(at, found.header_row)
            problems.append(Problem(cell, said, phrase, {"column": said}, said))
    missing = [column for column in kind.columns if column.required and column.header not in found.headers]
    return problems + [
        Problem("", column.header, "import.missing_column", {"column": column.header}) for column in missing
    ]


def _wrong_header(header: str, before: tuple[str, ...], known: set[str]) -> str:
    if wrong := _WRONG_KINDS.get(kind_of(header)):
        return wrong
    if header and header not in known:
        return "import.unknown_column"
    return "import.column_twice" if header and header in before else ""


def _short(said: str) -> str:
    one = " ".join(said.split())
    return one if len(one) <= _MOST_SHOWN else f"{one[:_MOST_SHOWN]}……"


class _Reading:
    """One pass over a sheet; collects what is wrong as it goes."""

    def __init__(self, kind: Kind, found: Sheet, known: Places, progress: Progress) -> None:
        self._kind = kind
        self._sheet = found
        self._places = known
        self._progress = progress
        self._rows = {row.number: row for row in found.rows}
        self._at = {header: at for at, header in enumerate(found.headers)}
        self.problems: list[Problem] = []

    def records(self) -> list[Record]:
        records: list[Record] = []
        for row in self._sheet.rows:
            self._progress(JobStep.CHECKING, len(records), len(self._sheet.rows))
            if not self._refuse_no_record(row):
                records.append(self._record(row))
        if self._kind.unique and not self.problems:
            self._refuse_repeats(records)
        return records

    def problem(self, record: Record, name: str, why: Invalid) -> Problem:
        column = next(column for column in self._kind.columns if column.name == name)
        return self._named(self._rows[record.number], column, why)

    def _record(self, row: Row) -> Record:
        record = Record(row.number, {})
        self._refuse_strays(row)
        for column in self._kind.columns:
            try:
                record.values[column.name] = self._value(column, self._said(row, column), record)
            except Invalid as why:
                record.values[column.name] = None
                self.problems.append(self._named(row, column, why))
        return record

    def _said(self, row: Row, column: Column) -> str:
        at = self._at.get(column.header)
        return row.cells[at] if at is not None else ""

    def _value(self, column: Column, said: str, record: Record) -> Value:
        if not said:
            if column.required:
                raise Invalid("import.needed")
            return column.empty
        self._refuse_wrong_kinds(said)
        if column.name == COMMUNITY:
            return self._places.community(said)
        if column.name == HOUSE:
            community = record.values.get(COMMUNITY)
            return self._places.house(community, cells.undated(said)) if isinstance(community, int) else None
        return column.reader(said)

    def _refuse_wrong_kinds(self, said: str) -> None:
        if wrong := _WRONG_KINDS.get(kind_of(said)):
            raise Invalid(wrong)
        if isinstance(said, Cell) and self._is_across(said):
            raise Invalid("import.merged_across", range=said.merged)

    def _is_across(self, said: str) -> bool:
        if not isinstance(said, Cell) or not said.merged:
            return False
        first, _, last, _ = range_boundaries(said.merged)
        return sum(map(bool, self._sheet.headers[first - 1 : last])) > 1

    def _refuse_no_record(self, row: Row) -> bool:
        """Said once: what is missing in such a line is nobody's mistake."""
        needed = [self._said(row, column) for column in self._kind.columns if column.required]
        if all(said and not self._is_across(said) for said in needed):
            return False
        for at, said in enumerate(row.cells):
            if _NO_RECORD.fullmatch(spelling.one_width(said)):
                cell = address(at, row.number)
                self.problems.append(Problem(cell, "", "import.no_record", {}, _short(said)))
                return True
        return False

    def _refuse_strays(self, row: Row) -> None:
        """What stands in no column would be lost: a comma without quotation marks moves the cells of a .csv."""
        for at, said in enumerate(row.cells):
            headed = at < len(self._sheet.headers) and self._sheet.headers[at]
            if said and not headed and not (isinstance(said, Cell) and said.merged):
                cell = address(at, row.number)
                self.problems.append(Problem(cell, "", "import.no_header", {}, _short(said)))

    def _refuse_repeats(self, records: list[Record]) -> None:
        seen: dict[tuple[str, ...], int] = {}
        for record in records:
            first = seen.setdefault(record.key(self._kind.unique), record.number)
            if first != record.number:
                why = Invalid("import.repeated", row=first)
                self.problems.append(self.problem(record, self._kind.unique[-1], why))

    def _named(self, row: Row, column: Column, why: Invalid) -> Problem:
        at = self._at.get(column.header)
        cell = address(at, row.number) if at is not None else ""
        values = (
            {**why.values, "said": _short(str(why.values["said"]))} if "said" in why.values else why.values
        )
        return Problem(cell, column.header, why.phrase, values, _short(self._said(row, column)))
