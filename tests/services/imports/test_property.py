"""Generated workbooks: every cell is read rightly or refused by its address, and a refusal leaves nothing behind."""

import tempfile
from dataclasses import dataclass
from datetime import date
from math import nextafter
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openpyxl import Workbook
from openpyxl.utils import get_column_letter

from models.billing import Bill
from models.community import Building, Community, House, ManagementOffice, Occupant, Unit
from services import imports
from services.imports import Report
from tests.services.imports.sheets import put
from tests.services.imports.workbooks import Written, fill
from tests.world import places

pytestmark = pytest.mark.usefixtures("database")

_Plain = str | int | None
Table = tuple[list[list["Given"]], list[str], list[str]]


@dataclass(frozen=True, slots=True)
class Given:
    """What stands in the cell, and what it must be read as; None when it must be refused."""

    written: Written
    read: _Plain


def refused(*written: Written) -> st.SearchStrategy[Given]:
    return st.sampled_from([Given(one, None) for one in written])


_UNSEEN = st.sampled_from(
    ["", "\u200b", "\ufeff", "\u202d", "\u2060", " ", "\u3000", "\n", "_x000D_\n", "\u2067"]
)
_BROKEN = refused("#N/A", "#REF!", "#DIV/0!", "=A1", "=VLOOKUP(A1,B:C,2,0)")
_DATES = st.dates(date(1990, 1, 1), date(2040, 1, 1))


def dressed(said: st.SearchStrategy[tuple[str, _Plain]]) -> st.SearchStrategy[Given]:
    return st.builds(lambda left, one, right: Given(left + one[0] + right, one[1]), _UNSEEN, said, _UNSEEN)


def _wide(said: str) -> str:
    return said.translate({ord(digit): ord(digit) + 0xFEE0 for digit in "0123456789"})


_NUMBERS = st.integers(1, 60)
_ROOM_ENDS = st.sampled_from(["", "室", "号", "房"])
LABELS = dressed(
    st.tuples(_NUMBERS, st.integers(1, 4), st.integers(101, 999), st.booleans(), _ROOM_ENDS).map(
        lambda of: (
            (_wide if of[3] else str)(f"{of[0]}栋{of[1]}单元{of[2]}{of[4]}"),
            f"{of[0]}-{of[1]}-{of[2]}",
        )
    )
)
BUILDINGS = dressed(
    st.tuples(_NUMBERS, st.sampled_from(["", "栋", "幢", "座", "#", "号楼", "号"])).map(
        lambda of: (f"{of[0]}{of[1]}", str(of[0]))
    )
) | _NUMBERS.map(lambda of: Given(of, str(of)))
UNITS = dressed(st.integers(1, 4).map(lambda of: (_wide(f"{of}单元"), str(of)))) | st.just(Given(None, ""))
ROOMS = st.tuples(st.integers(101, 3999), _ROOM_ENDS).map(lambda of: (f"{of[0]}{of[1]}", str(of[0])))
AREAS = st.decimals(1, 500, places=2).map(lambda of: Given(float(of) * 3 / 3, int(of * 10_000)))
NAMES = dressed(
    st.sampled_from([("王 芳", "王芳"), ("王　芳", "王芳"), ("买买提•艾力", "买买提·艾力"), ("李强", "李强")])
)
PHONES = dressed(
    st.sampled_from(["138-0000-1234", "138 0000 1234", "+86 13800001234", "13800001234"]).map(
        lambda of: (of, "13800001234")
    )
) | st.sampled_from([Given(13800001234, "13800001234"), Given(57188880001, "0571-88880001"), Given(None, "")])
BIRTHDAYS = _DATES.filter(lambda of: of < date(2026, 1, 1)).map(lambda of: Given(of, of.isoformat()))
MONTHS = st.tuples(st.integers(2000, 2050), st.integers(1, 12)).map(
    lambda of: Given(f"{of[0]}年{of[1]}月", f"{of[0]}-{of[1]:02}-01")
) | _DATES.map(lambda of: Given(of, f"{of:%Y-%m}-01"))
AMOUNTS = st.decimals(0, 10**6, places=2).flatmap(
    lambda of: st.sampled_from(
        [
            Given(float(of), int(of * 100)),
            Given(f"¥{of:,}元", int(of * 100)),
            Given(nextafter(float(of), 10**9) if of else 0, int(of * 100)),
        ]
    )
)

