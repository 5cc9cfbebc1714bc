"""Spreadsheets: every bad cell by its address, all rows or none, and text stays text."""

from datetime import date
from pathlib import Path

import pytest
from openpyxl import Workbook, load_workbook
from tortoise.exceptions import IntegrityError

from models.activities import Activity
from models.articles import Article, Section
from models.billing import Basis, Bill, BillLine, FeeKind, FeeRule, MeterReading, PublicAccountEntry
from models.community import Building, Community, House, Occupant, Unit
from models.conversations import Outbox, Timer
from models.merchants import Merchant, MerchantTag
from models.notices import Level, Notice, NoticeStatus, NoticeTarget
from models.surveys import Question, Survey
from services import fees, imports
from services.errors import Invalid
from services.imports import KINDS, Report
from services.imports.columns import label
from services.imports.sheet import Row, Sheet
from tests.services import world

Cell = str | int | float | date | None

pytestmark = pytest.mark.usefixtures("database")


def _xlsx(path: Path, rows: list[list[Cell]]) -> Path:
    book = Workbook()
    for row in rows:
        book.active.append(row)
    book.save(path)
    return path


def _sheet(text: str) -> Sheet:
    """Lines of cells between bars; numbered as a spreadsheet would."""
    lines = [tuple(cell.strip() for cell in line.split("|")) for line in text.strip().splitlines()]
    return Sheet(lines[0], [Row(number, cells) for number, cells in enumerate(lines[1:], start=2)])


async def _load(kind: str, text: str, *, dry_run: bool = False) -> Report:
    return await imports.load(KINDS[kind], _sheet(text), dry_run=dry_run)


def _found(report: Report) -> list[tuple[str, str]]:
    return [(problem.cell, problem.phrase.removeprefix("import.")) for problem in report.problems]


HOUSES = """
小区 | 楼栋 | 单元 | 房号 | 建筑面积
翠湖花园 | 3 | 2 | 501 | 89.5
翠湖花园 | B |   | 1203 | 120
"""


async def test_houses_make_their_buildings_and_units() -> None:
    await world.community()
    report = await _load("houses", HOUSES)
    assert (report.created, report.saved) == (2, True)
    first, second = await House.all().order_by("id")
    assert (first.label, first.area_cm2, second.label, second.unit_id) == ("3-2-501", 895_000, "B-1203", None)
    assert first.code != second.code and first.code.startswith("h:")


async def test_importing_houses_again_changes_only_what_the_file_says() -> None:
    await world.community()
    await _load("houses", HOUSES)
    code = (await House.get(label="3-2-501")).code
    report = await _load("houses", "小区 | 楼栋 | 单元 | 房号 | 楼层\n翠湖花园 | 3 | 2 | 501 | 5")
    house = await House.get(label="3-2-501")
    assert (report.created, report.updated) == (0, 1)
    assert (house.area_cm2, house.floor, house.code) == (895_000, 5, code)
    assert await Building.all().count() == 2 and await Unit.all().count() == 1


async def test_each_bad_cell_is_named_and_nothing_is_written() -> None:
    where = await world.community()
    await world.house(where, "3-2-501")
    report = await _load(
        "bills",
        """
小区 | 房屋 | 月份 | 费用 | 金额 | 已缴
翠湖花园 | 3-2-501 | 2026-05 | 物业费 | 213.01 |
翠湖 | 3-2-501 | 2026-05 | 物业费 | 213.01 |
翠湖花园 | 9-9-999 | 2026-13 | 管理费 | 12.345 | -1
翠湖花园 | 3-2-501 | 五月 | | 一百 | 1e400
翠湖花园 | 3栋2单元501室 | 2026年5月 | 物业费 | 213.01 |
""",
    )
    assert _found(report) == [
        ("A3", "no_such_community"),
        ("B4", "no_such_house"),
        ("C4", "not_month"),
        ("D4", "not_one_of"),
        ("E4", "not_money"),
        ("F4", "not_money"),
        ("C5", "not_month"),
        ("D5", "needed"),
        ("E5", "not_number"),
        ("F5", "not_number"),
    ]
    assert not await Bill.all().exists()


