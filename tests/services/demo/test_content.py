"""The demo content: complete, consistent, and quick to load."""

from collections import Counter
from datetime import UTC, date, datetime

import asyncpg
import pytest

from models.activities import Activity, SignUp, SignUpStatus
from models.articles import Article, Section
from models.billing import Bill, BillLine, BillStatus, Payment, PaymentItem, PaymentMethod, Receipt
from models.community import House
from models.notices import NoticeKind
from services import actors, clock, work
from services.actors import OPERATOR
from services.community import activities, answers, merchants, notices, surveys
from services.demo import bills, content
from services.estate import homes
from services.money import billing, payments
from tests.world import places
from tests.world.units import within

pytestmark = pytest.mark.usefixtures("database")

_ROWS_READ = """
SELECT (sum(seq_tup_read) + sum(coalesce(idx_tup_fetch, 0)))::bigint AS rows FROM pg_stat_xact_user_tables
"""


async def _loaded() -> list[House]:
    """Three communities with eight houses each, and everything that is told there."""
    houses = []
    for name in ("翠湖花园", "阳光家园", "学府里"):
        where = await places.community(name)
        houses += [await places.house(where, f"{1 + number % 2}-1-{101 + number}") for number in range(8)]
    async with work.unit():
        await content.load()
    return houses


async def test_a_resident_finds_something_everywhere() -> None:
    houses = await _loaded()
    person = await places.resident(houses[0])
    account = await billing.account(houses[0].id, actor=OPERATOR)
    assert account.arrears_fen > 0 and account.not_yet_due_fen > 0 and account.paid_fen > 0
    assert len(await billing.months(houses[0].id, actor=OPERATOR)) == 12
    assert len(await activities.visible(person.id)) == 6
    for kind in NoticeKind:
        assert await notices.visible(person.id, kind=kind)
    assert len(await surveys.unanswered(person.id)) == 3
    assert len(await merchants.tags(houses[0].community_id)) == 12
    assert (await answers.find(await homes.find(person.id), "门禁卡怎么补")).sure
    for section in Section:
        assert await Article.filter(section=section).exists()


async def test_money_adds_up() -> None:
    await _loaded()
    lines, items = Counter[int](), Counter[int]()
    for line in await BillLine.all():
        lines[line.bill_id] += line.amount_fen
    paid_with = Counter[int]()
    for item in await PaymentItem.all():
        items[item.bill_id] += item.amount_fen
        paid_with[item.payment_id] += item.amount_fen
    written = await Bill.all()
    assert written and all(lines[bill.id] == bill.amount_fen for bill in written)
    assert all(items[bill.id] == bill.paid_fen <= bill.amount_fen for bill in written)
    payments = await Payment.all()
    assert payments and all(paid_with[one.id] == one.amount_fen for one in payments)
    assert all(one.paid_at <= clock.now() for one in payments)
    receipts = {one.payment_id: one.amount_fen for one in await Receipt.all()}
    assert receipts == {one.id: one.amount_fen for one in payments}


async def test_nobody_pays_tomorrow_when_a_month_has_just_begun() -> None:
    midnight = datetime(2026, 12, 31, 16, 10, tzinfo=UTC)  # ten past, on New Year's Day here
    with clock.fixed(midnight):
        await _loaded()
    assert not await Payment.filter(paid_at__gt=midnight).exists()


async def test_dumplings_are_made_on_a_saturday_whenever_it_begins() -> None:
    await _loaded()
    made = await Activity.get(title__contains="周六")
    assert clock.local(made.starts_at).isoweekday() == 6
    assert clock.now() < made.deadline_at < made.starts_at


async def test_numbers_go_on_after_the_demo_receipts() -> None:
    houses = await _loaded()
    owed = (await billing.account(houses[0].id, actor=OPERATOR)).unpaid[0]
    assert owed.status is BillStatus.OVERDUE
    paying = payments.record(
        houses[0].id, [owed.id], owed.left_fen, method=PaymentMethod.CASH, actor=OPERATOR
    )
    receipt = await within(paying)
    assert await Receipt.filter(number=receipt.number).count() == 1


async def test_a_full_activity_has_a_queue_that_moves() -> None:
    houses = await _loaded()
    full = await Activity.get(title__contains="手机课堂")
    assert full.seats_taken == full.quota == 12
    person = await places.resident(houses[0])
    me = actors.person(person.id)
    mine = await within(activities.sign_up(person.id, full.id, actor=me))
    assert mine.status is SignUpStatus.WAITLISTED and mine.position == 4
    first = await SignUp.filter(activity=full, status=SignUpStatus.CONFIRMED).first()
    assert first
    gone = actors.person(first.person_id)
    await within(activities.withdraw(first.person_id, full.id, actor=gone))
    assert (await SignUp.filter(activity=full, status=SignUpStatus.OFFERED).count()) == 1


async def test_600_houses_load_in_few_looks(database: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Also when autovacuum counts the tables while nobody else sees a row of them yet."""
    autovacuum, pay = await asyncpg.connect(database), bills._pay

    async def counted_empty(this: date) -> None:
        await autovacuum.execute("ANALYZE bill, payment, payment_item")
        await pay(this)

    monkeypatch.setattr(bills, "_pay", counted_empty)
    for name in ("翠湖花园", "阳光家园", "学府里"):
        where = await places.community(name)
        first = await places.house(where, "1-1-101")
        await places.house(where, "2-1-101")
        rooms = [_copy(first, number) for number in range(102, 300)]
        await House.bulk_create(rooms)
    async with work.unit():
        await content.load()
        [read] = await Bill._meta.db.execute_query_dict(_ROWS_READ)
    await autovacuum.close()
    assert await Bill.all().count() > 600 * 12
    assert read["rows"] < 1_000_000  # each bill looked for among all others would be fifty times as many


def _copy(first: House, number: int) -> House:
    return House(
        community_id=first.community_id,
        building_id=first.building_id,
        unit_id=first.unit_id,
        room=str(number),
        label=f"1-1-{number}",
        area_cm2=900_000 + number * 100,
        code=f"h-{first.community_id}-{number}",
    )
