"""Importing houses, and what holds for every kind: all rows or none, columns and cells named."""

import pytest
from tortoise.exceptions import IntegrityError

from models.community import Building, House, Unit
from services.errors import Invalid
from services.imports.columns import label
from tests.services.imports.sheets import found, load
from tests.world import places

pytestmark = pytest.mark.usefixtures("database")

HOUSES = """
小区 | 楼栋 | 单元 | 房号 | 建筑面积
翠湖花园 | 3 | 2 | 501 | 89.5
翠湖花园 | B |   | 1203 | 120
"""


async def test_houses_make_their_buildings_and_units() -> None:
    await places.community()
    report = await load("houses", HOUSES)
    assert (report.created, report.saved) == (2, True)
    first, second = await House.all().order_by("id")
    assert (first.label, first.area_cm2, second.label, second.unit_id) == ("3-2-501", 895_000, "B-1203", None)
    assert first.code != second.code and first.code.startswith("h:")


async def test_importing_houses_again_changes_only_what_the_file_says() -> None:
    await places.community()
    await load("houses", HOUSES)
    code = (await House.get(label="3-2-501")).code
    report = await load("houses", "小区 | 楼栋 | 单元 | 房号 | 楼层\n翠湖花园 | 3 | 2 | 501 | 5")
    house = await House.get(label="3-2-501")
    assert (report.created, report.updated) == (0, 1)
    assert (house.area_cm2, house.floor, house.code) == (895_000, 5, code)
    assert await Building.all().count() == 2 and await Unit.all().count() == 1


async def test_a_dry_run_checks_everything_and_writes_nothing() -> None:
    await places.community()
    report = await load("houses", HOUSES, dry_run=True)
    assert (report.rows, report.problems, report.saved) == (2, [], False)
    assert not await House.all().exists()


async def test_unknown_doubled_and_missing_columns_are_named() -> None:
    report = await load("houses", "小区 | 楼栋 | 楼号 | 楼栋\n翠湖花园 | 3 | 3 | 3")
    assert found(report) == [("C1", "unknown_column"), ("D1", "column_twice"), ("", "missing_column")]


async def test_what_fails_while_writing_leaves_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    await places.community()

    async def broken(*_: object, **__: object) -> None:
        raise IntegrityError("somebody was faster")

    monkeypatch.setattr(Unit, "get_or_create", broken)
    with pytest.raises(Invalid, match="meanwhile"):
        await load("houses", HOUSES)
    assert not await House.all().exists() and not await Building.all().exists()


@pytest.mark.parametrize(
    "said", ["3-2-501", "3栋2单元501", "3栋2单元501室", "3号楼2单元501", "3 - 2 - 501", "3幢2单元501号"]
)
async def test_a_house_is_read_however_it_is_written(said: str) -> None:
    assert label(said) == "3-2-501"
