"""Importing houses, and what holds for every kind: all rows or none, columns and cells named."""

import pytest
from tortoise.exceptions import IntegrityError

from models.community import Building, House, Occupant, Relation, Unit
from services import imports, work
from services.actors import OPERATOR
from services.errors import Invalid
from services.imports import KINDS
from services.imports.rooms import label
from tests.services.imports.sheets import found, load, sheet
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


async def test_a_block_of_houses_takes_as_few_statements_as_a_handful() -> None:
    """Whether they are new or as they were."""
    await places.community()
    head = "小区 | 楼栋 | 单元 | 房号 | 楼层"
    few, many = (
        sheet("\n".join([head, *(f"翠湖花园 | {building} | 1 | {at} | 5" for at in range(101, last))]))
        for building, last in ((3, 104), (4, 301))
    )
    for made, sheets in ((True, (few, many)), (False, (few, many))):
        counts = []
        for one in sheets:
            said: list[str] = []
            async with work.unit():
                connection = House._meta.db._connection  # of the unit
                with connection.query_logger(lambda record, said=said: said.append(record.query)):
                    report = await imports.load(KINDS["houses"], one, dry_run=False, actor=OPERATOR)
            assert (report.created, report.updated) == ((report.rows, 0) if made else (0, report.rows))
            counts.append(len(said))
        assert counts[0] == counts[1], counts
    assert await House.all().count() == 203 and await Building.all().count() == 2


async def test_a_dry_run_checks_everything_and_writes_nothing() -> None:
    await places.community()
    report = await load("houses", HOUSES, dry_run=True)
    assert (report.rows, report.problems, report.saved) == (2, [], False)
    assert not await House.all().exists()


async def test_unknown_doubled_and_missing_columns_are_named() -> None:
    report = await load("houses", "小区 | 楼栋 | 楼号 | 楼栋\n翠湖花园 | 3 | 3 | 3")
    assert found(report) == [("C1", "unknown_column"), ("D1", "column_twice"), ("", "missing_column")]


@pytest.mark.parametrize("counted", ["序号", "序", "行号", "No.", "NO", "№"])
async def test_a_column_that_counts_the_lines_is_left_out_and_named(counted: str) -> None:
    await places.community()
    rows = f"{counted} | 小区 | 楼栋 | 单元 | 房号\n1 | 翠湖花园 | 3 | 2 | 501\n2 | 翠湖花园 | 3 | 2 | 502\n3 | | | |"
    report = await load("houses", rows)
    assert (report.rows, report.problems, report.created) == (2, [], 2)  # a form is numbered down to its end
    assert report.skipped == (counted,)
    assert await House.filter(label="3-2-502").exists()


async def test_a_column_with_a_meaning_of_its_own_is_no_numbering() -> None:
    report = await load("houses", "小区 | 楼栋 | 房号 | 编号 | 房屋序号\n翠湖花园 | 3 | 501 | 7 | 1")
    assert found(report) == [("D1", "unknown_column"), ("E1", "unknown_column")]


async def test_what_fails_while_writing_leaves_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    await places.community()

    async def broken(*_: object, **__: object) -> None:
        raise IntegrityError("somebody was faster")

    monkeypatch.setattr(Unit, "get_or_create", broken)
    with pytest.raises(Invalid, match="meanwhile"):
        await load("houses", HOUSES)
    assert not await House.all().exists() and not await Building.all().exists()


@pytest.mark.parametrize(
    "said",
    [
        *("3-2-501", "3栋2单元501", "3栋2单元501室", "3号楼2单元501", "3 - 2 - 501", "3幢2单元501号"),
        *("３－２－５０１", "3—2—501", "3−2−501", "3.2.501", "三栋二单元五零一"),
        *(
            "3｜2｜501",
            "3丨2丨501室",
            "3#2-501",
            "3#楼2单元501",
            "第3栋第2单元501户",
            "第三栋二门501",
            "3-2门501房间",
        ),
    ],
)
async def test_a_house_is_read_however_it_is_written(said: str) -> None:
    assert label(said) == "3-2-501"
    where = await places.house(await places.community(), "3-2-501")
    rows = f"翠湖花园 | {said} | 王芳 | 业主\n翠湖花园 | 翠湖花园{said} | 李强 | 业主"
    assert (await load("occupants", f"小区 | 房屋 | 姓名 | 身份\n{rows}")).problems == []
    assert await Occupant.filter(house=where).count() == 2


def test_a_gate_is_no_unit() -> None:
    assert label("东门-101") == "东门-101"


@pytest.mark.parametrize(
    ("building", "unit", "room"),
    [
        ("3栋", "2单元", "501室"),
        ("3号楼", "２单元", "501号"),
        ("3幢", "二单元", "５０１房"),
        ("#3", "2", "501号房"),
        ("三座", "2 单元", "501 室"),
        ("第3栋", "第二单元", "501户"),
        ("3#楼", "2门", "501房间"),
    ],
)
async def test_a_house_list_may_say_building_unit_and_room(building: str, unit: str, room: str) -> None:
    await places.community()
    await load("houses", HOUSES)
    report = await load(
        "houses", f"小区 | 楼栋 | 单元 | 房号 | 楼层\n翠湖花园 | {building} | {unit} | {room} | 5"
    )
    assert (report.problems, report.created, report.updated) == ([], 0, 1)
    assert (await House.get(label="3-2-501")).floor == 5 and await Building.all().count() == 2


@pytest.mark.parametrize("row", ["03 | 2 | 501", "3 | 02 | 501", "3 | 2 | 0501", "03栋 | 02单元 | 0501室"])
async def test_a_house_that_differs_by_zeros_alone_is_asked_about(row: str) -> None:
    await places.community()
    await load("houses", HOUSES)
    report = await load("houses", f"小区 | 楼栋 | 单元 | 房号\n翠湖花园 | {row}")
    assert found(report) == [("D2", "alike")] and report.problems[0].values["known"] == "3-2-501"
    both = await load("houses", "小区 | 楼栋 | 房号\n翠湖花园 | 9 | 101\n翠湖花园 | 09 | 101")
    assert found(both) == [("C2", "alike"), ("C3", "alike")]
    assert await House.all().count() == 2


async def test_other_lists_find_a_house_with_zeros_or_without() -> None:
    await places.community()
    await load("houses", "小区 | 楼栋 | 单元 | 房号\n翠湖花园 | 03 | 2 | 0501\n翠湖花园 | 4 | | 101")
    rows = "翠湖花园 | 3栋2单元501室 | 王芳 | 业主\n翠湖花园 | 04-0101 | 李强 | 业主"
    assert (await load("occupants", f"小区 | 房屋 | 姓名 | 身份\n{rows}")).created == 2


async def test_an_occupant_of_an_older_list_is_the_same_in_another_spelling() -> None:
    where = await places.house(await places.community(), "3-2-501")
    await Occupant.create(house=where, name="王　敏", phone="138-0000-1234", relation=Relation.OWNER)
    report = await load(
        "occupants", "小区 | 房屋 | 姓名 | 电话 | 身份\n翠湖花园 | 3-2-501 | 王 敏 | +86 13800001234 | 业主"
    )
    assert (report.created, report.updated) == (0, 1)
    occupant = await Occupant.get()
    assert (occupant.name, occupant.phone) == ("王敏", "13800001234")
