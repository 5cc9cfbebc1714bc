"""What stands above, between and below the records of a table: titles, groups of columns, sums, remarks."""

from collections.abc import Sequence
from pathlib import Path

import pytest

from models.billing import Bill
from models.community import Occupant
from services import imports
from tests.services.imports.sheets import found, put
from tests.services.imports.workbooks import Written, save
from tests.world import places

pytestmark = pytest.mark.usefixtures("database")

HEADERS: list[Written] = ["小区", "房屋", "姓名", "电话", "身份"]
PERSON: list[Written] = ["翠湖花园", "3-2-501", "王芳", "13800001234", "业主"]
BILLS: list[Written] = ["小区", "房屋", "月份", "费用", "金额"]
BILL: list[Written] = ["翠湖花园", "3-2-501", "2026-05", "物业费", 212.5]

Lines = list[list[Written]]


@pytest.fixture
async def home(database: str) -> None:
    await places.house(await places.community(), "3-2-501")


@pytest.mark.usefixtures("home")
@pytest.mark.parametrize(
    ("lines", "merged"),
    [
        ([["三号楼住户名单"], [], HEADERS, PERSON, ["以下四号楼"]], ["A1:E1", "A5:E5"]),
        ([["三号楼住户名单"], ["填表日期：2026-05-01", None, "制表：王"], HEADERS, PERSON], []),
        ([["房屋", None, "住户", None, None], HEADERS, PERSON], ["A1:B1", "C1:E1"]),
        (
            [["小区", "房屋", "住户"], [None, None, "姓名*", "电 话", "身份"], PERSON],
            ["A1:A2", "B1:B2", "C1:E1"],
        ),
        (
            [
                ["小区", "房屋", "姓名", "联系方式", None, "身份"],
                [None, None, None, "电话", "生日"],
                [*PERSON[:4], None, "业主"],
            ],
            ["A1:A2", "B1:B2", "C1:C2", "D1:E1", "F1:F2"],
        ),
        (
            [["住户名单"], ["小区", "房屋", "住户"], [None, None, "姓名", "电话", "身份"], PERSON],
            ["A1:E1", "A2:A3", "B2:B3", "C2:E2"],
        ),
    ],
    ids=[
        "title",
        "title and remark",
        "groups",
        "two lines",
        "two lines of what may be left out",
        "title and two lines",
    ],
)
async def test_what_stands_above_the_headers_is_none(
    tmp_path: Path, lines: Lines, merged: Sequence[str]
) -> None:
    report = await put("occupants", imports.read(save(tmp_path / "a.xlsx", lines, merged=merged)))
    assert (report.problems, report.created) == ([], 1)
    assert [(one.name, one.phone) for one in await Occupant.all()] == [("王芳", "13800001234")]


@pytest.mark.usefixtures("home")
async def test_lines_below_a_narrow_title_may_be_shorter_than_their_headers(tmp_path: Path) -> None:
    lines: Lines = [["住户名单"], ["打印：5月1日"], ["小区", "房屋", "姓名", "身份", "电话", "生日"]]
    lines += [["翠湖花园", "3-2-501", "王芳", "业主"], ["翠湖花园"]]
    report = await put("occupants", imports.read(save(tmp_path / "a.xlsx", lines)))
    assert found(report) == [("B5", "needed"), ("C5", "needed"), ("D5", "needed")]
    report = await put("occupants", imports.read(save(tmp_path / "b.xlsx", lines[:-1])))
    assert (report.problems, report.created) == ([], 1)


@pytest.mark.usefixtures("home")
async def test_cells_below_headers_further_down_are_named_by_their_own_lines(tmp_path: Path) -> None:
    lines: Lines = [["名单"], ["小区", "房屋", "住户"], [None, None, "姓名", "电话", "身份"], PERSON]
    lines += [[*PERSON[:2], "李强", "无", "租户"]]
    merged = ["A1:E1", "A2:A3", "B2:B3", "C2:E2"]
    report = await put("occupants", imports.read(save(tmp_path / "a.xlsx", lines, merged=merged)))
    assert found(report) == [("D5", "not_phone"), ("E5", "not_one_of")]
    assert not await Occupant.exists()


@pytest.mark.usefixtures("home")
async def test_a_record_above_the_headers_is_not_lost_silently(tmp_path: Path) -> None:
    report = await put("occupants", imports.read(save(tmp_path / "a.xlsx", [PERSON, HEADERS, PERSON])))
    assert report.problems and not await Occupant.exists()


@pytest.mark.usefixtures("home")
@pytest.mark.parametrize("above", ["sep=;\n", "住户名单\n\n", "2026年住户名单\n\n制表：王\n"])
async def test_a_title_hides_neither_the_headers_of_a_csv_nor_what_parts_them(
    tmp_path: Path, above: str
) -> None:
    (tmp_path / "a.csv").write_text(f"{above}小区;房屋;姓名;身份\n翠湖花园;3-2-501;王芳;业主\n", "utf-8")
    assert (await put("occupants", imports.read(tmp_path / "a.csv"))).created == 1


@pytest.mark.usefixtures("home")
@pytest.mark.parametrize(
    ("line", "merged", "cell"),
    [
        (["合计", None, None, None, 212.5], [], "A3"),
        (["合计", None, None, None, 212.5], ["A3:D3"], "A3"),
        ([None, "小　计：", None, None, "=SUM(E2:E2)"], [], "B3"),
        ([None, None, None, "本页合计金额", None], [], "D3"),
        (["共120户", None, None, None, 212.5], [], "A3"),
        (["制表人：王芳", None, None, "日期：2026-05-01"], [], "A3"),
        (["注：以上金额含税"], [], "A3"),
    ],
)
async def test_what_is_no_record_is_named_once(
    tmp_path: Path, line: list[Written], merged: list[str], cell: str
) -> None:
    report = await put("bills", imports.read(save(tmp_path / "a.xlsx", [BILLS, BILL, line], merged=merged)))
    assert found(report) == [(cell, "no_record")]
    assert not await Bill.exists()


@pytest.mark.usefixtures("home")
async def test_a_record_may_say_sum_and_a_line_that_says_nothing_of_it_has_its_gaps_named(
    tmp_path: Path,
) -> None:
    report = await put("bills", imports.read(save(tmp_path / "a.xlsx", [[*BILLS, "名称"], [*BILL, "合计"]])))
    assert (report.problems, report.created) == ([], 1)
    report = await put("bills", imports.read(save(tmp_path / "a.xlsx", [BILLS, [*BILL[:2], "2026-06"]])))
    assert found(report) == [("D2", "needed"), ("E2", "needed")]
