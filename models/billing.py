"""What houses owe and paid: fee rules, readings, bills with their lines, payments and receipts."""

from enum import StrEnum
from typing import Any

from tortoise import fields
from tortoise.indexes import Index
from tortoise.models import Model

from models.community import Community, House
from models.people import Person


class FeeKind(StrEnum):
    PROPERTY = "property"  # 物业服务费
    WATER = "water"
    ELECTRICITY = "electricity"
    GAS = "gas"
    HEATING = "heating"
    PARKING = "parking"
    GARBAGE = "garbage"
    SHARED = "shared"  # 公摊
    OTHER = "other"


class Basis(StrEnum):
    """What the unit price is multiplied with."""

    AREA = "area"  # square metres of the house, a month
    FIXED = "fixed"  # one a month
    METER = "meter"  # what the meter used
    SHARE = "share"  # a cost of the community, divided by area


class Rounding(StrEnum):
    HALF_UP = "half_up"
    DOWN = "down"
    UP = "up"


class FeeRule(Model):
    """How one fee is computed. `price_e4` is yuan × 10 000 for one unit of the basis (unused by SHARE).

    The amount is rounded to a multiple of `round_fen` (1, 10 or 100 fen). A month's bill opens on
    `open_day` of that month and is late after `due_day`; a due day above 28 means the month's last day.
    """

    id = fields.IntField(primary_key=True)
    community: fields.ForeignKeyRelation[Community] = fields.ForeignKeyField("models.Community")
    community_id: int
    kind = fields.CharEnumField(FeeKind)
    name = fields.CharField(32)
    basis = fields.CharEnumField(Basis)
    price_e4 = fields.BigIntField(default=0)
    unit = fields.CharField(16, default="")  # as people read it: 元/㎡·月
    rounding = fields.CharEnumField(Rounding, default=Rounding.HALF_UP)
    round_fen = fields.IntField(default=1)
    open_day = fields.IntField(default=1)
    due_day = fields.IntField(default=28)
    valid_from = fields.DateField()
    valid_to = fields.DateField(null=True)

    class Meta:
        table = "fee_rule"
        unique_together = (("community", "name", "valid_from"),)


class MeterReading(Model):
    """One house's meter for one month (its first day), in thousandths of the unit."""

    id = fields.BigIntField(primary_key=True)
    community: fields.ForeignKeyRelation[Community] = fields.ForeignKeyField("models.Community")
    community_id: int
    house: fields.ForeignKeyRelation[House] = fields.ForeignKeyField("models.House")
    house_id: int
    kind = fields.CharEnumField(FeeKind)
    month = fields.DateField()
    previous_milli = fields.BigIntField()
    current_milli = fields.BigIntField()

    class Meta:
        table = "meter_reading"
        unique_together = (("house", "kind", "month"),)


class SharedCost(Model):
    """What a SHARE rule divides among the houses for one month."""

    id = fields.IntField(primary_key=True)
    community: fields.ForeignKeyRelation[Community] = fields.ForeignKeyField("models.Community")
    community_id: int
    rule: fields.ForeignKeyRelation[FeeRule] = fields.ForeignKeyField("models.FeeRule")
    rule_id: int
    month = fields.DateField()
    total_fen = fields.BigIntField()
    note = fields.CharField(100, default="")

    class Meta:
        table = "shared_cost"
        unique_together = (("rule", "month"),)


class BillStatus(StrEnum):
    """What a bill is on a given day; never stored."""

    NOT_YET_DUE = "not_yet_due"  # 未到期
    DUE = "due"  # 应缴
    OVERDUE = "overdue"  # 欠费
    PAID = "paid"  # 已缴


