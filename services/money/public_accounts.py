"""公共收支 of a community, as its residents may read them."""

from dataclasses import dataclass
from datetime import date

from models.billing import Fund, PublicAccountEntry


@dataclass(frozen=True, slots=True)
class Entry:
    """Income is positive, spending negative."""

    on: date
    title: str
    amount_fen: int


@dataclass(frozen=True, slots=True)
class FundAccount:
    """One fund in fen: this year's income and spending (a positive number), and what is left in all."""

    fund: Fund
    year: int
    income_fen: int
    spent_fen: int
    balance_fen: int
    entries: list[Entry]  # newest first


async def of_community(community_id: int, fund: Fund, year: int, *, limit: int = 8) -> FundAccount:
    entries = await PublicAccountEntry.filter(community_id=community_id, fund=fund).order_by("-on", "-id")
    this_year = [entry for entry in entries if entry.on.year == year]
    until_then = [entry for entry in entries if entry.on < date(year + 1, 1, 1)]
    return FundAccount(
        fund=fund,
        year=year,
        income_fen=sum(entry.amount_fen for entry in this_year if entry.amount_fen > 0),
        spent_fen=-sum(entry.amount_fen for entry in this_year if entry.amount_fen < 0),
        balance_fen=sum(entry.amount_fen for entry in until_then),
        entries=[Entry(one.on, one.title, one.amount_fen) for one in this_year[:limit]],
    )
