"""Empty spreadsheets to fill in."""

from collections.abc import Sequence
from pathlib import Path

from openpyxl import Workbook
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter


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
