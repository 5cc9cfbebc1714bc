"""Which month of bills is spoken of, and how one month differs from the one before it."""

import re
from collections.abc import Sequence
from datetime import date, timedelta

from bot.scripts import texts
from bot.understanding.entities.numerals import NUMBER, value
from dialogs.actions.wording import phrase
from services.money.billing import Month

_NAMED = re.compile(rf"(?P<year>去年|今年|\d{{4}}年)?(?P<month>{NUMBER})月(?!亮|饼|子)(?:份)?")
_LAST = re.compile(r"上(?:个|一个)?月")
_THIS = re.compile(r"(?:这个?|本|当)月")
_MONTHS = 12


def said(text: str, today: date) -> date | None:
    """The first day of the month that the words name: 上个月, 10月, 去年十二月; None for none."""
    if found := _NAMED.search(text):
        month = value(found["month"])
        if not 1 <= month <= _MONTHS:
            return None
        return date(_year(found["year"] or "", month, today), month, 1)
    if _LAST.search(text):
        return (today.replace(day=1) - timedelta(days=1)).replace(day=1)
    return today.replace(day=1) if _THIS.search(text) else None


def _year(named: str, month: int, today: date) -> int:
    if named == "去年":
        return today.year - 1
    if named[:4].isdecimal():
        return int(named[:4])
    ahead = month > today.month + 1  # bills are made a month before
    return today.year - 1 if ahead and not named else today.year


def name(month: date) -> str:
    return f"{month.month}月"


def compared(now: Month, before: Month) -> str:
    """How much more or less than the month before, and which bills make the difference."""
    change = now.amount_fen - before.amount_fen
    lines = [
        phrase("bill.of_month", month=name(before.month), sum=texts.money(before.amount_fen)),
        phrase("bill.of_month", month=name(now.month), sum=texts.money(now.amount_fen)),
        phrase(
            "bill.change",
            change="same" if not change else "more" if change > 0 else "less",
            by=texts.money(abs(change)) if change else "",
        ),
    ]
    return "\n".join([*lines, *_differences(now, before)])


def _differences(now: Month, before: Month) -> Sequence[str]:
    sums_now, sums_before = _by_name(now), _by_name(before)
    return [
        phrase(
            "bill.differs",
            bill=bill,
            before=name(before.month),
            was=_sum(sums_before.get(bill)),
            now=name(now.month),
            **{"is": _sum(sums_now.get(bill))},
        )
        for bill in dict.fromkeys([*sums_before, *sums_now])
        if sums_now.get(bill) != sums_before.get(bill)
    ]


def _by_name(month: Month) -> dict[str, int]:
    found: dict[str, int] = {}
    for bill in month.bills:
        found[bill.name] = found.get(bill.name, 0) + bill.amount_fen
    return found


def _sum(fen: int | None) -> str:
    return phrase("bill.no_sum") if fen is None else texts.money(fen)
