"""A table as it was read: rows of cells, each a text that knows in what kind of cell it stood."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from openpyxl.utils import get_column_letter, range_boundaries

from services import spelling
from services.errors import Invalid

MOST_ROWS = 50_000
MOST_LINES = 4 * MOST_ROWS  # rows that hold nothing but a format, too
MOST_COLUMNS = 200
MOST_ABOVE = 10  # lines over the headers
MOST_LETTERS = 32_767  # as many as a spreadsheet program lets a cell have

_UNITS = ("(元)", "(m2)", "(㎡)", "(平方米)", "(平米)", "(分钟)")  # what the columns are in anyway
# How to fill the column, behind its name.
_REMARK = re.compile(r"(?<=.)[(\[【](?:如|例|格式|选填|可空|可不填|不填|没有)[^()\[\]【】]*[)\]】]$")
_REQUIRED = ("*", "(必填)", "[必填]", "【必填】", "(必填项)", "(必须)", "必填")


class CellKind(StrEnum):
    TEXT = "text"
    NUMBER = "number"
    DATE = "date"
    ERROR = "error"  # #N/A and the like
    UNCOUNTED = "uncounted"  # a formula that was saved without its result; the text is the formula


class Cell(str):
    """The text as a person reads it. `merged` is the range (B2:B4) whose value it shows, "" for most."""

    __slots__ = ("kind", "merged")
    kind: CellKind
    merged: str

    def __new__(cls, said: str, kind: CellKind = CellKind.TEXT, merged: str = "") -> "Cell":
        made = super().__new__(cls, said)
        made.kind, made.merged = kind, merged
        return made


def kind_of(said: str) -> CellKind:
    return said.kind if isinstance(said, Cell) else CellKind.TEXT


@dataclass(frozen=True, slots=True)
class Row:
    """`number` is the spreadsheet's own, so that people find it; there are at least as many cells as headers."""

    number: int
    cells: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Sheet:
    """`name` is the worksheet's, "" for a .csv; `header_row` the number of the line that holds the headers."""

    headers: tuple[str, ...]
    rows: list[Row]
    name: str = ""
    header_row: int = 1


def address(column: int, row: int) -> str:
    """Column counts from 0: (2, 5) is C5."""
    return f"{get_column_letter(column + 1)}{row}"


def gathered(lines: Iterable[tuple[int, list[str]]], name: str = "") -> Sheet:
    """The first line that is not empty holds the headers. Raises Invalid for a table that is too large."""
    filled = ((number, cells) for number, cells in map(_trimmed, lines) if cells and not _is_title(cells))
    at, first = next(filled, (0, []))
    headers = tuple(header(cell) for cell in first)
    if not any(headers):
        raise Invalid("import.empty_sheet", sheet=name) if name else Invalid("import.empty")
    rows: list[Row] = []
    for number, cells in filled:
        if len(rows) == MOST_ROWS:
            raise Invalid("import.too_long", most=MOST_ROWS)
        rows.append(Row(number, _as_wide(cells, headers)))
    return Sheet(headers, rows, name, at)


def headed(found: Sheet, wanted: frozenset[str]) -> Sheet:
    """By the first line that has all these headers. Above it may stand a title, who made the table and when, and the
    names of groups of columns; whatever may be a row of the table stays one.
    """
    last = max((_last_row(cell) for cell in found.headers), default=0)  # of headers that take several lines
    if (wanted <= set(found.headers) and last <= found.header_row) or not _is_above(found.headers, wanted):
        return found
    for at, row in enumerate(found.rows[:MOST_ABOVE], start=1):
        headers = tuple(map(header, row.cells))
        if wanted <= set(headers):
            rows = [Row(one.number, _as_wide(one.cells, headers)) for one in found.rows[at:]]
            return Sheet(headers, rows, found.name, row.number)
        if not _is_above(row.cells, wanted):
            break
    return found


def _as_wide(cells: Sequence[str], headers: Sequence[str]) -> tuple[str, ...]:
    return (*cells, *[""] * (len(headers) - len(cells)))


def _last_row(cell: str) -> int:
    ref = cell.merged if isinstance(cell, Cell) else ""
    return range_boundaries(ref)[3] if ref else 0


def _is_above(cells: Sequence[str], wanted: frozenset[str]) -> bool:
    merged = any(isinstance(cell, Cell) and cell.merged for cell in cells)
    return merged or sum(map(bool, cells)) < len(wanted)


def header(cell: str) -> str:
    """姓 名*, 姓⏎名, 姓名（必填）, 姓名（如王芳） and 姓名：are all 姓名, 金额（元） is 金额; an error stays."""
    if kind_of(cell) in (CellKind.ERROR, CellKind.UNCOUNTED):
        return cell
    name = spelling.one_width(cell)
    while name != (name := _unmarked(name)):
        pass
    return Cell(name, merged=cell.merged) if isinstance(cell, Cell) and cell.merged else name


def _unmarked(name: str) -> str:
    name = _REMARK.sub("", name)
    for mark in (*_REQUIRED, *_UNITS):
        name = name.removeprefix(mark).removesuffix(mark) if name != mark else name
    return name.strip(":")


def _is_title(cells: list[str]) -> bool:
    """One merged cell across the table and nothing beside it: 3号楼住户名单, or a line between two parts of it."""
    ranges = {cell.merged if isinstance(cell, Cell) else "" for cell in cells}
    return len(cells) > 1 and len(ranges) == 1 and "" not in ranges


def _trimmed(line: tuple[int, list[str]]) -> tuple[int, list[str]]:
    """Without the empty cells at its end."""
    number, cells = line
    width = max((at for at, cell in enumerate(cells, start=1) if cell), default=0)
    if width > MOST_COLUMNS:
        raise Invalid("import.too_wide", cell=address(width - 1, number), most=MOST_COLUMNS)
    for at, cell in enumerate(cells[:width]):
        if len(cell) > MOST_LETTERS:
            raise Invalid("import.cell_too_long", cell=address(at, number), most=MOST_LETTERS)
    return number, cells[:width]
