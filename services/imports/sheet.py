"""The file itself: .xlsx or .csv as headers and rows of text, and empty templates."""

import csv
import io
import warnings
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from zipfile import BadZipFile

from openpyxl import Workbook, load_workbook
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.utils.exceptions import InvalidFileException

from services.errors import Invalid

MOST_BYTES = 20 << 20
MOST_ROWS = 50_000
_WRONG_XLSX = (BadZipFile, InvalidFileException, KeyError, ValueError, EOFError)


@dataclass(frozen=True, slots=True)
class Row:
    """`number` is the spreadsheet's own, so that people find it; cells are as long as the headers."""

    number: int
    cells: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Sheet:
    headers: tuple[str, ...]
    rows: list[Row]


def address(column: int, row: int) -> str:
    """Column counts from 0: (2, 5) is C5."""
    return f"{get_column_letter(column + 1)}{row}"


def read(path: Path) -> Sheet:
    """The first sheet of an .xlsx, or a .csv in UTF-8 or GBK. Raises Invalid when it cannot be read.

    The first line that is not empty holds the headers; a star behind one only marks it as required. Formulas count
    by the value that they had when the file was saved; text that looks like one stays text.
    """
    try:
        if path.stat().st_size > MOST_BYTES:
            raise Invalid("import.too_large", megabytes=MOST_BYTES >> 20)
        suffix = path.suffix.lower()
        if suffix == ".xlsx":
            return _sheet(_xlsx(path))
        if suffix == ".csv":
            return _sheet(_csv(path.read_bytes()))
    except FileNotFoundError as error:
        raise Invalid("import.no_file", file=path.name) from error
    except OSError as error:
        raise Invalid("import.unreadable", file=path.name) from error
    raise Invalid("import.not_a_table", file=path.name)


def write_template(path: Path, title: str, columns: Sequence[tuple[str, bool, str]]) -> None:
    """An empty .xlsx with (header, required, how to fill it); every cell is text, so that 3-2-1 is no date."""
    book = Workbook()
    sheet = book.active
    sheet.title = title
    for at, (header, required, _) in enumerate(columns, start=1):
        cell = sheet.cell(1, at, f"{header}*" if required else header)
        cell.font = Font(bold=True)
        cell.fill = PatternFill("solid", fgColor="FFF2CC" if required else "EEEEEE")
        column = sheet.column_dimensions[get_column_letter(at)]
        column.width, column.number_format = max(12, len(header) * 2 + 4), "@"
    sheet.freeze_panes = "A2"
    _explain(book, columns)
    book.save(path)


def _explain(book: Workbook, columns: Sequence[tuple[str, bool, str]]) -> None:
    sheet = book.create_sheet("说明")
    sheet.append(["列", "必填", "怎么填"])
    for header, required, hint in columns:
        sheet.append([header, "是" if required else "", hint])
    sheet.column_dimensions["A"].width, sheet.column_dimensions["C"].width = 18, 80
    for row in sheet.iter_rows():
        row[2].alignment = Alignment(wrap_text=True)


def _xlsx(path: Path) -> Iterator[tuple[int, list[str]]]:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # about decorations that openpyxl drops; we read values only
            book = load_workbook(path, read_only=True, data_only=True)
    except _WRONG_XLSX as error:
        raise Invalid("import.unreadable", file=path.name) from error
    try:
        sheet = book.worksheets[0]
        sheet.reset_dimensions()  # some programs write a size that is too small
        for number, cells in enumerate(sheet.iter_rows(values_only=True), start=1):
            yield number, [_text(cell) for cell in cells]
    finally:
        book.close()


def _csv(content: bytes) -> Iterator[tuple[int, list[str]]]:
    """Rows are counted as a spreadsheet program shows them: a cell may hold line breaks."""
    rows = csv.reader(io.StringIO(_decoded(content), newline=""))
    for number, cells in enumerate(rows, start=1):
        yield number, [cell.strip() for cell in cells]


def _decoded(content: bytes) -> str:
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise Invalid("import.encoding")


def _sheet(lines: Iterable[tuple[int, list[str]]]) -> Sheet:
    filled = ((number, cells) for number, cells in lines if any(cells))
    _, first = next(filled, (0, []))
    headers = tuple(_header(cell) for cell in first)
    if not any(headers):
        raise Invalid("import.empty")
    rows: list[Row] = []
    for number, cells in filled:
        if len(rows) == MOST_ROWS:
            raise Invalid("import.too_long", most=MOST_ROWS)
        padded = [*cells, *[""] * len(headers)][: len(headers)]
        rows.append(Row(number, tuple(padded)))
    return Sheet(headers, rows)


def _header(cell: str) -> str:
    return cell.replace("＊", "*").rstrip("*").strip()


def _text(value: object) -> str:
    """As a person reads it in the cell."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, float):
        return f"{Decimal(repr(value)):f}".removesuffix(".0")
    if isinstance(value, datetime):
        midnight = (value.hour, value.minute, value.second) == (0, 0, 0)
        return f"{value:%Y-%m-%d}" if midnight else f"{value:%Y-%m-%d %H:%M}"
    return value.isoformat() if isinstance(value, date) else str(value).strip()
