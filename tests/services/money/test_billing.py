"""Bills: exact amounts, what they are on a day, why, and money that comes in once."""

import asyncio
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.billing import (
    Basis,
    Bill,
    BillStatus,
    FeeKind,
    FeeRule,
    Fund,
    MeterReading,
    PaymentMethod,
    PublicAccountEntry,
    Rounding,
    SharedCost,
)
from models.community import Community, House
from models.events import Event, SubjectKind
from services import actors, clock, events, work
from services.actors import OPERATOR
from services.errors import Invalid, NotAllowed, NotFound
from services.money import billing, fees, payments, public_accounts
from services.money.billing import ReceiptView
from tests.world import offices, places
from tests.world.units import within

MAY = places.month(5)


def _rule(basis: Basis, price_e4: int, *, rounding: Rounding = Rounding.HALF_UP, step: int = 1) -> FeeRule:
    return FeeRule(
        kind=FeeKind.PROPERTY, name="物业服务费", basis=basis, price_e4=price_e4,
        unit="元/㎡·月", rounding=rounding, round_fen=step, valid_from=MAY,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("area_cm2", "price_e4", "rounding", "step", "fen"),
    [
        (895_000, 23_800, Rounding.HALF_UP, 1, 21_301),  # 89.50 × 2.38 = 213.01
        (895_050, 23_800, Rounding.HALF_UP, 1, 21_302),  # 213.0219
        (1_000_000, 12_345, Rounding.HALF_UP, 1, 12_345),
        (10_000, 12_350, Rounding.HALF_UP, 10, 120),  # 1.235 to the jiao
        (10_000, 12_350, Rounding.UP, 10, 130),
        (10_000, 12_350, Rounding.DOWN, 10, 120),
        (10_000, 12_350, Rounding.HALF_UP, 1, 124),  # half a fen goes up
        (10_000, 15_000, Rounding.HALF_UP, 100, 200),  # half a yuan goes up
        (10_000, 20_000, Rounding.UP, 100, 200),
    ],
)
def test_an_area_fee_is_rounded_as_its_rule_says(
    area_cm2: int, price_e4: int, rounding: Rounding, step: int, fen: int
) -> None:
    assert fees.by_area(_rule(Basis.AREA, price_e4, rounding=rounding, step=step), area_cm2).amount_fen == fen


def test_a_meter_fee_and_its_formula() -> None:
    line = fees.by_meter(_rule(Basis.METER, 5_283), 1_200_500, 1_323_000)
    assert line.amount_fen == 6472  # 122.5 × 0.5283 = 64.71675
    assert line.formula == "(1323 − 1200.5) × 0.5283元/㎡·月"


@given(st.integers(0, 10_000_000), st.lists(st.integers(1, 3_000_000), min_size=1, max_size=60))
def test_shares_add_up_and_nobody_is_a_whole_fen_off(total: int, areas: list[int]) -> None:
    parts = fees.shares(total, areas)
    assert sum(parts) == total
    assert all(
        abs(part * sum(areas) - total * area) < sum(areas) for part, area in zip(parts, areas, strict=True)
    )


def test_a_due_day_past_the_28th_is_the_months_end() -> None:
    assert fees.day_of(date(2028, 2, 1), 31) == date(2028, 2, 29)
    assert fees.day_of(date(2026, 2, 1), 15) == date(2026, 2, 15)


@pytest.mark.parametrize(
    ("day", "paid", "status"),
    [
        (date(2026, 4, 30), 0, BillStatus.NOT_YET_DUE),
        (date(2026, 5, 1), 0, BillStatus.DUE),
        (date(2026, 5, 28), 99, BillStatus.DUE),
        (date(2026, 5, 29), 0, BillStatus.OVERDUE),
        (date(2026, 5, 29), 100, BillStatus.PAID),
    ],
)
def test_what_a_bill_is_on_a_day(day: date, paid: int, status: BillStatus) -> None:
    bill = Bill(amount_fen=100, paid_fen=paid, opens_on=MAY, due_on=date(2026, 5, 28))
    assert billing.status_on(bill, day) is status


async def _keep(where: Community, rule: FeeRule, kind: FeeKind = FeeKind.PROPERTY) -> FeeRule:
    rule.community_id, rule.kind, rule.valid_from = where.id, kind, places.month(1)
    if kind is not FeeKind.PROPERTY:
        rule.name = kind
    await rule.save()
    return rule


