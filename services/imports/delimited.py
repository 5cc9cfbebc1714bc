"""A .csv as spreadsheet programs save it: UTF-8, GB18030 (GBK) or UTF-16, with commas, tabs or semicolons."""

import csv
import io
import re
from collections.abc import Iterator

from services.errors import Invalid
from services.imports.grid import MOST_ABOVE, Sheet, gathered
from services.imports.workbook import told

_FEW, _MOST_RARE = 3, 0.15
_DELIMITERS = ",\t;"
_SEPARATED = re.compile(f"[{_DELIMITERS}]")
_GUARDED = re.compile(r'\s*="([^"]+)"\s*|\s*[\'‘’]([+\d][^\'‘’]*)')


def read(content: bytes) -> Sheet:
    return gathered(_lines(decoded(content)))


def _lines(text: str) -> Iterator[tuple[int, list[str]]]:
    """Rows are counted as a spreadsheet program shows them: a cell may hold line breaks.

    A quotation mark that nobody closes would swallow the rest of the file without a word.
    """
    number = 0
    delimiter = _delimiter(text)
    try:
        for cells in csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True):
            number += 1
            yield number, [told(_unguarded(cell)) for cell in cells]
    except csv.Error as error:
        raise Invalid("import.broken_line", row=number + 1) from error


def _delimiter(text: str) -> str:
    """The one that the first line has most of that has any: a title above the headers may have none."""
    first = next((line for line in text.split("\n", MOST_ABOVE)[:MOST_ABOVE] if _SEPARATED.search(line)), "")
    return max(_DELIMITERS, key=first.count)


def _unguarded(cell: str) -> str:
    """Programs write ="0501" or '0501 so that Excel takes no zero off; the guard is not what it says."""
    found = _GUARDED.fullmatch(cell)
    return (found[1] or found[2]) if found else cell


def decoded(content: bytes) -> str:
    """Raises Invalid for bytes that are none of the encodings, or Big5, which reads as rare characters of GBK."""
    if content[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return _strictly(content, "utf-16")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = _strictly(content, "gb18030")
    if _rare(text):
        raise Invalid("import.encoding")
    return text


def _strictly(content: bytes, encoding: str) -> str:
    try:
        return content.decode(encoding)
    except UnicodeDecodeError as error:
        raise Invalid("import.encoding") from error


def _rare(text: str) -> bool:
    """Whether too many characters are outside GB 2312, in which nearly all that people write in Chinese lies."""
    chinese = [one for one in text if ord(one) > 0x7F]
    rare = sum(1 for one in chinese if not _common(one))
    return rare >= _FEW and rare > _MOST_RARE * len(chinese)


def _common(one: str) -> bool:
    try:
        return bool(one.encode("gb2312"))
    except UnicodeEncodeError:
        return False
