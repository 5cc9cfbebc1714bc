"""run.py import: Chinese words for every bad cell, templates, exit status."""

from pathlib import Path

import pytest

from commands import StartError, import_
from models.community import House
from services.imports.kinds import KINDS
from tests.world import places

pytestmark = pytest.mark.usefixtures("database")


def _csv(folder: Path, text: str) -> Path:
    path = folder / "房屋.csv"
    path.write_text(text, "utf-8")
    return path


async def test_bad_cells_are_printed_with_their_address(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    await places.community()
    file = _csv(tmp_path, "小区,楼栋,房号,建筑面积\n翠湖花园,3,501,很大\n无名小区,3,502,90\n")
    assert await import_.read("houses", file, dry_run=False) == 1
    assert capsys.readouterr().out.splitlines() == [
        "D2（建筑面积）「很大」：不是数字",
        "A3（小区）：没有叫「无名小区」的小区",
        "共 2 行，2 处有问题，一行都没有写入。",
    ]
    assert not await House.all().exists()


async def test_a_dry_run_and_then_the_import(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    await places.community()
    file = _csv(tmp_path, "序号,小区,楼栋,房号\n1,翠湖花园,3,501\n")
    assert await import_.read("houses", file, dry_run=True) == 0
    assert "没有写入" in capsys.readouterr().out and not await House.all().exists()
    assert await import_.read("houses", file, dry_run=False) == 0
    assert capsys.readouterr().out == "没有用到「序号」列，共 1 行，没有问题。新增 1，更新 0。\n"


async def test_a_file_that_is_no_table_or_not_there_is_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(StartError, match=r"没有「房屋\.xlsx」这个文件"):
        await import_.read("houses", tmp_path / "房屋.xlsx", dry_run=True)
    (tmp_path / "房屋.xlsx").write_text("不是表格", "utf-8")
    with pytest.raises(StartError, match=r"打不开「房屋\.xlsx」"):
        await import_.read("houses", tmp_path / "房屋.xlsx", dry_run=True)


async def test_a_template_is_written_but_nothing_is_overwritten(tmp_path: Path) -> None:
    for kind in KINDS:
        assert import_.write_template(kind, tmp_path / f"{kind}.xlsx") == 0
    with pytest.raises(StartError, match="已经存在"):
        import_.write_template("houses", tmp_path / "houses.xlsx")
    with pytest.raises(StartError, match="xlsx"):
        import_.write_template("houses", tmp_path / "houses.csv")
