"""Fee rules, meter readings, bills and public accounts. What is in the books already is never overwritten."""

from datetime import date, datetime, time

from models.billing import (
    Basis,
    Bill,
    BillLine,
    FeeKind,
    FeeRule,
    Fund,
    MeterReading,
    PublicAccountEntry,
    Rounding,
)
from models.events import SubjectKind
from services import clock, events, ids
from services.actors import Actor
from services.errors import Invalid
from services.events import Subject
from services.imports.cells import choice, day, fen, milli, month, price_e4, prose, text, whole
from services.imports.columns import Column, Kind, Record, Refusal, Saved
from services.imports.estate import COMMUNITY, HOUSE
from services.money import billing, fees

_FEES = {
    "物业费": FeeKind.PROPERTY,
    "水费": FeeKind.WATER,
    "电费": FeeKind.ELECTRICITY,
    "燃气费": FeeKind.GAS,
    "暖气费": FeeKind.HEATING,
    "停车费": FeeKind.PARKING,
    "垃圾费": FeeKind.GARBAGE,
    "公摊": FeeKind.SHARED,
    "其他": FeeKind.OTHER,
}
_METERS = {"水": FeeKind.WATER, "电": FeeKind.ELECTRICITY, "燃气": FeeKind.GAS, "暖气": FeeKind.HEATING}
_BASES = {"面积": Basis.AREA, "固定": Basis.FIXED, "表计": Basis.METER, "分摊": Basis.SHARE}
_ROUNDINGS = {"四舍五入": Rounding.HALF_UP, "舍去": Rounding.DOWN, "进位": Rounding.UP}
_FUNDS = {"维修基金": Fund.MAINTENANCE, "公共收益": Fund.REVENUE}
_STEPS = {"分": 1, "角": 10, "元": 100}
_BATCH = 2000


def _step(said: str) -> int:
    if said not in _STEPS:
        raise Invalid("import.not_one_of", options="、".join(_STEPS))
    return _STEPS[said]


def _sign(said: str) -> int:
    if said not in ("收入", "支出"):
        raise Invalid("import.not_one_of", options="收入、支出")
    return 1 if said == "收入" else -1


def _communities(records: list[Record]) -> list[int]:
    return list({record.whole("community_id") for record in records})


async def _known_rules(records: list[Record]) -> list[Refusal]:
    rules = await FeeRule.filter(community_id__in=_communities(records))
    known = {(rule.community_id, rule.name, rule.valid_from) for rule in rules}
    return [
        (record, "name", Invalid("import.exists"))
        for record in records
        if (record.whole("community_id"), record.text("name"), record.day("valid_from")) in known
    ]


async def _save_rules(records: list[Record], actor: Actor) -> Saved:
    for record in records:
        await FeeRule.create(
            community_id=record.whole("community_id"),
            kind=FeeKind(record.text("kind")),
            name=record.text("name"),
            basis=Basis(record.text("basis")),
            price_e4=record.whole("price_e4"),
            unit=record.text("unit"),
            rounding=Rounding(record.text("rounding")),
            round_fen=record.whole("round_fen"),
            open_day=record.whole("open_day"),
            due_day=record.whole("due_day"),
            valid_from=record.day("valid_from"),
            valid_to=record.maybe_day("valid_to"),
        )
    return Saved(len(records))


async def _check_readings(records: list[Record]) -> list[Refusal]:
    rows = await MeterReading.filter(community_id__in=_communities(records))
    known = {(row.house_id, row.kind.value, row.month) for row in rows}
    refused: list[Refusal] = []
    for record in records:
        if record.whole("current_milli") < record.whole("previous_milli"):
            refused.append((record, "current_milli", Invalid("import.reading_fell")))
        if (record.whole("house_id"), record.text("kind"), record.day("month")) in known:
            refused.append((record, "month", Invalid("import.exists")))
    return refused


async def _save_readings(records: list[Record], actor: Actor) -> Saved:
    rows = [
        MeterReading(
            community_id=record.whole("community_id"),
            house_id=record.whole("house_id"),
            kind=FeeKind(record.text("kind")),
            month=record.day("month"),
            previous_milli=record.whole("previous_milli"),
            current_milli=record.whole("current_milli"),
        )
        for record in records
    ]
    await MeterReading.bulk_create(rows, batch_size=_BATCH)
    return Saved(len(rows))


async def _check_bills(records: list[Record]) -> list[Refusal]:
    months = list({record.day("month") for record in records})
    found = Bill.filter(community_id__in=_communities(records), month__in=months)
    rows = await found.values("house_id", "month", "kind")
    known = {(row["house_id"], row["month"], str(row["kind"])) for row in rows}
    refused: list[Refusal] = []
    for record in records:
        if (record.whole("house_id"), record.day("month"), record.text("kind")) in known:
            refused.append((record, "month", Invalid("import.exists")))
        if record.whole("paid_fen") > record.whole("amount_fen"):
            refused.append((record, "paid_fen", Invalid("import.paid_too_much")))
    return refused


async def _save_bills(records: list[Record], actor: Actor) -> Saved:
    fresh = await ids.reserve(Bill, len(records))
    bills = [_bill(bill_id, record) for bill_id, record in zip(fresh, records, strict=True)]
    await Bill.bulk_create(bills, batch_size=_BATCH)
    lines = [
        BillLine(bill_id=bill.id, name=bill.name, formula=record.text("formula"), amount_fen=bill.amount_fen)
        for bill, record in zip(bills, records, strict=True)
    ]
    await BillLine.bulk_create(lines, batch_size=_BATCH)
    subjects = [Subject(SubjectKind.BILL, bill.id, bill.community_id) for bill in bills]
    await events.record_many(subjects, "imported", actor=actor)
    return Saved(len(bills))


