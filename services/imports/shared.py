"""Costs of a month that a SHARE rule divides among the houses."""

from models.billing import Basis, FeeRule, SharedCost
from services.actors import Actor
from services.errors import Invalid
from services.imports.cells import fen, month, prose, text
from services.imports.columns import Kind, Record, Refusal, Saved, needed, optional
from services.imports.estate import COMMUNITY


async def _check(records: list[Record]) -> list[Refusal]:
    refused: list[Refusal] = []
    for record in records:
        rule = await _rule(record)
        if rule is None:
            refused.append((record, "rule", Invalid("import.no_such_rule", said=record.text("rule"))))
        elif await SharedCost.exists(rule_id=rule.id, month=record.day("month")):
            refused.append((record, "month", Invalid("import.exists")))
    return refused


async def _save(records: list[Record], actor: Actor) -> Saved:
    for record in records:
        rule = await _rule(record)
        assert rule, "checked before"
        await SharedCost.create(
            community_id=rule.community_id,
            rule_id=rule.id,
            month=record.day("month"),
            total_fen=record.whole("total_fen"),
            note=record.text("note"),
        )
    return Saved(len(records))


async def _rule(record: Record) -> FeeRule | None:
    """The newest version of the rule that is valid in that month."""
    named = FeeRule.filter(
        community_id=record.whole("community_id"), name=record.text("rule"), basis=Basis.SHARE
    )
    return await named.filter(valid_from__lte=record.day("month")).order_by("-valid_from").first()


SHARED_COSTS = Kind(
    "公摊总额",
    (
        COMMUNITY,
        needed("rule", "收费标准", text(32), "分摊的那一条的名称，例如 公共照明用电分摊"),
        needed("month", "月份", month, "例如 2026-05"),
        needed("total_fen", "总额", fen, "元，按面积分到每户，一分不差"),
        optional("note", "备注", prose(100)),
    ),
    _save,
    unique=("community_id", "rule", "month"),
    check=_check,
)