async def test_repeats_in_the_file_and_what_the_books_hold_are_refused() -> None:
    where = await world.community()
    await world.house(where, "3-2-501")
    row = "翠湖花园 | 3-2-501 | 2026-05 | 物业费 | 213.01 | {}"
    head = "小区 | 房屋 | 月份 | 费用 | 金额 | 已缴\n"
    repeated = await _load("bills", head + row.format("") + "\n" + row.format("1"))
    assert _found(repeated) == [("C3", "repeated")]
    assert (await _load("bills", head + row.format("213.01"))).saved
    bill = await Bill.get()
    assert (bill.kind, bill.month, bill.amount_fen, bill.due_on) == (
        FeeKind.PROPERTY,
        date(2026, 5, 1),
        21_301,
        date(2026, 5, 31),
    )
    assert bill.paid_at is not None and (await BillLine.get()).amount_fen == 21_301
    assert _found(await _load("bills", head + row.format("500"))) == [
        ("C2", "exists"),
        ("F2", "paid_too_much"),
    ]


async def test_a_dry_run_checks_everything_and_writes_nothing() -> None:
    await world.community()
    report = await _load("houses", HOUSES, dry_run=True)
    assert (report.rows, report.problems, report.saved) == (2, [], False)
    assert not await House.all().exists()


async def test_unknown_doubled_and_missing_columns_are_named() -> None:
    report = await _load("houses", "小区 | 楼栋 | 楼号 | 楼栋\n翠湖花园 | 3 | 3 | 3")
    assert _found(report) == [("C1", "unknown_column"), ("D1", "column_twice"), ("", "missing_column")]


async def test_what_fails_while_writing_leaves_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    await world.community()

    async def broken(*_: object, **__: object) -> None:
        raise IntegrityError("somebody was faster")

    monkeypatch.setattr(Unit, "get_or_create", broken)
    with pytest.raises(Invalid, match="meanwhile"):
        await _load("houses", HOUSES)
    assert not await House.all().exists() and not await Building.all().exists()


async def test_an_xlsx_with_dates_numbers_and_text_like_formulas(tmp_path: Path) -> None:
    where = await world.community()
    await world.house(where, "3-2-501")
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
    report = await imports.load(KINDS["occupants"], imports.read(path), dry_run=False)
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
    await imports.load(KINDS["merchant-tags"], found, dry_run=False)
    assert {tag.name for tag in await MerchantTag.all()} == {"送水", "家政"}


