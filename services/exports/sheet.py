"""One .xlsx as it is written: a head, rows in their order, in little memory.

A name that somebody chose as =HYPERLINK(…) is text like any other: every cell is written by `write_string`.
"""

from collections.abc import Iterable, Sequence
from pathlib import Path

from xlsxwriter import Workbook

MOST_ROWS = 500_000
_LONGEST = 32_767  # letters that a cell holds
_WIDTH = 16


class Writing:
    """A workbook with one sheet; `close` before the file is read."""

    def __init__(self, path: Path, title: str, headers: Sequence[str]) -> None:
        self._book = Workbook(str(path), {"constant_memory": True, "strings_to_urls": False})
        self._sheet = self._book.add_worksheet(title)
        self._sheet.set_column(0, len(headers) - 1, _WIDTH)
        self._sheet.freeze_panes(1, 0)
        bold = self._book.add_format({"bold": True})
        for at, header in enumerate(headers):
            self._sheet.write_string(0, at, header, bold)
        self._next = 1

    def add(self, rows: Iterable[Sequence[str]]) -> None:
        for row in rows:
            for at, text in enumerate(row):
                self._sheet.write_string(self._next, at, text[:_LONGEST])
            self._next += 1

    def close(self) -> None:
        self._book.close()