async def _billed(count: int = 3) -> tuple[Community, list[House]]:
    """A community with an area fee, a water fee and a share for May; the first house has a water reading."""
    where = await places.community()
    houses = [await places.house(where, f"1-1-{101 + number}") for number in range(count)]
    await _keep(where, _rule(Basis.AREA, 23_800))
    await _keep(where, _rule(Basis.METER, 29_000), FeeKind.WATER)
    share = await _keep(where, _rule(Basis.SHARE, 0), FeeKind.SHARED)
    await SharedCost.create(community=where, rule=share, month=MAY, total_fen=10_000)
    await MeterReading.create(
        community=where,
        house=houses[0],
        kind=FeeKind.WATER,
        month=MAY,
        previous_milli=1000,
        current_milli=9000,
    )
    return where, houses


@pytest.mark.usefixtures("database")
async def test_a_months_bills_are_made_once_and_explained() -> None:
    where, houses = await _billed()
    assert await within(fees.bill_month(where.id, MAY, actor=OPERATOR)) == 7
    assert await within(fees.bill_month(where.id, MAY, actor=OPERATOR)) == 0
    month = await billing.month(houses[0].id, date(2026, 5, 20), actor=OPERATOR)
    assert [bill.amount_fen for bill in month.bills] == [21_301, 2_320, 3_334]
    shared = await Bill.filter(kind=FeeKind.SHARED).order_by("id")
    assert [bill.amount_fen for bill in shared] == [3_334, 3_333, 3_333]
    await FeeRule.filter(kind=FeeKind.PROPERTY).update(price_e4=99_999, name="改名")
    explained = await billing.explain(houses[0].id, month.bills[0].id, actor=OPERATOR)
    assert explained.lines == [billing.Line("物业服务费", "89.50㎡ × 2.38元/㎡·月", 21_301)]
    with pytest.raises(NotFound):
        await billing.explain(houses[1].id, month.bills[0].id, actor=OPERATOR)


@pytest.mark.usefixtures("database")
async def test_two_runs_at_once_make_each_bill_once() -> None:
    where, _ = await _billed()

    async def run() -> int:
        return await within(fees.bill_month(where.id, MAY, actor=OPERATOR))

    assert sorted(await asyncio.gather(run(), run(), run())) == [0, 0, 7]


@pytest.mark.usefixtures("database")
async def test_a_rule_applies_only_while_it_is_valid() -> None:
    where, _ = await _billed()
    await FeeRule.filter(kind=FeeKind.PROPERTY).update(valid_to=date(2026, 4, 30))
    assert await within(fees.bill_month(where.id, MAY, actor=OPERATOR)) == 4
    assert await within(fees.bill_month(where.id, places.month(12, 2025), actor=OPERATOR)) == 0


async def _bill(house: House, month: date, fen: int) -> Bill:
    return await Bill.create(
        community_id=house.community_id, house=house, kind=FeeKind.PROPERTY, name="物业服务费",
        month=month, amount_fen=fen, opens_on=month, due_on=month.replace(day=28),
    )  # fmt: skip


async def _pays(house: House, bill: Bill, fen: int) -> ReceiptView:
    paying = payments.record(house.id, [bill.id], fen, method=PaymentMethod.CASH, actor=OPERATOR)
    return await within(paying)


@pytest.mark.usefixtures("database")
async def test_the_account_tells_due_arrears_not_yet_due_and_paid_apart() -> None:
    house = await places.house(await places.community())
    this = billing.today().replace(day=1)
    last, following = _before(this), (this + timedelta(days=32)).replace(day=1)
    old = await _bill(house, _before(last), 300)
    for month, fen in ((last, 200), (following, 50)):
        await _bill(house, month, fen)
    now = await _bill(house, this, 100)
    await Bill.filter(id=now.id).update(due_on=billing.today())
    await _pays(house, old, 300)
    account = await billing.account(house.id, actor=OPERATOR)
    sums = (account.due_fen, account.arrears_fen, account.not_yet_due_fen, account.paid_fen)
    assert sums == (100, 200, 50, 300) and account.payable_fen == 300
    assert [month.month for month in await billing.months(house.id, limit=2, actor=OPERATOR)] == [
        following,
        this,
    ]


@pytest.mark.usefixtures("database")
async def test_a_payment_settles_the_oldest_first_and_is_recorded_once_whatever_happens() -> None:
    house = await places.house(await places.community())
    bills = [await _bill(house, places.month(number), 100) for number in (1, 2, 3)]

    async def pay() -> ReceiptView:
        async with work.unit():
            return await payments.record(
                house.id, [bill.id for bill in reversed(bills)], 150,
                method=PaymentMethod.WECHAT, actor=OPERATOR, external_id="wx1",
            )  # fmt: skip

    receipts = await asyncio.gather(*(pay() for _ in range(5)))
    assert len({receipt.number for receipt in receipts}) == 1
    assert [bill.paid_fen for bill in await Bill.all().order_by("month")] == [100, 50, 0]
    changed = [await events.of(SubjectKind.BILL, bill.id) for bill in bills]
    assert [[(one.before, one.after) for one in of_bill] for of_bill in changed] == [
        [("overdue", "paid")],
        [("overdue", "overdue")],
        [],
    ]
    assert (await Event.get(subject_kind=SubjectKind.PAYMENT)).body["amount_fen"] == 150
    assert [one.amount_fen for one in await billing.receipts(house.id, actor=OPERATOR)] == [150]


