"""A .csv: how it is decoded, and what would be lost silently."""

from pathlib import Path

import pytest

from models.merchants import MerchantTag
from services import imports
from services.errors import Invalid
from tests.services.imports.sheets import found, put

pytestmark = pytest.mark.usefixtures("database")

LINES = "小区,房屋,姓名,电话\n翠湖花园,3-2-501,王喆,13800001234\n翠湖花园,3-2-502,李燊,13800001235\n"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gbk", "gb18030", "utf-16"])
def test_it_is_read_in_every_encoding_that_offices_save(tmp_path: Path, encoding: str) -> None:
    (tmp_path / "a.csv").write_bytes(LINES.encode(encoding))
    read = imports.read(tmp_path / "a.csv")
    assert read.headers == ("小区", "房屋", "姓名", "电话") and read.rows[1].cells[2] == "李燊"


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        ("小區,房屋,姓名,電話\n翠湖花園,3-2-501,王芳,13800001234\n", "big5"),
        ("団地,部屋,氏名\nさくら荘,501,山田\n", "shift_jis"),
    ],
)
def test_what_would_come_out_as_rubbish_is_refused(tmp_path: Path, text: str, encoding: str) -> None:
    (tmp_path / "a.csv").write_bytes(text.encode(encoding))
    with pytest.raises(Invalid, match="encoding"):
        imports.read(tmp_path / "a.csv")


@pytest.mark.parametrize(("mark", "encoding"), [("\t", "utf-16"), (";", "utf-8")])
def test_tabs_and_semicolons_separate_as_well(tmp_path: Path, mark: str, encoding: str) -> None:
    (tmp_path / "a.csv").write_bytes(LINES.replace(",", mark).encode(encoding))
    assert imports.read(tmp_path / "a.csv").rows[0].cells[0] == "翠湖花园"


@pytest.mark.parametrize(
    "cell", ['"=""057188880001"""', '="057188880001"', "'057188880001", "057188880001\t"]
)
def test_what_guards_a_number_from_excel_is_not_part_of_it(tmp_path: Path, cell: str) -> None:
    (tmp_path / "a.csv").write_text(f"姓名,电话\n王芳,{cell}\n", "utf-8")
    assert imports.read(tmp_path / "a.csv").rows[0].cells == ("王芳", "057188880001")


async def test_a_row_with_more_cells_than_headers_is_refused(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("标签\n送水\n家政,保洁\n", "utf-8")
    report = await put("merchant-tags", imports.read(tmp_path / "a.csv"))
    assert found(report) == [("B3", "no_header")] and report.problems[0].said == "保洁"
    assert not await MerchantTag.exists()


@pytest.mark.parametrize("tail", ['"家政\n保洁\n', '"家政"保洁\n'])
def test_a_quotation_mark_that_nobody_closes_swallows_nothing(tmp_path: Path, tail: str) -> None:
    (tmp_path / "a.csv").write_text(f"标签\n送水\n{tail}", "utf-8")
    with pytest.raises(Invalid, match=r"broken_line.*'row': 3"):
        imports.read(tmp_path / "a.csv")


def test_a_cell_larger_than_any_is_refused(tmp_path: Path) -> None:
    for length, phrase in ((40_000, "cell_too_long"), (140_000, "broken_line")):
        (tmp_path / "a.csv").write_text(f"标签\n{'送' * length}\n", "utf-8")
        with pytest.raises(Invalid, match=phrase):
            imports.read(tmp_path / "a.csv")


async def test_marks_that_nobody_sees_and_errors_are_found_here_too(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("\u200b标 签*\n送\u200b水\n#N/A\n########\n", "utf-8")
    report = await put("merchant-tags", imports.read(tmp_path / "a.csv"))
    assert found(report) == [("A3", "error_cell"), ("A4", "error_cell")]
