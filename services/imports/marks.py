"""What openpyxl's streaming reader passes over in a worksheet: merged ranges, and formulas without a result.

Read by expat alone, which keeps nothing of what it read; a document type, which no spreadsheet program writes and
which attacks begin with, ends the reading.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import IO
from xml.parsers import expat

from openpyxl.utils import range_boundaries
from openpyxl.utils.cell import coordinate_to_tuple

from services.errors import Invalid
from services.imports.grid import MOST_LINES, MOST_ROWS

MOST_MERGED = 50_000
_MOST_FORMULA = 60
_CHUNK = 1 << 16


@dataclass(frozen=True, slots=True)
class Merged:
    """A merged range; all numbers count from 1 and are inside it."""

    ref: str
    first_column: int
    first_row: int
    last_column: int
    last_row: int


@dataclass(slots=True)
class Marks:
    """`rows` is the number of the last one, as far as they are read; `uncounted` holds the formulas without a result
    by row and column, both from 1."""

    rows: int = 0
    merged: list[Merged] = field(default_factory=list)
    uncounted: dict[tuple[int, int], str] = field(default_factory=dict)


def read(source: IO[bytes], *, zeros_are_results: bool) -> Marks:
    """Raises Invalid for too many rows or merged ranges, ExpatError for what is no XML.

    Programs that write formulas without computing them leave the result out or write 0, and ask Excel to compute
    when it opens the file: then a zero is no result.
    """
    reading = _Reading(zeros_are_results)
    parser = expat.ParserCreate(namespace_separator=" ")
    parser.buffer_text = True
    parser.StartElementHandler = reading.start
    parser.EndElementHandler = reading.end
    parser.CharacterDataHandler = reading.text
    parser.StartDoctypeDeclHandler = _refuse
    while chunk := source.read(_CHUNK):
        parser.Parse(chunk)
    parser.Parse(b"", True)
    return reading.marks


def _refuse(*_: object) -> None:
    raise ValueError("a worksheet with a document type")


class _Reading:
    def __init__(self, zeros_are_results: bool) -> None:
        self.marks = Marks()
        self._no_results = {"", None} if zeros_are_results else {"", None, "0"}
        self._rows = 0
        self._at = (0, 0)
        self._type = ""
        self._texts: dict[str, str] = {}
        self._inside = ""

    def start(self, tag: str, attributes: Mapping[str, str]) -> None:
        local = tag.rpartition(" ")[2]
        if local == "row":
            self._rows += 1
            if self._rows > MOST_LINES:
                raise Invalid("import.too_long", most=MOST_ROWS)
            self._at = (int(attributes.get("r", self._at[0] + 1)), 0)
            self.marks.rows = min(self._at[0], MOST_LINES)
        elif local == "c":
            row, column = self._at
            self._at = coordinate_to_tuple(attributes["r"]) if "r" in attributes else (row, column + 1)
            self._type, self._texts = attributes.get("t", ""), {}
        elif local in ("f", "v"):
            self._inside = local
            self._texts[local] = ""
        elif local == "mergeCell":
            self._merge(attributes["ref"])

    def end(self, tag: str) -> None:
        local = tag.rpartition(" ")[2]
        if local == self._inside:
            self._inside = ""
        elif local == "c" and "f" in self._texts:
            self._formula()

    def text(self, said: str) -> None:
        if self._inside and len(self._texts[self._inside]) < _MOST_FORMULA:
            self._texts[self._inside] += said[:_MOST_FORMULA]

    def _formula(self) -> None:
        """Text may come out empty, and Excel then writes an empty value."""
        if self._type == "str" and "v" in self._texts:
            return
        if self._texts.get("v") in self._no_results:
            self.marks.uncounted[self._at] = f"={self._texts['f']}"

    def _merge(self, ref: str) -> None:
        if len(self.marks.merged) == MOST_MERGED:
            raise Invalid("import.too_many_merged", most=MOST_MERGED)
        self.marks.merged.append(Merged(ref, *range_boundaries(ref)))
