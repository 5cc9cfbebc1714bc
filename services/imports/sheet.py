"""The file itself: .xlsx or .csv as headers and rows of text."""

from pathlib import Path

from services.errors import Invalid
from services.imports import delimited, workbook
from services.imports.grid import Sheet

MOST_BYTES = 20 << 20


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
