"""run.py bill: a month's bills, once."""

from datetime import date

import pytest

from commands import StartError, bill, main
from models.billing import Basis, Bill, FeeKind, FeeRule
from tests.world import places
from tests.world.units import within


@pytest.mark.usefixtures("database")
async def test_a_months_bills_are_made_once(capsys: pytest.CaptureFixture[str]) -> None:
    where = await places.community()
    await places.house(where)
    await FeeRule.create(
        community=where,
        kind=FeeKind.PROPERTY,
        name="物业服务费",
        basis=Basis.FIXED,
        price_e4=1_000_000,
        valid_from=date(2026, 1, 1),
    )
    for _ in range(2):
        await within(bill.bill(date(2026, 5, 1), where.code))
    assert capsys.readouterr().out == "翠湖花园: 1\n翠湖花园: 0\n"
    assert (await Bill.get()).amount_fen == 10_000
    with pytest.raises(StartError, match="no community"):
        await bill.bill(date(2026, 5, 1), "c:none")
    with pytest.raises(StartError, match="2262-11 is more than a year away"):
        await bill.bill(date(2262, 11, 1), where.code)


def test_a_month_that_is_none_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["bill", "2026-13"])
    assert "is no month" in capsys.readouterr().err
