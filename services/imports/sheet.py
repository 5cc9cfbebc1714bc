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
_OLD_NAMES, _WORKBOOKS = (".xls", ".et"), (".xlsx", ".xlsm")
_MARK = b"\xef\xbb\xbf"
_NO_TEXT = (b"%PDF", b"\xff\xd8\xff", b"\x89PNG", b"GIF8", b"Rar!", b"7z", b"\x1f\x8b", b"<")


def read_content(content: bytes, name: str, progress: Progress = unseen) -> Sheet:
    """By its content: whatever it is called, an .xlsx begins as one and a .csv is text.

    Raises Invalid for the workbooks of old programs (.xls, .et; property software writes web pages of that name),
    which have to be saved anew, for those that open only with a password, and for anything else.
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
    if content.removeprefix(_MARK).lstrip().startswith(_NO_TEXT) or (
        b"\0" in content and not content.startswith(_UTF_16)
    ):
        is_old = name.lower().endswith(_OLD_NAMES)
        raise Invalid("import.old_workbook" if is_old else "import.not_a_table", file=name)
    return delimited.read(content)


def _named(path: Path, name: str, progress: Progress) -> Sheet:
    """As the workbook reader, with the name that its owner knows in what it says."""
    try:
        return workbook.read(path, progress)
    except Invalid as error:
        values = {**error.values, "file": name} if "file" in error.values else error.values
        raise Invalid(error.phrase, **values) from error


def read(path: Path) -> Sheet:
    """The first worksheet in view of an .xlsx, or a .csv. Raises Invalid when it cannot be read."""
    try:
        if path.stat().st_size > MOST_BYTES:
            raise Invalid("import.too_large", megabytes=MOST_BYTES >> 20)
        content = path.read_bytes()
    except FileNotFoundError as error:
        raise Invalid("import.no_file", file=path.name) from error
    except OSError as error:
        raise Invalid("import.unreadable", file=path.name) from error
    found = read_content(content, path.name)
    if path.suffix.lower() in _WORKBOOKS and not content.startswith(_PACKED) and len(found.headers) < 2:
        raise Invalid("import.unreadable", file=path.name)  # some text; one with several columns is a .csv
    return found
