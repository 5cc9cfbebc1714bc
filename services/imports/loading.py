"""From a sheet to rows: every bad cell is named, and one bad cell keeps the whole file out."""

from collections.abc import Mapping
from dataclasses import dataclass

from tortoise.exceptions import IntegrityError
from tortoise.transactions import in_transaction

from services import cache
from services.errors import Invalid
from services.imports import columns, sheet
from services.imports.cells import Value
from services.imports.columns import Column, Kind, Places, Record
from services.imports.sheet import Row, Sheet

COMMUNITY, HOUSE = "community_id", "house_id"  # columns of these names are looked up


@dataclass(frozen=True, slots=True)
class Problem:
    """A cell that cannot be used: its address (C5), its column, and the phrase that says why."""

    cell: str
    column: str
    phrase: str
    values: Mapping[str, str | int]


@dataclass(frozen=True, slots=True)
class Report:
    rows: int
    problems: list[Problem]
    created: int = 0
    updated: int = 0
    saved: bool = False


async def load(kind: Kind, found: Sheet, *, dry_run: bool) -> Report:
    """Check all cells, then write all rows in one transaction, unless there are problems or it is a dry run."""
    problems = _check_headers(kind, found)
    if problems:
        return Report(len(found.rows), problems)
    reading = _Reading(kind, found, await columns.places())
    records = reading.records()
    problems = reading.problems
    if not problems:
        problems = [reading.problem(*refused) for refused in await kind.check(records)]
    if problems or dry_run:
        return Report(len(found.rows), problems)
    try:
        async with in_transaction():
            saved = await kind.save(records)
    except IntegrityError as error:
        raise Invalid("import.meanwhile") from error  # somebody else wrote the same since the check
    cache.forget()
    return Report(len(found.rows), [], saved.created, saved.updated, saved=True)


def _check_headers(kind: Kind, found: Sheet) -> list[Problem]:
    known = {column.header: column for column in kind.columns}
    problems = [
        Problem(sheet.address(at, 1), header, "import.unknown_column", {"column": header})
        for at, header in enumerate(found.headers)
        if header and header not in known
    ]
    problems += [
        Problem(sheet.address(at, 1), header, "import.column_twice", {"column": header})
        for at, header in enumerate(found.headers)
        if header and header in found.headers[:at]
    ]
    missing = [column for column in kind.columns if column.required and column.header not in found.headers]
    return problems + [
        Problem("", column.header, "import.missing_column", {"column": column.header}) for column in missing
    ]


class _Reading:
    """One pass over a sheet; collects what is wrong as it goes."""

    def __init__(self, kind: Kind, found: Sheet, known: Places) -> None:
        self._kind = kind
        self._sheet = found
        self._places = known
        self._at = {header: at for at, header in enumerate(found.headers)}
        self.problems: list[Problem] = []

    def records(self) -> list[Record]:
        records = [self._record(row) for row in self._sheet.rows]
        if self._kind.unique and not self.problems:
            self._refuse_repeats(records)
        return records

    def problem(self, record: Record, name: str, why: Invalid) -> Problem:
        column = next(column for column in self._kind.columns if column.name == name)
        return self._named(record.number, column, why)

    def _record(self, row: Row) -> Record:
        record = Record(row.number, {})
        for column in self._kind.columns:
            at = self._at.get(column.header)
            said = row.cells[at] if at is not None else ""
            try:
                record.values[column.name] = self._value(column, said, record)
            except Invalid as why:
                record.values[column.name] = None
                self.problems.append(self._named(row.number, column, why))
        return record

    def _value(self, column: Column, said: str, record: Record) -> Value:
        if not said:
            if column.required:
                raise Invalid("import.needed")
            return column.empty
        if column.name == COMMUNITY:
            return self._places.community(said)
        if column.name == HOUSE:
            community = record.values.get(COMMUNITY)
            return self._places.house(community, said) if isinstance(community, int) else None
        return column.reader(said)

    def _refuse_repeats(self, records: list[Record]) -> None:
        seen: dict[tuple[str, ...], int] = {}
        for record in records:
            first = seen.setdefault(record.key(self._kind.unique), record.number)
            if first != record.number:
                why = Invalid("import.repeated", row=first)
                self.problems.append(self.problem(record, self._kind.unique[-1], why))

    def _named(self, number: int, column: Column, why: Invalid) -> Problem:
        at = self._at.get(column.header)
        cell = sheet.address(at, number) if at is not None else ""
        return Problem(cell, column.header, why.phrase, why.values)
