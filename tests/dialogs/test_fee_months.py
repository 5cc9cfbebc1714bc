"""Which month of bills is spoken of, and how it differs from the one before."""

from datetime import date

import pytest

from dialogs.actions import fee_months
from models.billing import BillStatus, FeeKind
from services.money.billing import BillView, Month

TODAY = date(2026, 11, 28)


@pytest.mark.parametrize(
    ("words", "month"),
    [
        ("就查上个月的", date(2026, 10, 1)),
        ("10月的账单", date(2026, 10, 1)),
        ("十二月要交多少", date(2026, 12, 1)),
        ("3月份的呢", date(2026, 3, 1)),
        ("去年12月多少", date(2025, 12, 1)),
        ("2025年3月的", date(2025, 3, 1)),
        ("这个月多少", date(2026, 11, 1)),
        ("最近三个月", None),
        ("13月的", None),
        ("月饼券", None),
    ],
)
def test_the_month_that_is_spoken_of(words: str, month: date | None) -> None:
    assert fee_months.said(words, TODAY) == month


def _month(number: int, **fen: int) -> Month:
    day = date(2026, number, 1)
    bills = [
        BillView(at, FeeKind.PROPERTY, name, day, amount, 0, day, BillStatus.DUE)
        for at, (name, amount) in enumerate(fen.items())
    ]
    return Month(day, sum(fen.values()), 0, bills)


def test_two_months_are_compared_bill_by_bill() -> None:
    told = fee_months.compared(_month(11, 物业费=14879), _month(10, 物业费=14879, 公摊电=1166))
    assert told.splitlines() == [
        "10月：一共160.45元",
        "11月：一共148.79元",
        "这个月少了11.66元",
        "差在公摊电：10月11.66元，11月没有这一项",
    ]


def test_two_months_of_the_same_sum_are_said_to_be_so() -> None:
    told = fee_months.compared(_month(11, 物业费=14879), _month(10, 物业费=14879))
    assert told.splitlines()[-1] == "两个月一样多。"
