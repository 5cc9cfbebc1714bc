"""Workbooks of Excel, WPS and property software: which sheet is read, and what its cells say."""

import re
from collections.abc import Sequence
from datetime import date
from pathlib import Path

import pytest
from openpyxl import Workbook, load_workbook
from openpyxl.chart import BarChart

from models.billing import Bill
from models.community import House, Occupant
from services import imports
from services.errors import Invalid
from services.imports import Report
from tests.services.imports.sheets import found, put
from tests.services.imports.workbooks import SHEET, Written, change, fill, save
from tests.world import places

pytestmark = pytest.mark.usefixtures("database")

OCCUPANTS = ["小区", "房屋", "姓名", "电话", "身份", "生日"]
HOUSES = ["小区", "楼栋", "单元", "房号", "建筑面积", "楼层"]
BILLS = ["小区", "房屋", "月份", "费用", "金额", "备注"]


async def load(kind: str, path: Path) -> Report:
    return await put(kind, imports.read(path))


async def home() -> House:
    return await places.house(await places.community(), "3-2-501")


def person(name: str, *, phone: Written = "13800001234", place: str = "翠湖花园") -> list[Written]:
    return [place, "3-2-501", name, phone, "业主", None]


@pytest.mark.parametrize("state", ["hidden", "veryHidden"])
async def test_the_first_sheet_in_view_is_read_and_named(tmp_path: Path, state: str) -> None:
    await home()
    book = Workbook()
    fill(book.active, [OCCUPANTS, person("旧住户")]).sheet_state = state
    fill(book.create_sheet("字典"), [["身份"], ["业主"]]).sheet_state = state
    fill(book.create_sheet("新名单"), [OCCUPANTS, person("新住户")])
    fill(book.create_sheet("第三张"), [OCCUPANTS, person("别人")])
    book.active = 2
    book.save(tmp_path / "a.xlsx")
    report = await load("occupants", tmp_path / "a.xlsx")
    assert (report.sheet, report.created) == ("新名单", 1)
    assert [one.name for one in await Occupant.all()] == ["新住户"]


async def test_a_workbook_with_nothing_in_view_or_no_worksheet_is_refused(tmp_path: Path) -> None:
    path = save(tmp_path / "a.xlsx", [OCCUPANTS])
    change(path, "xl/workbook.xml", lambda text: text.replace(b'state="visible"', b'state="hidden"'))
    with pytest.raises(Invalid, match="all_hidden"):
        imports.read(path)
    book = Workbook()
    book.create_chartsheet("图").add_chart(BarChart())
    book.remove(book.active)
    book.save(tmp_path / "charts.xlsx")
    with pytest.raises(Invalid, match="unreadable"):
        imports.read(tmp_path / "charts.xlsx")
    path = save(tmp_path / "strict.xlsx", [OCCUPANTS])
    loose, strict = b"schemas.openxmlformats.org/officeDocument/2006", b"purl.oclc.org/ooxml/officeDocument"
    change(path, "xl/workbook.xml", lambda text: text.replace(loose, strict))
    with pytest.raises(Invalid, match="unreadable"):
        imports.read(path)


async def test_a_merged_cell_counts_for_all_its_rows(tmp_path: Path) -> None:
    await places.community()
    rows: list[list[Written]] = [
        HOUSES,
        ["翠湖花园", 7, 1, 101, 89.5, 1],
        [None, None, None, 102, 89.5, None],
    ]
    path = save(tmp_path / "a.xlsx", [*rows, []], merged=["A2:A9", "B2:B3", "C2:C3", "F2:F3"])
    report = await load("houses", path)
    assert (report.problems, report.rows) == ([], 2)
    assert [(one.label, one.floor) for one in await House.all().order_by("id")] == [
        ("7-1-101", 1),
        ("7-1-102", 1),
    ]


async def test_a_merged_amount_and_a_cell_across_columns_are_refused_with_their_range(tmp_path: Path) -> None:
    await home()
    rows: list[list[Written]] = [
        [*BILLS[:5], "名称"],
        ["翠湖花园", "3-2-501", "2026-05", "物业费", 300, ""],
        ["翠湖花园", "3-2-501", "2026-06", "物业费", None, ""],
        ["翠湖花园", "3-2-501", "2026-07", "水费", 10, None],
    ]
    report = await load("bills", save(tmp_path / "a.xlsx", rows, merged=["E2:E3", "C4:D4"]))
    assert found(report) == [
        ("E2", "merged_amount"),
        ("E3", "merged_amount"),
        ("C4", "merged_across"),
        ("D4", "merged_across"),
    ]
    assert report.problems[0].values == {"range": "E2:E3"}


