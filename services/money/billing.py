"""What a house owes and has paid, and why."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from models import rows
from models.billing import Bill, BillLine, BillStatus, FeeKind, Receipt
from models.community import House
from services import clock
from services.actors import Actor, ActorKind
from services.errors import NotFound
from services.estate import homes
from services.scope import Field

# What residents ask nearly every time, so by hand: the bills that are open, if any, each beside what was paid on
# those of the last twelve months.
_ACCOUNT = """
SELECT b.*, year.paid_fen AS paid_this_year
FROM (SELECT coalesce(sum(paid_fen), 0) AS paid_fen FROM bill WHERE house_id = $1 AND month > $2) AS year
LEFT JOIN bill b ON b.house_id = $1 AND b.paid_at IS NULL ORDER BY b.month, b.id
"""


@dataclass(frozen=True, slots=True)
class BillView:
    """A bill as it stands on one day. `left_fen` is what is still to be paid."""

    id: int
    kind: FeeKind
    name: str
    month: date
    amount_fen: int
    paid_fen: int
    due_on: date
    status: BillStatus

    @property
    def left_fen(self) -> int:
        return self.amount_fen - self.paid_fen


@dataclass(frozen=True, slots=True)
class Account:
    """A house's account: open bills oldest first, and their sums in fen.

    `due_fen` is open and in time, `arrears_fen` is late, `not_yet_due_fen` not payable yet, `paid_fen` what was
    paid on the bills of the last twelve months.
    """

    due_fen: int
    arrears_fen: int
    not_yet_due_fen: int
    paid_fen: int
    unpaid: list[BillView]

    @property
    def payable_fen(self) -> int:
        return self.due_fen + self.arrears_fen


@dataclass(frozen=True, slots=True)
class Month:
    """All bills of one house for one month."""

    month: date
    amount_fen: int
    left_fen: int
    bills: list[BillView]


@dataclass(frozen=True, slots=True)
class Line:
    """One line of "why this amount"; `formula` is 89.50㎡ × 2.38元/㎡·月, or "" for an agreed amount."""

    name: str
    formula: str
    amount_fen: int


@dataclass(frozen=True, slots=True)
class Explained:
    bill: BillView
    lines: list[Line]


@dataclass(frozen=True, slots=True)
class ReceiptView:
    """What was paid, by one payment, and when."""

    number: str
    text: str
    amount_fen: int
    issued_at: datetime


def status_on(bill: Bill, day: date) -> BillStatus:
    if bill.paid_fen >= bill.amount_fen:
        return BillStatus.PAID
    if day < bill.opens_on:
        return BillStatus.NOT_YET_DUE
    return BillStatus.DUE if day <= bill.due_on else BillStatus.OVERDUE


def today() -> date:
    return clock.local(clock.now()).date()


async def account(house_id: int, *, actor: Actor) -> Account:
    """What the house owes today, and what it paid.

    This and every other reading here is for the residents of the house whom list or staff confirmed (others hear
    NotAllowed binding.needed or binding.unconfirmed_money) and for staff who see fees there.
    """
    await _must_see(house_id, actor)
    here = today()
    found = await rows.read(Bill, _ACCOUNT, house_id, date(here.year - 1, here.month, 1))
    views = [_view(bill) for bill, _ in found if bill.id is not None]
    return Account(
        due_fen=_left(views, BillStatus.DUE),
        arrears_fen=_left(views, BillStatus.OVERDUE),
        not_yet_due_fen=_left(views, BillStatus.NOT_YET_DUE),
        paid_fen=int(found[0][1]["paid_this_year"]),
        unpaid=views,
    )


async def months(house_id: int, *, actor: Actor, limit: int = 12) -> list[Month]:
    """The house's months with their bills, newest first."""
    await _must_see(house_id, actor)
    wanted = await Bill.filter(house_id=house_id).distinct().order_by("-month").limit(limit).values("month")
    days = [row["month"] for row in wanted]
    bills = await Bill.filter(house_id=house_id, month__in=days).order_by("id")
    return [_month(day, [bill for bill in bills if bill.month == day]) for day in days]


async def month(house_id: int, day: date, *, actor: Actor) -> Month:
    """The bills of the month that holds the day; raises NotFound when there are none."""
    await _must_see(house_id, actor)
    first = day.replace(day=1)
    bills = await Bill.filter(house_id=house_id, month=first).order_by("id")
    if not bills:
        raise NotFound("bill.none_that_month", month=first.isoformat())
    return _month(first, bills)


async def explain(house_id: int, bill_id: int, *, actor: Actor) -> Explained:
    """Why this amount, line by line as the rule stood; another house's bill raises NotFound."""
    await _must_see(house_id, actor)
    bill = await Bill.get_or_none(id=bill_id, house_id=house_id)
    if bill is None:
        raise NotFound("bill.not_found")
    lines = await BillLine.filter(bill=bill).order_by("position", "id")
    return Explained(_view(bill), [Line(line.name, line.formula, line.amount_fen) for line in lines])


async def receipts(house_id: int, *, actor: Actor, limit: int = 10) -> list[ReceiptView]:
    """Newest first."""
    await _must_see(house_id, actor)
    own = Receipt.filter(payment__house_id=house_id).order_by("-issued_at", "-id")
    return [receipt_view(one) for one in await own.limit(limit)]


async def _must_see(house_id: int, actor: Actor) -> None:
    if actor.kind is ActorKind.PERSON:
        home = await homes.require_confirmed(actor.id)
        if home.house_id != house_id:
            raise NotFound("bill.not_found")
        return
    own = actor.seeing(Field.FEES)
    if not await House.filter(own.own(), id=house_id).exists():
        raise NotFound("bill.not_found")


def receipt_view(row: Receipt) -> ReceiptView:
    return ReceiptView(row.number, row.text, row.amount_fen, row.issued_at)


def _view(bill: Bill) -> BillView:
    return BillView(
        id=bill.id,
        kind=bill.kind,
        name=bill.name,
        month=bill.month,
        amount_fen=bill.amount_fen,
        paid_fen=bill.paid_fen,
        due_on=bill.due_on,
        status=status_on(bill, today()),
    )


def _month(day: date, bills: Sequence[Bill]) -> Month:
    views = [_view(bill) for bill in bills]
    return Month(day, sum(view.amount_fen for view in views), sum(view.left_fen for view in views), views)


def _left(views: list[BillView], status: BillStatus) -> int:
    return sum(view.left_fen for view in views if view.status is status)