def _bill(bill_id: int, record: Record) -> Bill:
    names = {kind.value: word for word, kind in _FEES.items()}
    first = record.day("month")
    return Bill(
        id=bill_id,
        community_id=record.whole("community_id"),
        house_id=record.whole("house_id"),
        kind=FeeKind(record.text("kind")),
        name=record.text("name") or names[record.text("kind")],
        month=first,
        amount_fen=record.whole("amount_fen"),
        paid_fen=record.whole("paid_fen"),
        opens_on=record.maybe_day("opens_on") or first,
        due_on=record.maybe_day("due_on") or fees.day_of(first, 31),
        paid_at=_paid_at(record),
    )


def _paid_at(record: Record) -> datetime | None:
    """When it was settled; noon of the day given, or of the import."""
    if record.whole("paid_fen") < record.whole("amount_fen"):
        return None
    on: date = record.maybe_day("paid_on") or billing.today()
    return datetime.combine(on, time(12), tzinfo=clock.LOCAL)


async def _known_entries(records: list[Record]) -> list[Refusal]:
    rows = await PublicAccountEntry.filter(community_id__in=_communities(records))
    known = {(row.community_id, row.fund.value, row.on, row.title, row.amount_fen) for row in rows}
    refused: list[Refusal] = []
    for record in records:
        signed = record.whole("amount_fen") * record.whole("sign")
        key = (record.whole("community_id"), record.text("fund"), record.day("on"), record.text("title"))
        if (*key, signed) in known:
            refused.append((record, "title", Invalid("import.exists")))
    return refused


async def _save_entries(records: list[Record], actor: Actor) -> Saved:
    rows = [
        PublicAccountEntry(
            community_id=record.whole("community_id"),
            fund=Fund(record.text("fund")),
            on=record.day("on"),
            title=record.text("title"),
            amount_fen=record.whole("amount_fen") * record.whole("sign"),
            note=record.text("note"),
        )
        for record in records
    ]
    await PublicAccountEntry.bulk_create(rows, batch_size=_BATCH)
    return Saved(len(rows))


_FEE = Column("kind", "费用", choice(_FEES), True, "、".join(_FEES))

FEE_RULES = Kind(
    "收费标准",
    (
        COMMUNITY,
        _FEE,
        Column("name", "名称", text(32), True, "账单上的名称，例如 物业服务费"),
        Column("basis", "计费方式", choice(_BASES), True, "面积、固定、表计、分摊之一"),
        Column("price_e4", "单价", price_e4, False, "元，最多四位小数；分摊的不填", 0),
        Column("unit", "单位", text(16), False, "例如 元/㎡·月", ""),
        Column("rounding", "取整", choice(_ROUNDINGS), False, "四舍五入（不填就是）、舍去、进位", Rounding.HALF_UP),
        Column("round_fen", "取整到", _step, False, "分（不填就是）、角、元", 1),
        Column("open_day", "出账日", whole(1, 31), False, "每月几号起可以交，不填是 1", 1),
        Column("due_day", "截止日", whole(1, 31), False, "每月几号以后算欠费，不填是 28；29 以上算月底", 28),
        Column("valid_from", "生效日", day, True, "例如 2026-01-01"),
        Column("valid_to", "失效日", day, False),
    ),
    _save_rules,
    unique=("community_id", "name", "valid_from"),
    check=_known_rules,
)  # fmt: skip

METER_READINGS = Kind(
    "抄表",
    (
        COMMUNITY,
        HOUSE,
        Column("kind", "表", choice(_METERS), True, "水、电、燃气、暖气之一"),
        Column("month", "月份", month, True, "例如 2026-05"),
        Column("previous_milli", "上期读数", milli, True, "最多三位小数"),
        Column("current_milli", "本期读数", milli, True, "不小于上期"),
    ),
    _save_readings,
    unique=("house_id", "kind", "month"),
    check=_check_readings,
)

BILLS = Kind(
    "账单",
    (
        COMMUNITY,
        HOUSE,
        Column("month", "月份", month, True, "例如 2026-05"),
        _FEE,
        Column("name", "名称", text(32), False, "不填就用费用的名称", ""),
        Column("amount_fen", "金额", fen, True, "元，最多两位小数"),
        Column("formula", "算法", prose(120), False, "例如 89.50㎡ × 2.38元/㎡·月", ""),
        Column("paid_fen", "已缴", fen, False, "元", 0),
        Column("paid_on", "缴清日", day, False),
        Column("opens_on", "出账日", day, False, "不填是当月 1 号"),
        Column("due_on", "截止日", day, False, "不填是当月月底"),
    ),
    _save_bills,
    unique=("house_id", "kind", "month"),
    check=_check_bills,
)

PUBLIC_ACCOUNTS = Kind(
    "公共收支",
    (
        COMMUNITY,
        Column("fund", "账目", choice(_FUNDS), True, "维修基金、公共收益之一"),
        Column("on", "日期", day, True),
        Column("title", "事项", text(100), True),
        Column("sign", "收支", _sign, True, "收入、支出之一"),
        Column("amount_fen", "金额", fen, True, "元，不带正负号"),
        Column("note", "备注", prose(200), False, "", ""),
    ),
    _save_entries,
    check=_known_entries,
)
