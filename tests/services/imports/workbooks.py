"""Workbooks as offices save them, made cell by cell, and taken apart where openpyxl would write no such thing."""

from collections.abc import Callable, Iterable, Sequence
from datetime import date, datetime
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile

from openpyxl import Workbook
from openpyxl.worksheet.worksheet import Worksheet

Written = str | int | float | bool | date | datetime | None
SHEET = "xl/worksheets/sheet1.xml"


def fill(sheet: Worksheet, rows: Iterable[Sequence[Written]]) -> Worksheet:
    for row in rows:
        sheet.append(list(row))
    return sheet


def save(path: Path, rows: Iterable[Sequence[Written]], *, merged: Sequence[str] = ()) -> Path:
    """One worksheet named 名单."""
    book = Workbook()
    sheet = fill(book.active, rows)
    sheet.title = "名单"
    for ref in merged:
        sheet.merge_cells(ref)
    book.save(path)
    return path


def change(path: Path, part: str, how: Callable[[bytes], bytes]) -> Path:
    """Write one part of the archive anew."""
    with ZipFile(path) as packed:
        parts = {name: packed.read(name) for name in packed.namelist()}
    parts[part] = how(parts[part])
    with ZipFile(path, "w", ZIP_DEFLATED) as packed:
        for name, content in parts.items():
            packed.writestr(name, content)
    return path