@pytest.mark.parametrize(
    ("name", "content", "phrase"),
    [
        ("a.xlsx", b"not a zip", "unreadable"),
        ("a.csv", b"", "empty"),
        ("a.csv", b"\xff\xff\xff", "encoding"),
        ("a.pdf", b"%PDF", "not_a_table"),
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


@pytest.mark.parametrize("kind", list(KINDS))
async def test_a_template_reads_back_as_an_empty_sheet_of_its_kind(tmp_path: Path, kind: str) -> None:
    path = tmp_path / "t.xlsx"
    columns = [(one.header, one.required, one.hint) for one in KINDS[kind].columns]
    imports.write_template(path, KINDS[kind].title, columns)
    found = imports.read(path)
    assert list(found.headers) == [one.header for one in KINDS[kind].columns]
    report = await imports.load(KINDS[kind], found, dry_run=False)
    assert (report.rows, report.problems, report.created) == (0, [], 0)


@pytest.mark.parametrize(
    "said", ["3-2-501", "3栋2单元501", "3栋2单元501室", "3号楼2单元501", "3 - 2 - 501", "3幢2单元501号"]
)
async def test_a_house_is_read_however_it_is_written(said: str) -> None:
    assert label(said) == "3-2-501"


async def test_fees_readings_and_public_accounts() -> None:
    where = await world.community()
    house = await world.house(where, "3-2-501")
    rules = await _load(
        "fee-rules",
        "小区 | 费用 | 名称 | 计费方式 | 单价 | 取整到 | 生效日\n"
        "翠湖花园 | 电费 | 电费 | 表计 | 0.5283 | 角 | 2026/1/1",
    )
    readings = await _load(
        "meter-readings",
        "小区 | 房屋 | 表 | 月份 | 上期读数 | 本期读数\n翠湖花园 | 3-2-501 | 电 | 2026.5 | 100 | 222.5",
    )
    accounts = await _load(
        "public-accounts",
        "小区 | 账目 | 日期 | 事项 | 收支 | 金额\n翠湖花园 | 公共收益 | 2026年5月1日 | 修滑梯 | 支出 | ¥1,200.50",
    )
    assert [report.problems for report in (rules, readings, accounts)] == [[], [], []]
    rule, reading = await FeeRule.get(), await MeterReading.get()
    assert (rule.price_e4, rule.round_fen, rule.due_day) == (5_283, 10, 28)
    assert (reading.house_id, reading.current_milli) == (house.id, 222_500)
    assert (await PublicAccountEntry.get()).amount_fen == -120_050
    fell = await _load(
        "meter-readings",
        "小区 | 房屋 | 表 | 月份 | 上期读数 | 本期读数\n翠湖花园 | 3-2-501 | 电 | 2026-05 | 100 | 99",
    )
    assert _found(fell) == [("F2", "reading_fell"), ("D2", "exists")]


async def test_a_shared_cost_needs_its_rule_and_becomes_bills() -> None:
    where = await world.community()
    await world.house(where, "3-2-501")
    await FeeRule.create(
        community=where, kind=FeeKind.SHARED, name="公摊电费", basis=Basis.SHARE, valid_from=date(2026, 1, 1)
    )
    head = "小区 | 收费标准 | 月份 | 总额\n"
    wrong = await _load(
        "shared-costs", head + "翠湖花园 | 公摊水费 | 2026-05 | 100\n翠湖花园 | 公摊电费 | 2025-12 | 9"
    )
    assert _found(wrong) == [("B2", "no_such_rule"), ("B3", "no_such_rule")]
    row = head + "翠湖花园 | 公摊电费 | 2026-05 | 100.01"
    assert (await _load("shared-costs", row)).saved
    assert _found(await _load("shared-costs", row)) == [("C2", "exists")]
    assert await fees.bill_month(where.id, date(2026, 5, 1)) == 1
    assert (await Bill.get()).amount_fen == 10_001


async def test_notices_go_to_the_narrowest_place_named() -> None:
    where = await world.community()
    house = await world.house(where, "3-2-501")
    person = await world.resident(house)
    report = await _load(
        "notices",
        """
类型 | 标题 | 内容 | 小区 | 楼栋 | 房屋 | 发布时间 | 推送
紧急 | 停水 | 今晚停水，请接水。 | 翠湖花园 | 3 | | 2026-01-01 08:00 | 是
一般 | 全体 | 大家好 | | | | |
一般 | 一户 | 您好 | 翠湖花园 | | 3-2-501 | 2026-01-01 | 否
""",
    )
    assert report.problems == []
    targets = {(one.level, one.subject_id) for one in await NoticeTarget.all()}
    assert targets == {(Level.BUILDING, house.building_id), (Level.ALL, 0), (Level.HOUSE, house.id)}
    assert (await Notice.get(title="全体")).status is NoticeStatus.DRAFT
    assert await Timer.filter(kind="notice_publish").count() == 1
    assert not await Outbox.filter(person=person).exists()  # the worker sends, in batches
    bad = await _load("notices", "类型 | 标题 | 内容 | 小区 | 楼栋\n一般 | 甲 | 乙 | 翠湖花园 | 9")
    assert _found(bad) == [("E2", "no_such_place")]


async def test_activities_articles_surveys_and_merchants() -> None:
    where: Community = await world.community()
    await MerchantTag.create(name="送水")
    reports = [
        await _load(
            "activities",
            "标题 | 开始 | 名额 | 报名问题\n包饺子 | 2027-12-05 14:00 | 40 | 孩子几岁，叫什么？；忌口？",
        ),
        await _load("articles", "栏目 | 标题 | 内容 | 关键词\n常见问题 | 门禁卡 | 到管理处办。 | 门卡、补卡"),
        await _load(
            "surveys",
            "问卷 | 几份 | 题型 | 题目 | 选项\n"
            "车位 | 每户一份 | 单选 | 赞成吗？ | 赞成；反对\n车位 | | 填空 | 为什么？ |",
        ),
        await _load(
            "merchants",
            f"名称 | 联系人 | 手机 | 地址 | 标签 | 小区\n清泉 | 老张 | 13800000000 | 东门 | 送水 | {where.code}",
        ),
    ]
    assert [report.problems for report in reports] == [[], [], [], []]
    activity = await Activity.get()
    assert [one["text"] for one in activity.questions] == ["孩子几岁，叫什么？", "忌口？"]
    assert activity.starts_at.isoformat() == "2027-12-05T06:00:00+00:00"
    assert (await Article.get(section=Section.FAQ)).keywords == ["门卡", "补卡"]
    assert await Survey.all().count() == 1 and await Question.all().count() == 2
    assert (await Merchant.get()).communities == [where.id]
    again = await _load("articles", "栏目 | 标题 | 内容\n常见问题 | 门禁卡 | 改了。")
    assert (again.updated, await Article.all().count()) == (1, 1)
    wrong = await _load("merchants", "名称 | 联系人 | 地址 | 标签\n清泉 | 老张 | 西门 | 开锁")
    assert _found(wrong) == [("D2", "no_such_tag"), ("", "no_way_to_reach")]
