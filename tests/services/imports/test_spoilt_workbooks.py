"""Workbooks that are broken, or made to break whoever reads them: refused in words, and before they cost much."""

from pathlib import Path

import pytest

from services import imports
from services.errors import Invalid
from services.imports import marks, workbook
from tests.services.imports.sheets import found, put
from tests.services.imports.workbooks import SHEET, change, save

pytestmark = pytest.mark.usefixtures("database")


async def test_a_workbook_that_unpacks_to_far_more_is_not_unpacked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = save(tmp_path / "a.xlsx", [["标签"], *[["送水"]] * 5000])
    monkeypatch.setattr(workbook, "MOST_UNPACKED", 40_000)
    monkeypatch.setattr(workbook, "load_workbook", None)
    assert path.stat().st_size < 40_000
    with pytest.raises(Invalid, match="unpacks_too_large"):
        imports.read(path)


def test_rows_without_end_are_counted_before_they_are_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(marks, "MOST_LINES", 100)
    path = change(
        save(tmp_path / "a.xlsx", [["标签"], ["送水"]]),
        SHEET,
        lambda text: text.replace(b"</sheetData>", b"<row/>" * 100 + b"</sheetData>"),
    )
    with pytest.raises(Invalid, match="too_long"):
        imports.read(path)


def test_an_empty_sheet_in_front_is_named(tmp_path: Path) -> None:
    with pytest.raises(Invalid, match=r"empty_sheet.*名单"):
        imports.read(save(tmp_path / "a.xlsx", [[], [None]]))


ENTITY = b'<!DOCTYPE a [<!ENTITY b "c"><!ENTITY d SYSTEM "file:///etc/passwd">]>'


@pytest.mark.parametrize(
    "broken",
    [
        lambda text: text[: len(text) // 2],
        lambda text: ENTITY + text.partition(b"?>")[2].replace(b"<t>", b"<t>&b;"),
        lambda text: text.replace(b't="inlineStr"><is>', b't="s"><v>99</v><is>'),
        lambda text: text.replace(b't="inlineStr"><is>', b"><v>nothing</v><is>"),
        lambda text: text.replace(b'r="A1"', b'r="1A1"'),
        lambda text: text.replace(
            b"</sheetData>", b'</sheetData><mergeCells><mergeCell ref="A"/></mergeCells>'
        ),
    ],
    ids=["cut", "entity", "no such text", "no number", "no address", "no range"],
)
async def test_a_broken_workbook_is_refused_in_words(tmp_path: Path, broken: object) -> None:
    path = change(save(tmp_path / "a.xlsx", [["标签"], ["送水"]]), SHEET, broken)  # type: ignore[arg-type]  # a lambda
    with pytest.raises(Invalid, match="unreadable"):
        imports.read(path)


async def test_a_cell_or_a_table_beyond_every_measure_is_refused_in_few_words(tmp_path: Path) -> None:
    wide = save(tmp_path / "a.xlsx", [["标签", *[None] * 300, "x"]])
    with pytest.raises(Invalid, match="too_wide"):
        imports.read(wide)
    report = await put("merchant-tags", imports.read(save(tmp_path / "b.xlsx", [["标签"], ["送" * 30_000]])))
    assert found(report) == [("A2", "too_many_letters")] and len(report.problems[0].said) < 50
