"""费用: what the own house owes and paid, why, receipts, and the community's public accounts."""

from datetime import date

from bot.scripts import texts
from bot.scripts.actions import Listed, Outcome
from bot.turn import Turn
from bot.values import Plain
from dialogs.actions import fee_months
from dialogs.actions.arguments import day, resident, words
from dialogs.actions.registry import registry
from dialogs.actions.wording import phrase
from models.billing import BillStatus, Fund
from services.estate import contacts
from services.money import billing, public_accounts
from services.money.billing import BillView, Explained, Month

_GIVES = ("arrears", "arrears_of", "due", "due_of", "due_by", "not_yet", "paid", "payable", "payable_of")


@registry.action("fees.account", gives=_GIVES, outcomes=("clear",), reads=True)
async def account(turn: Turn) -> Outcome:
    """Sums that are nothing stay empty, so that their lines fall out of the text."""
    found = await billing.account(turn.person.house_id, actor=resident(turn))
    late = [bill for bill in found.unpaid if bill.status is BillStatus.OVERDUE]
    due = [bill for bill in found.unpaid if bill.status is BillStatus.DUE]
    values: dict[str, Plain] = {
        "arrears": found.arrears_fen or None,
        "arrears_of": _names(late),
        "due": found.due_fen or None,
        "due_of": _names(due),
        "due_by": _day(min(bill.due_on for bill in due)) if due else None,
        "not_yet": found.not_yet_due_fen or None,
        "paid": found.paid_fen or None,
        "payable": found.payable_fen or None,
        "payable_of": _list([*late, *due]),
    }
    return Outcome("ok" if found.payable_fen else "clear", values)


@registry.action("fees.any_months", gives=("month",), outcomes=("none",), reads=True)
async def any_months(turn: Turn, *, said: Plain = None) -> Outcome:
    """Whether there are bills at all, and the month of them that is spoken of."""
    found = await billing.months(turn.person.house_id, actor=resident(turn))
    wanted = fee_months.said(words(said), billing.today())
    named = next((one.month.isoformat() for one in found if one.month == wanted), None)
    return Outcome("ok" if found else "none", {"month": named})


@registry.source("fees.months")
async def months(turn: Turn) -> Listed:
    return [
        (one.month.isoformat(), _month_line(one))
        for one in await billing.months(turn.person.house_id, actor=resident(turn))
    ]


@registry.action("fees.month", gives=("heading", "bills", "left", "shown"), reads=True)
async def month(turn: Turn, *, month: Plain) -> Outcome:
    found = await billing.month(turn.person.house_id, day(month), actor=resident(turn))
    values: dict[str, Plain] = {
        "heading": f"{found.month.year}年{found.month.month}月",
        "bills": _list(found.bills),
        "left": found.left_fen or None,
        "shown": found.month.isoformat(),
    }
    return Outcome(values=values)


@registry.action("fees.why", gives=("heading", "lines"), outcomes=("none", "compared"), reads=True)
async def why(
    turn: Turn, *, month: Plain, said: Plain = None, about: Plain = None, compare: Plain = None
) -> Outcome:
    """Every bill of a month line by line; without a month the one that is spoken of, or the newest that is payable.

    `about` asks for the bills with that in their name, `compare` how the month differs from the one before.
    """
    house, actor = turn.person.house_id, resident(turn)
    known = await billing.months(house, actor=actor)
    if compare is True and (lines := _compared(known, words(said))):
        return Outcome("compared", {"heading": "", "lines": lines})
    found = _wanted(known, words(month), words(said), words(about))
    if found is None:
        return Outcome("none")
    bills = [bill for bill in found.bills if words(about) in bill.name] or found.bills
    explained = [await billing.explain(house, bill.id, actor=actor) for bill in bills]
    lines = "\n".join(_explained(one) for one in explained)
    return Outcome(values={"heading": f"{found.month.year}年{found.month.month}月", "lines": lines})


@registry.action("fees.booked", gives=("last", "owing"), reads=True)
async def booked(turn: Turn) -> Outcome:
    """What came in last, and what is still open: for who paid and does not see it."""
    actor, house = resident(turn), turn.person.house_id
    newest = next(iter(await billing.receipts(house, actor=actor, limit=1)), None)
    last = f"{texts.date(newest.issued_at.isoformat())} {texts.money(newest.amount_fen)}" if newest else None
    found = await billing.account(house, actor=actor)
    open_ = [one for one in found.unpaid if one.status is not BillStatus.NOT_YET_DUE]
    return Outcome(values={"last": last, "owing": _list(open_) or None})


