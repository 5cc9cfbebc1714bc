"""The file itself: .xlsx or .csv as headers and rows of text."""

import tempfile
from pathlib import Path

from services.errors import Invalid
from services.imports import delimited, workbook
from services.imports.grid import Sheet
from services.imports.watching import Progress, unseen

MOST_BYTES = 20 << 20


_UTF_16 = (b"\xff\xfe", b"\xfe\xff")
_LOCKED = "EncryptedPackage".encode("utf-16-le")  # what such a file calls the part that is the workbook
_PACKED, _OLD = b"PK\x03\x04", b"\xd0\xcf\x11\xe0"
_NO_TEXT = (b"%PDF", b"\xff\xd8\xff", b"\x89PNG", b"GIF8", b"Rar!", b"7z", b"\x1f\x8b", b"<")


def read_content(content: bytes, name: str, progress: Progress = unseen) -> Sheet:
    """What somebody sent, by its content: whatever it is called, an .xlsx begins as one and a .csv is text.

    Raises Invalid for the workbooks of old programs (.xls, .et), which have to be saved anew, for those that open
    only with a password, and for anything else.
    """
    if len(content) > MOST_BYTES:
        raise Invalid("import.too_large", megabytes=MOST_BYTES >> 20)
    if content.startswith(_OLD) and _LOCKED in content:
        raise Invalid("import.locked", file=name)
    if content.startswith(_OLD):
        raise Invalid("import.old_workbook", file=name)
    if content.startswith(_PACKED):
        with tempfile.NamedTemporaryFile(suffix=".xlsx") as kept:
            kept.write(content)
            kept.flush()
            return _named(Path(kept.name), name, progress)
    if content.lstrip().startswith(_NO_TEXT) or (b"\0" in content and not content.startswith(_UTF_16)):
        raise Invalid("import.not_a_table", file=name)
    return delimited.read(content)


def _named(path: Path, name: str, progress: Progress) -> Sheet:
    """As the workbook reader, with the name that its owner knows in what it says."""
    try:
        return workbook.read(path, progress)
    except Invalid as error:
        values = {**error.values, "file": name} if "file" in error.values else error.values
        raise Invalid(error.phrase, **values) from error


def read(path: Path) -> Sheet:
    """The first worksheet in view of an .xlsx, or a .csv. Raises Invalid when it cannot be read.

    The first line that is not empty holds the headers; marks around one only say that it is required.
    """
    try:
        if path.stat().st_size > MOST_BYTES:
            raise Invalid("import.too_large", megabytes=MOST_BYTES >> 20)
        suffix = path.suffix.lower()
        if suffix in (".xlsx", ".xlsm"):
            return workbook.read(path)
        if suffix == ".csv":
            return delimited.read(path.read_bytes())
    except FileNotFoundError as error:
        raise Invalid("import.no_file", file=path.name) from error
    except OSError as error:
        raise Invalid("import.unreadable", file=path.name) from error
    raise Invalid("import.not_a_table", file=path.name)