COLUMNS = {
    "houses": {
        "楼栋": BUILDINGS | _BROKEN | refused(date(2026, 3, 1), "3-2", "3栋2单元"),
        "单元": UNITS | _BROKEN | refused(date(2026, 3, 1), "2-501"),
        "房号": dressed(ROOMS) | _BROKEN | refused(date(2026, 3, 1), "2-501", None),
        "建筑面积": AREAS | _BROKEN | refused(date(1905, 7, 4), "1e2", "89_5", "很大", 89.12345),
    },
    "occupants": {
        "姓名": NAMES | _BROKEN | refused(date(2026, 3, 1), None),
        "电话": PHONES | _BROKEN | refused("1.38E+10", date(2026, 3, 1)),
        "生日": BIRTHDAYS | st.just(Given(None, "")) | _BROKEN | refused("2099-1-1", "0001-1-1"),
    },
    "bills": {
        "月份": MONTHS | _BROKEN | refused(2026.1, 2026.01, 202601, "9999-12", "2026-13"),
        "金额": AMOUNTS | _BROKEN | refused(date(1905, 7, 4), "1e5", "1_000", "12,5", 212.985, None),
    },
}  # fmt: skip
_DRESS = st.sampled_from(
    ["{}", "*{}", "{}*", "{}（必填）", " {}\n", "\u200b{}", "{}：", "{}\n(如 3-2-501)", "{}（选填）"]
)
_STATES = st.lists(st.sampled_from(["hidden", "veryHidden"]), max_size=2)


@st.composite
def tables(draw: st.DrawFn, kind: str) -> Table:
    """Rows of cells, dressed headers, and the states of the sheets in front."""
    headers = [draw(_DRESS).format(header) for header in COLUMNS[kind]]
    rows = draw(st.lists(st.tuples(*COLUMNS[kind].values()).map(list), min_size=1, max_size=3))
    return rows, headers, draw(_STATES)


async def _load(kind: str, fixed: list[tuple[str, str]], table: Table) -> Report:
    rows, headers, states = table
    book = Workbook()
    book.remove(book.active)
    for at, state in enumerate(states):
        fill(book.create_sheet(f"旧{at}"), [["别的"], ["#N/A"]]).sheet_state = state
    lines = [[value for _, value in fixed] + [cell.written for cell in row] for row in rows]
    fill(book.create_sheet("新"), [[name for name, _ in fixed] + headers, *lines])
    with tempfile.TemporaryDirectory() as folder:
        book.save(Path(folder) / "a.xlsx")
        return await put(kind, imports.read(Path(folder) / "a.xlsx"))


def _wrong(first: int, rows: list[list[Given]]) -> set[str]:
    return {
        f"{get_column_letter(column)}{number}"
        for number, row in enumerate(rows, start=2)
        for column, cell in enumerate(row, start=first)
        if cell.read is None
    }