@registry.action("fees.receipts", gives=("receipts",), outcomes=("none",), reads=True)
async def receipts(turn: Turn) -> Outcome:
    found = await billing.receipts(turn.person.house_id, actor=resident(turn))
    if not found:
        return Outcome("none")
    lines = [
        f"{texts.date(one.issued_at.isoformat())}　{texts.money(one.amount_fen)}\n{one.text}\n收据号：{one.number}"
        for one in found[:3]
    ]
    return Outcome(values={"receipts": "\n\n".join(lines)})


@registry.action(
    "fees.public",
    gives=("fund_name", "year", "income", "spent", "balance", "entries"),
    outcomes=("none",),
    reads=True,
)
async def public(turn: Turn, *, fund: Plain) -> Outcome:
    wanted = Fund(words(fund))
    found = await public_accounts.of_community(turn.person.community_id, wanted, billing.today().year)
    values: dict[str, Plain] = {"fund_name": phrase("bill.fund", fund=wanted), "year": found.year}
    if not found.entries and not found.balance_fen:
        return Outcome("none", values)
    entries = [
        f"{one.on.month}月{one.on.day}日　{one.title} {_signed(one.amount_fen)}" for one in found.entries
    ]
    sums: dict[str, Plain] = {
        "income": found.income_fen,
        "spent": found.spent_fen,
        "balance": found.balance_fen,
        "entries": "\n".join(entries),
    }
    return Outcome(values={**values, **sums})


@registry.action("fees.office", gives=("office", "office_address", "hours", "office_phone"), reads=True)
async def office(turn: Turn) -> Outcome:
    """Where money can be paid in person."""
    found = await contacts.of_community(turn.person.community_id)
    values: dict[str, Plain] = {
        "office": found.office,
        "office_address": found.office_address,
        "hours": found.hours,
        "office_phone": found.office_phone,
    }
    return Outcome(values=values)


def _wanted(known: list[Month], month: str, said: str, about: str) -> Month | None:
    """The month that is asked for; the newest with such a bill; the newest that is payable."""
    wanted = day(month).replace(day=1) if month else fee_months.said(said, billing.today())
    if named := next((one for one in known if one.month == wanted), None):
        return named
    open_ = _payable(known)
    holding = [one for one in open_ if about and any(about in bill.name for bill in one.bills)]
    return next(iter(holding or open_ or known), None)


def _payable(known: list[Month]) -> list[Month]:
    return [one for one in known if any(bill.status is not BillStatus.NOT_YET_DUE for bill in one.bills)]


def _compared(known: list[Month], said: str) -> str:
    """The newest payable month beside the one that is named, or the one before it; "" where there are no two."""
    open_ = _payable(known)
    named = fee_months.said(said, billing.today())
    other = next((one for one in open_[1:] if one.month == named), open_[1] if len(open_) > 1 else None)
    return fee_months.compared(open_[0], other) if other else ""


def _day(day: date) -> str:
    return f"{day.month}月{day.day}日"


def _names(bills: list[BillView]) -> str:
    """9月、10月 of the bills, each month once."""
    return "、".join(dict.fromkeys(f"{bill.month.month}月" for bill in bills))


def _list(bills: list[BillView]) -> str:
    return "\n".join(
        f"{bill.month.month}月{bill.name} {texts.money(bill.left_fen or bill.amount_fen)}（{_state_of(bill.status)}）"
        for bill in bills
    )


def _month_line(month: Month) -> str:
    return f"{month.month.year}年{month.month.month}月 {texts.money(month.amount_fen)}（{_state(month)}）"


def _state(month: Month) -> str:
    open_ = [bill.status for bill in month.bills if bill.status is not BillStatus.PAID]
    if not open_:
        return phrase("bill.all_paid")
    if month.left_fen < month.amount_fen:
        return phrase("bill.still", left=month.left_fen)
    return _state_of(BillStatus.OVERDUE if BillStatus.OVERDUE in open_ else open_[0])


def _state_of(status: BillStatus) -> str:
    return phrase("bill.state", state=status)


def _explained(one: Explained) -> str:
    heading = f"【{one.bill.name} {texts.money(one.bill.amount_fen)}】{_state_of(one.bill.status)}"
    lines = [
        f"{line.name}：{line.formula + ' = ' if line.formula else ''}{texts.money(line.amount_fen)}"
        for line in one.lines
    ]
    return "\n".join([heading, *lines])


def _signed(fen: int) -> str:
    return f"+{texts.money(fen)}" if fen > 0 else texts.money(fen)