@pytest.mark.usefixtures("database")
async def test_more_than_is_owed_or_another_houses_bill_is_refused() -> None:
    where = await places.community()
    house, other = await places.house(where), await places.house(where, "1-1-102")
    bill = await _bill(house, MAY, 100)
    for fen in (0, 101):
        with pytest.raises(Invalid):
            await _pays(house, bill, fen)
    with pytest.raises(NotFound):
        await _pays(other, bill, 100)


@pytest.mark.usefixtures("database")
async def test_public_accounts_are_the_own_communitys() -> None:
    where, other = await places.community(), await places.community("阳光家园")
    lines = [(where, 2025, 9_000), (where, 2026, 5_000), (where, 2026, -2_000), (other, 2026, 777)]
    for community, year, fen in lines:
        await PublicAccountEntry.create(
            community=community, fund=Fund.REVENUE, on=places.month(3, year), title="电梯广告", amount_fen=fen
        )
    account = await public_accounts.of_community(where.id, Fund.REVENUE, 2026)
    assert (account.income_fen, account.spent_fen, account.balance_fen) == (5_000, 2_000, 12_000)
    assert len(account.entries) == 2


@pytest.mark.usefixtures("database")
async def test_what_a_house_owes_is_shown_to_its_confirmed_residents_alone() -> None:
    where = await places.community()
    house, other = await places.house(where), await places.house(where, "1-1-102")
    bill = await _bill(house, MAY, 100)
    mine = actors.person((await places.resident(house)).id)
    neighbour = actors.person((await places.resident(other)).id)
    claims = await places.person("冒名")
    await places.bind(claims, house, matched=False)
    readings = (
        lambda who: billing.account(house.id, actor=who),
        lambda who: billing.months(house.id, actor=who),
        lambda who: billing.month(house.id, MAY, actor=who),
        lambda who: billing.explain(house.id, bill.id, actor=who),
        lambda who: billing.receipts(house.id, actor=who),
    )
    for read in readings:
        await read(mine)
        with pytest.raises(NotAllowed, match=r"binding\.unconfirmed_money"):
            await read(actors.person(claims.id))
        with pytest.raises(NotFound, match=r"bill\.not_found"):
            await read(neighbour)


@pytest.mark.usefixtures("database")
async def test_staff_see_what_houses_of_their_office_owe() -> None:
    town = await offices.build()
    bill = await Bill.get(id=await offices.bill(town, 0))
    near = await actors.staff((await town.staff()).id)
    far = await actors.staff((await town.staff(far=True)).id)
    assert (await billing.account(bill.house_id, actor=near)).payable_fen == 100
    with pytest.raises(NotFound):
        await billing.account(bill.house_id, actor=far)
    with pytest.raises(NotAllowed, match="may_not"):
        await billing.account(bill.house_id, actor=actors.SYSTEM)
    with pytest.raises(NotFound):
        await within(fees.bill_month(bill.community_id, MAY, actor=far))


@pytest.mark.usefixtures("database")
async def test_a_billed_month_is_recorded_with_how_many_bills_it_made() -> None:
    where, _ = await _billed()
    await within(fees.bill_month(where.id, MAY, actor=OPERATOR))
    [billed] = await events.of(SubjectKind.COMMUNITY, where.id)
    assert (billed.verb, billed.note, billed.body) == ("billed", "2026-05", {"bills": 7})


def _before(month: date) -> date:
    return (month - timedelta(days=1)).replace(day=1)


async def test_a_house_without_open_bills_owes_nothing_whatever_it_paid(database: str) -> None:
    where = await places.community()
    paid, new = [await places.house(where, label) for label in ("1-1-101", "1-1-102")]
    bill = {"community": where, "kind": FeeKind.PROPERTY, "name": "物业服务费", "amount_fen": 21_301}
    days = {"month": billing.today().replace(day=1), "opens_on": billing.today(), "due_on": billing.today()}
    await Bill.create(house=paid, paid_fen=21_301, paid_at=clock.now(), **bill, **days)
    accounts = [await billing.account(one.id, actor=OPERATOR) for one in (paid, new)]
    assert [(one.unpaid, one.payable_fen, one.paid_fen) for one in accounts] == [([], 0, 21_301), ([], 0, 0)]