_EXAMPLES = settings(
    max_examples=25,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


async def _empty() -> None:
    for model in (Occupant, Bill):
        await model.all().delete()


@_EXAMPLES
@given(tables("houses"))
async def test_houses(table: Table) -> None:
    for model in (House, Unit, Building, Community, ManagementOffice):
        await model.all().delete()
    await places.community()
    report = await _load("houses", [("小区", "翠湖花园")], table)
    wrong = _wrong(2, table[0])
    labels = ["-".join(str(cell.read) for cell in row[:3] if cell.read) for row in table[0]]
    if wrong or len(set(labels)) < len(labels):
        assert wrong <= {one.cell for one in report.problems} and report.problems
        assert not wrong or {one.cell for one in report.problems} == wrong
        assert not await House.exists() and not await Building.exists()
    else:
        assert (report.problems, report.sheet) == ([], "新")
        found = {one.label: one.area_cm2 for one in await House.all()}
        assert found == {label: row[3].read for label, row in zip(labels, table[0], strict=True)}


@_EXAMPLES
@given(tables("occupants"))
async def test_occupants(table: Table) -> None:
    await _empty()
    where = await House.get_or_none(label="3-2-501") or await places.house(
        await places.community(), "3-2-501"
    )
    report = await _load(
        "occupants", [("小区", "翠湖花园"), ("房屋", "3栋2单元501"), ("身份", "业主")], table
    )
    wrong, names = _wrong(4, table[0]), [row[0].read for row in table[0]]
    if wrong or len(set(names)) < len(names):
        assert report.problems and (not wrong or {one.cell for one in report.problems} == wrong)
        assert not await Occupant.exists()
    else:
        assert report.problems == []
        found = [
            (one.name, one.phone, one.birthday) for one in await Occupant.filter(house=where).order_by("id")
        ]
        assert found == [(row[0].read, row[1].read, _day(row[2].read)) for row in table[0]]


@_EXAMPLES
@given(tables("bills"))
async def test_bills(table: Table) -> None:
    await _empty()
    if not await House.exists():
        await places.house(await places.community(), "3-2-501")
    report = await _load("bills", [("小区", "翠湖花园"), ("房屋", "３-２-５０１"), ("费用", "物业费")], table)
    wrong, months = _wrong(4, table[0]), [row[0].read for row in table[0]]
    if wrong or len(set(months)) < len(months):
        assert report.problems and (not wrong or {one.cell for one in report.problems} == wrong)
        assert not await Bill.exists()
    else:
        assert report.problems == []
        found = {(one.month.isoformat(), one.amount_fen) for one in await Bill.all()}
        assert found == {(row[0].read, row[1].read) for row in table[0]}


_GROUPS = st.lists(
    st.tuples(st.sampled_from(["1", "2单元", "３", "四单元"]), st.integers(1, 4), st.booleans()),
    min_size=1,
    max_size=4,
)
_UNITS = {"1": "1", "2单元": "2", "３": "3", "四单元": "4"}


@_EXAMPLES
@given(_GROUPS)
async def test_merged_cells(groups: list[tuple[str, int, bool]]) -> None:
    """Units merged over their rows count for each; an area merged over several rows is refused in all of them."""
    for model in (House, Unit, Building, Community, ManagementOffice):
        await model.all().delete()
    await places.community()
    book = Workbook()
    sheet = fill(book.active, [["小区", "楼栋", "单元", "房号", "建筑面积"]])
    labels, wrong, number = [], set(), 2
    for unit, size, areas in groups:
        rows = range(number, number + size)
        for row in rows:
            first = row == number
            sheet.append(
                ["翠湖花园", 7, unit if first else None, 100 + row, 89.5 if first or not areas else None]
            )
            labels.append(f"7-{_UNITS[unit]}-{100 + row}")
        if size > 1:
            sheet.merge_cells(f"C{number}:C{number + size - 1}")
        if areas and size > 1:
            sheet.merge_cells(f"E{number}:E{number + size - 1}")
            wrong |= {f"E{row}" for row in rows}
        number += size
    with tempfile.TemporaryDirectory() as folder:
        book.save(Path(folder) / "a.xlsx")
        report = await put("houses", imports.read(Path(folder) / "a.xlsx"))
    assert {one.cell for one in report.problems} == wrong
    found = sorted([one.label for one in await House.all()])
    assert found == ([] if wrong else sorted(labels))


def _day(said: _Plain) -> date | None:
    return date.fromisoformat(str(said)) if said else None
