"""Fees of the demo communities: rules, readings, a year of bills, what was paid, public accounts."""

from datetime import date, timedelta

from models.billing import Basis, Bill, FeeKind, FeeRule, Fund, MeterReading, PublicAccountEntry, SharedCost
from models.community import Community, House
from services import clock
from services.actors import OPERATOR
from services.money import billing, fees

MONTHS = 12
_PRICES_E4 = (23_800, 19_500, 28_000)  # property fee of the first, second, third community

# (fund, title, fen, how often in months, the month it starts)
_ACCOUNTS = (
    (Fund.REVENUE, "电梯轿厢广告", 1_860_000, 3, 0),
    (Fund.REVENUE, "地面临时停车", 642_300, 1, 0),
    (Fund.REVENUE, "快递柜场地费", 300_000, 6, 1),
    (Fund.REVENUE, "更换儿童乐园地垫", -486_000, 12, 4),
    (Fund.REVENUE, "楼道扶手油漆", -275_500, 12, 7),
    (Fund.REVENUE, "补充维修基金", -1_500_000, 6, 5),
    (Fund.MAINTENANCE, "业主交存及利息", 3_250_000, 6, 0),
    (Fund.MAINTENANCE, "公共收益转入", 1_500_000, 6, 5),
    (Fund.MAINTENANCE, "水泵房改造", -1_386_000, 12, 6),
    (Fund.MAINTENANCE, "屋面防水修补", -968_400, 12, 9),
)


async def load() -> None:
    """A year back from this month, and the next month's property fee, which is not yet due."""
    communities = await Community.all().order_by("id")
    this = billing.today().replace(day=1)
    for position, community in enumerate(communities):
        await _rules(community, _PRICES_E4[position % 3], metered=position == 0, since=_back(this, 24))
        houses = await House.filter(community_id=community.id).order_by("id")
        if position == 0:
            await _readings(community, houses, this)
        await _shared_costs(community, this)
        for ago in range(MONTHS - 1, -2, -1):
            await fees.bill_month(community.id, _back(this, ago), actor=OPERATOR)
        await _accounts(community, this)
    await _pay(this)


async def _rules(community: Community, price_e4: int, *, metered: bool, since: date) -> None:
    rules = [
        FeeRule(
            kind=FeeKind.PROPERTY, name="物业服务费", basis=Basis.AREA, price_e4=price_e4, unit="元/㎡·月"
        ),
        FeeRule(kind=FeeKind.SHARED, name="公共照明用电分摊", basis=Basis.SHARE),
    ]
    if metered:
        rules.append(
            FeeRule(kind=FeeKind.WATER, name="水费", basis=Basis.METER, price_e4=29_000, unit="元/吨")
        )
    for rule in rules:
        rule.community_id, rule.valid_from = community.id, since
        await rule.save()


async def _readings(community: Community, houses: list[House], this: date) -> None:
    """Six months of water, between 6 and 17.9 tons."""
    rows = []
    for house in houses:
        reading = 100_000 + house.id * 37 % 400_000
        for ago in range(6, 0, -1):
            used = 6_000 + (house.id * 731 + ago * 1_237) % 120 * 100
            rows.append(
                MeterReading(
                    community_id=community.id,
                    house_id=house.id,
                    kind=FeeKind.WATER,
                    month=_back(this, ago),
                    previous_milli=reading,
                    current_milli=reading + used,
                )
            )
            reading += used
    await MeterReading.bulk_create(rows, batch_size=2000)


async def _shared_costs(community: Community, this: date) -> None:
    rule = await FeeRule.get(community_id=community.id, basis=Basis.SHARE)
    await SharedCost.bulk_create(
        [
            SharedCost(
                community_id=community.id,
                rule_id=rule.id,
                month=_back(this, ago),
                total_fen=412_650 + ago * 8_731,
            )
            for ago in (3, 2, 1)
        ]
    )


