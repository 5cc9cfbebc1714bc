"""An .xlsx: the first worksheet in view, read as its user sees it in Excel or WPS."""

import re
import struct
import warnings
import zlib
from collections.abc import Iterator, Sequence
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from pathlib import Path
from typing import IO, Protocol
from xml.etree.ElementTree import ParseError
from xml.parsers.expat import ExpatError
from zipfile import BadZipFile, ZipFile

from openpyxl import load_workbook
from openpyxl.utils.escape import unescape
from openpyxl.utils.exceptions import InvalidFileException

from models.jobs import JobStep
from services import spelling
from services.errors import Invalid
from services.imports import marks
from services.imports.grid import MOST_COLUMNS, MOST_LINES, MOST_ROWS, Cell, CellKind, Sheet, gathered
from services.imports.marks import Marks, Merged
from services.imports.watching import Progress, unseen

MOST_UNPACKED = 100 << 20
MOST_TEXTS = 16 << 20  # bytes of the part that holds all texts, which is read whole

# What openpyxl and the libraries below it raise on files that are broken, made up, or no workbook at all.
_WRONG = (
    BadZipFile,
    InvalidFileException,
    ParseError,
    ExpatError,
    zlib.error,
    struct.error,
    LookupError,
    ValueError,
    TypeError,
    AttributeError,
    ArithmeticError,
    EOFError,
    RuntimeError,  # a locked archive; NotImplementedError for a packing that zipfile does not know
)
_ERROR = re.compile(
    r"#(?:N/A|REF!|VALUE!|DIV/0!|NAME\?|NUM!|NULL!|SPILL!|CALC!|FIELD!|BLOCKED!|BUSY!|#+)|Err:\d{3}", re.I
)
_ZEROS = re.compile(r"0{2,20}")
_LATER = re.compile(rb'fullCalcOnLoad\s*=\s*"(?:1|true)"')


class _Read(Protocol):
    """A cell of openpyxl's streaming reader."""

    @property
    def value(self) -> object: ...
    @property
    def data_type(self) -> str: ...
    @property
    def number_format(self) -> str: ...


def read(path: Path, progress: Progress = unseen) -> Sheet:
    """Raises Invalid for what cannot be opened, is too large, or has no worksheet in view.

    Formulas count by the value that they had when the file was saved; text that looks like one stays text.
    """
    try:
        with ZipFile(path) as packed:
            _refuse_bombs(packed)
            later = any(
                _LATER.search(packed.read(name))
                for name in packed.namelist()
                if name.endswith("/workbook.xml")
            )
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # about decorations that openpyxl drops; we read values only
            return _first(path, progress, zeros_are_results=not later)
    except _WRONG as error:
        raise Invalid("import.unreadable", file=path.name) from error


def _refuse_bombs(packed: ZipFile) -> None:
    """By what the archive says itself, before anything is unpacked; it unpacks to no more than it says."""
    for most, ending in ((MOST_TEXTS, "/sharedStrings.xml"), (MOST_UNPACKED, "")):
        if sum(part.file_size for part in packed.infolist() if part.filename.endswith(ending)) > most:
            raise Invalid("import.unpacks_too_large", megabytes=most >> 20)


def _first(path: Path, progress: Progress, *, zeros_are_results: bool) -> Sheet:
    book = load_workbook(path, read_only=True, data_only=True)
    try:
        if not book.worksheets:
            raise Invalid("import.unreadable", file=path.name)  # strict OOXML, or charts alone
        in_view = [sheet for sheet in book.worksheets if sheet.sheet_state == "visible"]
        if not in_view:
            raise Invalid("import.all_hidden")
        sheet = in_view[0]
        sheet.reset_dimensions()  # some programs write a size that is too small
        source: IO[bytes]
        with sheet._get_source() as source:  # the part of the archive; openpyxl has no public name for it
            found = marks.read(source, zeros_are_results=zeros_are_results)
        return gathered(_lines(sheet.iter_rows(), found, progress), sheet.title)
    finally:
        book.close()


def _lines(
    rows: Iterator[Sequence[_Read]], found: Marks, progress: Progress
) -> Iterator[tuple[int, list[str]]]:
    filling = _Filling(found.merged)
    for number, cells in enumerate(rows, start=1):
        if number > MOST_LINES:
            raise Invalid("import.too_long", most=MOST_ROWS)
        progress(JobStep.READING, number, max(number, found.rows))
        line = [_cell(cell) for cell in cells]
        if found.uncounted:
            line = [
                Cell(formula, CellKind.UNCOUNTED) if (formula := found.uncounted.get((number, at))) else one
                for at, one in enumerate(line, start=1)
            ]
        yield number, filling.filled(number, line)


class _Filling:
    """Gives every cell of a merged range the value that stands in its first one. Rows come in their order."""

    def __init__(self, merged: Sequence[Merged]) -> None:
        self._waiting = sorted(merged, key=lambda one: one.first_row, reverse=True)
        self._open: list[tuple[Merged, str]] = []

    def filled(self, number: int, line: list[str]) -> list[str]:
        own = any(line)
        self._open = [(one, said) for one, said in self._open if one.last_row >= number]
        while self._waiting and self._waiting[-1].first_row <= number:
            one = self._waiting.pop()
            said = line[one.first_column - 1] if one.first_column <= len(line) else ""
            self._open.append((one, said))
        return self._spread(line) if own else line

    def _spread(self, line: list[str]) -> list[str]:
        """A row in which nothing stands but what a range shows is empty."""
        for one, said in self._open:
            if not said:
                continue
            last = min(one.last_column, MOST_COLUMNS + 1)
            line += [""] * (last - len(line))
            shown = said if isinstance(said, Cell) else Cell(said)
            for at in range(one.first_column - 1, last):
                line[at] = Cell(said, shown.kind, one.ref)
        return line


def _cell(cell: _Read) -> str:
    """As a person reads it."""
    value = cell.value
    if value is None:
        return ""
    if cell.data_type == "e":
        return Cell(str(value), CellKind.ERROR)
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, int | float):
        return Cell(_number(value, cell.number_format), CellKind.NUMBER)
    if isinstance(value, date | time | timedelta):
        return Cell(_moment(value), CellKind.DATE)
    return told(str(value))


def told(said: str) -> str:
    """Text, unless it is what a formula shows that went wrong: such a value may have been pasted or saved as text."""
    plain = spelling.seen(unescape(said))  # _x000D_ is how XML carries a line end of old programs
    return Cell(plain, CellKind.ERROR) if _ERROR.fullmatch(plain) else plain


def _number(value: int | float, shape: str) -> str:
    """At the fifteen digits that Excel shows; with the zeros in front that a format of zeros adds."""
    exact = Decimal(f"{value:.15g}") if isinstance(value, float) else Decimal(value)
    said = f"{exact:f}"
    return said.zfill(len(shape)) if _ZEROS.fullmatch(shape) and said.isdigit() else said


def _moment(value: date | time | timedelta) -> str:
    if isinstance(value, datetime):
        midnight = (value.hour, value.minute, value.second) == (0, 0, 0)
        return f"{value:%Y-%m-%d}" if midnight else f"{value:%Y-%m-%d %H:%M}"
    return value.isoformat() if isinstance(value, date | time) else str(value)
