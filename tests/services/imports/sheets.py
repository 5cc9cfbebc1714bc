"""Spreadsheets written as lines of a test, and what their import found wrong."""

from services import imports
from services.actors import OPERATOR
from services.imports import KINDS, Report
from services.imports.grid import Row, Sheet
from tests.world.units import within


def sheet(text: str) -> Sheet:
    """Lines of cells between bars; numbered as a spreadsheet would."""
    lines = [tuple(cell.strip() for cell in line.split("|")) for line in text.strip().splitlines()]
    return Sheet(lines[0], [Row(number, cells) for number, cells in enumerate(lines[1:], start=2)])


async def load(kind: str, text: str, *, dry_run: bool = False) -> Report:
    return await put(kind, sheet(text), dry_run=dry_run)


async def put(kind: str, read: Sheet, *, dry_run: bool = False) -> Report:
    """As the command does it."""
    return await within(imports.load(KINDS[kind], read, dry_run=dry_run, actor=OPERATOR))


def found(report: Report) -> list[tuple[str, str]]:
    """The cells with something wrong, and what."""
    return [(problem.cell, problem.phrase.removeprefix("import.")) for problem in report.problems]