async def _accounts(community: Community, this: date) -> None:
    rows = []
    for fund, title, fen, every, start in _ACCOUNTS:
        for ago in range(start, MONTHS + 6, every):
            on = _back(this, ago) - timedelta(days=3 + start)
            amount = fen + (community.id * 7_919 + ago * 997) % 5_000 * (1 if fen > 0 else -1)
            row = PublicAccountEntry(
                community_id=community.id, fund=fund, on=on, title=title, amount_fen=amount
            )
            rows.append(row)
    await PublicAccountEntry.bulk_create(rows)


# Every twelfth house is three months behind; another twelfth and the people of the story are one month; of this
# month a third has paid.
_MARK = """
WITH ranked AS (
    SELECT id, row_number() OVER (PARTITION BY community_id ORDER BY id) AS rank,
           EXISTS (SELECT FROM binding WHERE house_id = house.id) AS bound
    FROM house
)
UPDATE bill SET paid_fen = amount_fen,
    paid_at = (bill.month + time '02:30') AT TIME ZONE 'UTC' + make_interval(days => (2 + bill.house_id % 20)::int)
FROM ranked WHERE ranked.id = bill.house_id AND CASE
    WHEN bill.month > $1 THEN false
    WHEN bill.month = $1
        THEN NOT bound AND rank % 3 = 0
            AND bill.house_id % 20 + 2 < extract(day FROM $2::timestamptz AT TIME ZONE 'Asia/Shanghai')
    WHEN NOT bound AND rank % 12 = 1 THEN bill.month < $1 - interval '3 months'
    WHEN bound OR rank % 12 = 5 THEN bill.month < $1 - interval '1 month'
    ELSE true END
"""

# Autovacuum may count these tables at any moment, and sees none of the rows of a transaction that has not ended:
# plans made for empty tables then take minutes. Who wrote the rows counts them.
_COUNT_BILLS = "ANALYZE house, binding, bill"

_BOOK = (
    """
INSERT INTO payment (community_id, house_id, method, amount_fen, external_id, paid_at)
SELECT community_id, house_id, CASE house_id % 3 WHEN 0 THEN 'cash' WHEN 1 THEN 'wechat' ELSE 'transfer' END,
       sum(amount_fen), 'demo:' || house_id || ':' || month, min(paid_at)
FROM bill WHERE paid_at IS NOT NULL GROUP BY community_id, house_id, month ORDER BY min(paid_at), house_id
""",
    "ANALYZE bill, payment",
    """
INSERT INTO payment_item (payment_id, bill_id, amount_fen)
SELECT payment.id, bill.id, bill.amount_fen
FROM bill JOIN payment ON payment.external_id = 'demo:' || bill.house_id || ':' || bill.month
WHERE bill.paid_at IS NOT NULL
""",
    "ANALYZE payment_item",
    """
INSERT INTO receipt (community_id, payment_id, number, text, amount_fen, issued_at)
SELECT community_id, payment.id, 'SJ' || 1000 + payment.id,
       (SELECT string_agg(bill.name, '、' ORDER BY bill.id) FROM payment_item JOIN bill ON bill.id = bill_id
        WHERE payment_id = payment.id),
       amount_fen, paid_at
FROM payment
""",
    "SELECT setval(pg_get_serial_sequence('receipt', 'id'), greatest(1, (SELECT max(id) FROM payment)))",
    """
INSERT INTO event (subject_kind, subject_id, community_id, verb, actor_kind, status_before, status_after, note, body,
    at)
SELECT 'bill', id, community_id, 'paid', 'system', 'due', 'paid', '', '{}', paid_at
FROM bill WHERE paid_at IS NOT NULL
""",
)


async def _pay(this: date) -> None:
    connection = Bill._meta.db
    await connection.execute_query(_COUNT_BILLS)
    await connection.execute_query(_MARK, [this, clock.now()])
    for statement in _BOOK:
        await connection.execute_query(statement)


def _back(month: date, ago: int) -> date:
    """The first day of the month `ago` months earlier; -1 is next month."""
    count = month.year * 12 + month.month - 1 - ago
    return date(count // 12, count % 12 + 1, 1)