@pytest.mark.parametrize(
    "code", ["#N/A", "#REF!", "#VALUE!", "#DIV/0!", "#NAME?", "#NUM!", "#NULL!", "#SPILL!"]
)
async def test_what_a_broken_formula_shows_is_nobodys_name(tmp_path: Path, code: str) -> None:
    await home()
    path = save(tmp_path / "a.xlsx", [OCCUPANTS, person("王芳"), person(code, phone=code)])
    report = await load("occupants", path)
    assert found(report) == [("C3", "error_cell"), ("D3", "error_cell")]
    assert report.problems[0].said == code and not await Occupant.exists()
    headed = await load("occupants", save(path, [[*OCCUPANTS[:5], code], person("王芳")]))
    assert found(headed) == [("F1", "error_cell")]


async def test_a_formula_counts_by_its_result_and_is_refused_without_one(tmp_path: Path) -> None:
    await home()
    path = save(tmp_path / "a.xlsx", [OCCUPANTS, person("=A1&B1"), person("王芳", phone="=D1")])
    report = await load("occupants", path)
    assert [(one.cell, one.phrase, one.said) for one in report.problems] == [
        ("C2", "import.uncounted", "=A1&B1"),
        ("D3", "import.uncounted", "=D1"),
    ]

    def count(text: bytes) -> bytes:
        text = re.sub(
            rb'<c r="C2"[^>]*><f>A1&amp;B1</f><v ?/>', b'<c r="C2" t="str"><f>A1</f><v>\xe7\x8e\x8b</v>', text
        )
        return re.sub(rb'<c r="D3"[^>]*><f>D1</f><v ?/>', b'<c r="D3" t="str"><f>D1</f><v></v>', text)

    report = await load("occupants", change(path, SHEET, count))
    assert report.problems == [] and {(one.name, one.phone) for one in await Occupant.all()} == {
        ("王", "13800001234"),
        ("王芳", ""),
    }


async def test_a_zero_that_awaits_computing_is_no_result(tmp_path: Path) -> None:
    """Programs that write formulas without computing them put 0 there and ask Excel to compute."""
    await home()
    row: list[Written] = ["翠湖花园", "3-2-501", "2026-05", "物业费", "=1+1"]
    path = save(tmp_path / "a.xlsx", [BILLS[:5], row])
    change(path, SHEET, lambda text: re.sub(rb"<v ?/>|<v></v>", b"<v>0</v>", text))
    assert found(await load("bills", path)) == [("E2", "uncounted")]
    change(path, "xl/workbook.xml", lambda text: text.replace(b'fullCalcOnLoad="1"', b""))
    assert (await load("bills", path)).created == 1 and (await Bill.get()).amount_fen == 0


async def test_numbers_are_read_as_excel_shows_them(tmp_path: Path) -> None:
    await home()
    noisy = [212.98999999999998, 28.799999999999997, 1e3, 0.1 + 0.2]
    rows = [["翠湖花园", "3-2-501", f"2026-0{at}", "物业费", one] for at, one in enumerate(noisy, start=1)]
    assert (await load("bills", save(tmp_path / "a.xlsx", [BILLS[:5], *rows]))).problems == []
    assert [one.amount_fen for one in await Bill.all().order_by("month")] == [21299, 2880, 100_000, 30]
    rows = [["翠湖花园", "3-2-501", "2027-01", "物业费", 212.985]]
    assert found(await load("bills", save(tmp_path / "a.xlsx", [BILLS[:5], *rows]))) == [("E2", "not_money")]


async def test_a_format_of_zeros_shows_the_zeros_in_front(tmp_path: Path) -> None:
    await places.community()
    path = save(tmp_path / "a.xlsx", [HOUSES[:4], ["翠湖花园", 3, 2, 501]])
    book = load_workbook(path)
    book.active["D2"].number_format = "0000"
    book.save(path)
    await load("houses", path)
    assert (await House.get()).label == "3-2-0501"