class Bill(Model):
    """One fee of one house for one month (its first day). What it is today — not yet due, due, overdue,
    paid — follows from the dates and `paid_fen`; services/money/billing says which."""

    id = fields.BigIntField(primary_key=True)
    community: fields.ForeignKeyRelation[Community] = fields.ForeignKeyField("models.Community")
    community_id: int
    house: fields.ForeignKeyRelation[House] = fields.ForeignKeyField("models.House", related_name="bills")
    house_id: int
    kind = fields.CharEnumField(FeeKind)
    name = fields.CharField(32)
    month = fields.DateField()
    amount_fen = fields.BigIntField()
    paid_fen = fields.BigIntField(default=0)
    opens_on = fields.DateField()
    due_on = fields.DateField()
    paid_at = fields.DatetimeField(null=True)
    created_at = fields.DatetimeField(auto_now_add=True)

    class Meta:
        table = "bill"
        unique_together = (("house", "month", "kind"),)
        indexes = (Index(fields=("community_id", "month")), Index(fields=("community_id", "due_on")))


class BillLine(Model):
    """One line of "why this amount", as the rule stood when the bill was made."""

    id = fields.BigIntField(primary_key=True)
    bill: fields.ForeignKeyRelation[Bill] = fields.ForeignKeyField("models.Bill", related_name="lines")
    bill_id: int
    position = fields.IntField(default=0)
    name = fields.CharField(64)  # 物业服务费
    formula = fields.CharField(120, default="")  # 89.50㎡ × 2.38元/㎡·月
    amount_fen = fields.BigIntField()
    rule: dict[str, Any] = fields.JSONField(default=dict)  # the rule and the quantities, for recomputing

    class Meta:
        table = "bill_line"
        indexes = (Index(fields=("bill_id", "position")),)


class PaymentMethod(StrEnum):
    WECHAT = "wechat"
    CASH = "cash"
    TRANSFER = "transfer"
    CARD = "card"


class Payment(Model):
    """Money that came in for a house. `external_id` is the payer's side: a WeChat Pay or bank number."""

    id = fields.BigIntField(primary_key=True)
    community: fields.ForeignKeyRelation[Community] = fields.ForeignKeyField("models.Community")
    community_id: int
    house: fields.ForeignKeyRelation[House] = fields.ForeignKeyField("models.House", related_name="payments")
    house_id: int
    person: fields.ForeignKeyNullableRelation[Person] = fields.ForeignKeyField("models.Person", null=True)
    person_id: int | None
    method = fields.CharEnumField(PaymentMethod)
    amount_fen = fields.BigIntField()
    external_id = fields.CharField(64, null=True, unique=True)
    paid_at = fields.DatetimeField()

    class Meta:
        table = "payment"
        indexes = (Index(fields=("house_id", "paid_at")), Index(fields=("community_id", "paid_at")))


class PaymentItem(Model):
    """The part of a payment that went to one bill."""

    id = fields.BigIntField(primary_key=True)
    payment: fields.ForeignKeyRelation[Payment] = fields.ForeignKeyField(
        "models.Payment", related_name="items"
    )
    payment_id: int
    bill: fields.ForeignKeyRelation[Bill] = fields.ForeignKeyField("models.Bill", related_name="payments")
    bill_id: int
    amount_fen = fields.BigIntField()

    class Meta:
        table = "payment_item"
        unique_together = (("payment", "bill"),)


class Receipt(Model):
    """收据 of one payment."""

    id = fields.BigIntField(primary_key=True)
    community: fields.ForeignKeyRelation[Community] = fields.ForeignKeyField("models.Community")
    community_id: int
    payment: fields.OneToOneRelation[Payment] = fields.OneToOneField("models.Payment", related_name="receipt")
    payment_id: int
    number = fields.CharField(24, unique=True)
    text = fields.CharField(200)
    amount_fen = fields.BigIntField()
    issued_at = fields.DatetimeField()

    class Meta:
        table = "receipt"


class Fund(StrEnum):
    MAINTENANCE = "maintenance"  # 维修基金
    REVENUE = "revenue"  # 公共收益


class PublicAccountEntry(Model):
    """One line of the community's public accounts 公共收支; income is positive, spending negative."""

    id = fields.IntField(primary_key=True)
    community: fields.ForeignKeyRelation[Community] = fields.ForeignKeyField("models.Community")
    community_id: int
    fund = fields.CharEnumField(Fund)
    on = fields.DateField()
    title = fields.CharField(100)
    amount_fen = fields.BigIntField()
    note = fields.CharField(200, default="")

    class Meta:
        table = "public_account_entry"
        indexes = (Index(fields=("community_id", "fund", "on")),)
