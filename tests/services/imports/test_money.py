"""Importing what is owed: bills, fee rules, readings, shared costs, public accounts."""

from datetime import date

import pytest

from models.billing import Basis, Bill, BillLine, FeeKind, FeeRule, MeterReading, PublicAccountEntry
from services.actors import OPERATOR
from services.money import fees
from tests.services.imports.sheets import found, load
from tests.world import places
from tests.world.units import within

pytestmark = pytest.mark.usefixtures("database")


async def test_each_bad_cell_is_named_and_nothing_is_written() -> None:
    where = await places.community()
    await places.house(where, "3-2-501")
    report = await load(
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
    assert found(report) == [
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
    where = await places.community()
    await places.house(where, "3-2-501")
    row = "翠湖花园 | 3-2-501 | 2026-05 | 物业费 | 213.01 | {}"
    head = "小区 | 房屋 | 月份 | 费用 | 金额 | 已缴\n"
    repeated = await load("bills", head + row.format("") + "\n" + row.format("1"))
    assert found(repeated) == [("C3", "repeated")]
    assert (await load("bills", head + row.format("213.01"))).saved
    bill = await Bill.get()
    assert (bill.kind, bill.month, bill.amount_fen, bill.due_on) == (
        FeeKind.PROPERTY,
        date(2026, 5, 1),
        21_301,
        date(2026, 5, 31),
    )
    assert bill.paid_at is not None and (await BillLine.get()).amount_fen == 21_301
    assert found(await load("bills", head + row.format("500"))) == [
        ("C2", "exists"),
        ("F2", "paid_too_much"),
    ]


async def test_fees_readings_and_public_accounts() -> None:
    where = await places.community()
    house = await places.house(where, "3-2-501")
    rules = await load(
        "fee-rules",
        "小区 | 费用 | 名称 | 计费方式 | 单价 | 取整到 | 生效日\n"
        "翠湖花园 | 电费 | 电费 | 表计 | 0.5283 | 角 | 2026/1/1",
    )
    readings = await load(
        "meter-readings",
        "小区 | 房屋 | 表 | 月份 | 上期读数 | 本期读数\n翠湖花园 | 3-2-501 | 电 | 2026.5 | 100 | 222.5",
    )
    accounts = await load(
        "public-accounts",
        "小区 | 账目 | 日期 | 事项 | 收支 | 金额\n翠湖花园 | 公共收益 | 2026年5月1日 | 修滑梯 | 支出 | ¥1,200.50",
    )
    assert [report.problems for report in (rules, readings, accounts)] == [[], [], []]
    rule, reading = await FeeRule.get(), await MeterReading.get()
    assert (rule.price_e4, rule.round_fen, rule.due_day) == (5_283, 10, 28)
    assert (reading.house_id, reading.current_milli) == (house.id, 222_500)
    assert (await PublicAccountEntry.get()).amount_fen == -120_050
    fell = await load(
        "meter-readings",
        "小区 | 房屋 | 表 | 月份 | 上期读数 | 本期读数\n翠湖花园 | 3-2-501 | 电 | 2026-05 | 100 | 99",
    )
    assert found(fell) == [("F2", "reading_fell"), ("D2", "exists")]


async def test_a_shared_cost_needs_its_rule_and_becomes_bills() -> None:
    where = await places.community()
    await places.house(where, "3-2-501")
    await FeeRule.create(
        community=where, kind=FeeKind.SHARED, name="公摊电费", basis=Basis.SHARE, valid_from=date(2026, 1, 1)
    )
    head = "小区 | 收费标准 | 月份 | 总额\n"
    wrong = await load(
        "shared-costs", head + "翠湖花园 | 公摊水费 | 2026-05 | 100\n翠湖花园 | 公摊电费 | 2025-12 | 9"
    )
    assert found(wrong) == [("B2", "no_such_rule"), ("B3", "no_such_rule")]
    row = head + "翠湖花园 | 公摊电费 | 2026-05 | 100.01"
    assert (await load("shared-costs", row)).saved
    assert found(await load("shared-costs", row)) == [("C2", "exists")]
    assert await within(fees.bill_month(where.id, date(2026, 5, 1), actor=OPERATOR)) == 1
    assert (await Bill.get()).amount_fen == 10_001