@pytest.mark.parametrize(
    ("kind", "row", "cell"),
    [
        ("bills", ["翠湖花园", "3-2-501", 2026.1, "物业费", 1], ("C2", "month_is_number")),
        ("bills", ["翠湖花园", "3-2-501", "2026-05", "物业费", date(1905, 7, 4)], ("E2", "date_here")),
        ("bills", ["翠湖花园", date(2003, 2, 1), "2026-05", "物业费", 1], ("B2", "date_here")),
        ("bills", ["翠湖花园", "3-2-501", "9999-12", "物业费", 1], ("C2", "not_in_our_time")),
        ("bills", ["翠湖花园", "3-2-501", "2026-05", "物业费", "1e5"], ("E2", "not_number")),
        ("bills", ["翠湖花园", "3-2-501", "2026-05", "物业费", "1_000"], ("E2", "not_number")),
        ("bills", ["翠湖花园", "3-2-501", "2026-05", "物业费", "12,5"], ("E2", "not_number")),
        ("houses", ["翠湖花园", "3", date(2026, 2, 1), "501"], ("C2", "date_here")),
        ("houses", ["翠湖花园", "3", "2", "2-501"], ("D2", "one_number_alone")),
        ("occupants", ["翠湖花园", "3-2-501", date(2026, 1, 1), "", "业主"], ("C2", "date_here")),
        ("occupants", ["翠湖花园", "3-2-501", "王芳", "1.38E+10", "业主"], ("D2", "not_phone")),
        ("occupants", ["翠湖花园", "3-2-501", "王芳", 1380000123, "业主"], ("D2", "not_phone")),
        ("occupants", ["翠湖花园", "3-2-501", "王芳", "138-0000-12345", "业主"], ("D2", "not_phone")),
        ("occupants", ["翠湖花园", "3-2-501", "王芳", "12345", "业主"], ("D2", "not_phone")),
        ("occupants", ["翠湖花园", "3-2-501", "王芳", "", "业主", "2099-01-01"], ("F2", "not_birthday")),
        ("occupants", ["翠湖花园", "3-2-501", "王芳", "", "业主", "0001-01-01"], ("F2", "not_birthday")),
    ],
)
async def test_what_is_not_meant_so_is_refused(
    tmp_path: Path, kind: str, row: list[Written], cell: tuple[str, str]
) -> None:
    await home()
    headers: Sequence[str] = {"bills": BILLS, "houses": HOUSES, "occupants": OCCUPANTS}[kind][: len(row)]
    assert found(await load(kind, save(tmp_path / "a.xlsx", [headers, row]))) == [cell]
    assert await House.all().count() == 1 and not await Bill.exists() and not await Occupant.exists()


@pytest.mark.parametrize(
    "header",
    [
        "电\n话",
        "电 话",
        "*电话",
        "电话（必填）",
        "＊　电　话：",
        "\u200b电话\ufeff",
        "【必填】电话*",
        "电话（选填）",
        "电话\n（如13800001234）",
        "电话(例：0532-8588)*",
        "*电话（可不填）",
    ],
)
async def test_a_header_is_known_however_it_is_dressed(tmp_path: Path, header: str) -> None:
    await home()
    headers = [*OCCUPANTS[:3], header, *OCCUPANTS[4:]]
    assert (await load("occupants", save(tmp_path / "a.xlsx", [headers, person("王芳")]))).created == 1
    assert (await Occupant.get()).phone == "13800001234"


async def test_units_months_and_days_as_property_software_writes_them(tmp_path: Path) -> None:
    await home()
    headers: list[Written] = ["小区", "房屋", "月份", "费用", "金额（元）", "缴清日"]
    rows: list[list[Written]] = [
        ["翠湖花园", "3-2-501", "2026年5月份", "物业费", "￥1,212.99 元", 20260520],
        ["翠湖花园", "3-2-501", "2026/06", "物业费", 10, "20260620"],
    ]
    assert (await load("bills", save(tmp_path / "a.xlsx", [headers, *rows]))).problems == []
    found = [(one.month, one.amount_fen) for one in await Bill.all().order_by("month")]
    assert found == [(date(2026, 5, 1), 121_299), (date(2026, 6, 1), 1000)]
    rows = [["翠湖花园", "3", "2", "501", "89.5㎡"]]
    headers = ["小区", "楼栋", "单元", "房号", "建筑面积（㎡）"]
    assert (await load("houses", save(tmp_path / "b.xlsx", [headers, *rows]))).problems == []
    assert (await House.get()).area_cm2 == 895_000


async def test_characters_that_nobody_sees_are_dropped(tmp_path: Path) -> None:
    await home()
    rows = [
        OCCUPANTS,
        person("王\u200b芳_x000D_\n", phone="\u202d13800001234\u202c", place="\ufeff翠湖花园\u2066"),
    ]
    assert (await load("occupants", save(tmp_path / "a.xlsx", rows))).problems == []
    occupant = await Occupant.get()
    assert (occupant.name, occupant.phone) == ("王芳", "13800001234")


async def test_a_cell_beside_the_table_is_not_lost_silently(tmp_path: Path) -> None:
    await home()
    report = await load("occupants", save(tmp_path / "a.xlsx", [OCCUPANTS, [*person("王芳"), "搬走了"]]))
    assert found(report) == [("G2", "no_header")] and report.problems[0].said == "搬走了"
