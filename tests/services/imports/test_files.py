"""Files: an .xlsx or a .csv as people save them, and templates that read back."""

from datetime import date
from pathlib import Path

import pytest
from openpyxl import Workbook, load_workbook

from models.community import Occupant
from models.merchants import MerchantTag
from services import imports
from services.errors import Invalid
from services.imports import KINDS
from tests.services.imports.sheets import put
from tests.world import places

Cell = str | int | float | date | None

pytestmark = pytest.mark.usefixtures("database")


def _xlsx(path: Path, rows: list[list[Cell]]) -> Path:
    book = Workbook()
    for row in rows:
        book.active.append(row)
    book.save(path)
    return path


async def test_an_xlsx_with_dates_numbers_and_text_like_formulas(tmp_path: Path) -> None:
    where = await places.community()
    await places.house(where, "3-2-501")
    path = tmp_path / "住户.xlsx"
    _xlsx(
        path,
        [
            ["小区*", "房屋*", "姓名*", "电话", "身份*", "生日"],
            [where.code, "3-2-501", "王芳", 13800001234, "业主", date(1960, 5, 1)],
            [None, None, None, None, None, None],
            ["翠湖花园", "3-2-501", "placeholder", "0571-8888", "家人", None],
        ],
    )
    book = load_workbook(path)
    cell = book.active["C4"]
    cell.value, cell.data_type = '=HYPERLINK("x")', "s"
    book.save(path)
    report = await put("occupants", imports.read(path))
    assert report.problems == []
    first, second = await Occupant.all().order_by("id")
    assert (first.name, first.phone, first.birthday) == ("王芳", "13800001234", date(1960, 5, 1))
    assert second.name == '=HYPERLINK("x")'


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gbk"])
async def test_a_csv_in_any_usual_encoding(tmp_path: Path, encoding: str) -> None:
    path = tmp_path / "商家标签.csv"
    path.write_bytes("标签*\n送水\n\n家政\n".encode(encoding))
    found = imports.read(path)
    assert [(row.number, row.cells) for row in found.rows] == [(2, ("送水",)), (4, ("家政",))]
    await put("merchant-tags", found)
    assert {tag.name for tag in await MerchantTag.all()} == {"送水", "家政"}


@pytest.mark.parametrize(
    ("name", "content", "phrase"),
    [
        ("a.xlsx", b"not a zip", "unreadable"),
        ("a.xlsx", b"PK\x03\x04 and no archive", "unreadable"),
        ("a.csv", b"", "empty"),
        ("a.csv", b"\xff\xff\xff", "encoding"),
        ("a.pdf", b"%PDF", "not_a_table"),
        ("a.xls", b"\xd0\xcf\x11\xe0" + bytes(512), "old_workbook"),
        ("a.et", b"\xd0\xcf\x11\xe0" + bytes(512), "old_workbook"),
        ("a.xls", b"\xef\xbb\xbf<html><table>", "old_workbook"),
        ("a.ods", b"PK\x03\x04" + bytes(512), "unreadable"),
    ],
)
async def test_a_file_that_is_no_table_is_refused(
    tmp_path: Path, name: str, content: bytes, phrase: str
) -> None:
    path = tmp_path / name
    path.write_bytes(content)
    with pytest.raises(Invalid, match=phrase):
        imports.read(path)
    with pytest.raises(Invalid, match="no_file"):
        imports.read(tmp_path / "missing.csv")


async def test_a_file_is_what_it_holds_and_not_what_it_is_called(tmp_path: Path) -> None:
    book = _xlsx(tmp_path / "a.xlsx", [["标签"], ["送水"]])
    (tmp_path / "b.csv").write_bytes(book.read_bytes())
    (tmp_path / "c.xls").write_bytes("标签\t\n送水\t\n".encode("gbk"))
    for name in ("b.csv", "c.xls"):
        assert [row.cells[0] for row in imports.read(tmp_path / name).rows] == ["送水"]


@pytest.mark.parametrize("kind", list(KINDS))
async def test_a_template_reads_back_as_an_empty_sheet_of_its_kind(tmp_path: Path, kind: str) -> None:
    path = tmp_path / "t.xlsx"
    columns = [(one.header, one.required, one.hint) for one in KINDS[kind].columns]
    imports.write_template(path, KINDS[kind].title, columns)
    found = imports.read(path)
    assert list(found.headers) == [one.header for one in KINDS[kind].columns]
    report = await put(kind, found)
    assert (report.rows, report.problems, report.created) == (0, [], 0)
