"""Lists by key: a page continues behind the last row of the one before, so page 1,000 costs what page 1 does.

rows = await Ticket.filter(...).order_by("-id").limit(limit + 1)
return paging.page(rows, limit, key=lambda row: (row.id,))
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from services.errors import Invalid

Row = TypeVar("Row")
LIMIT = 50  # rows
_LONGEST = 20  # characters of one part


@dataclass(frozen=True, slots=True)
class Page(Generic[Row]):
    """`after` is the key that continues the list behind the last row, "" at its end."""

    rows: Sequence[Row]
    after: str = ""


def page(rows: Sequence[Row], limit: int, *, key: Callable[[Row], tuple[int, ...]]) -> Page[Row]:
    """Of `limit` + 1 rows that were asked for: the last one says only that there are more."""
    shown = rows[:limit]
    return Page(shown, mark(*key(shown[-1])) if len(rows) > limit else "")


def mark(*key: int) -> str:
    """A key as it stands in an address. Moments are whole microseconds since 1970."""
    return "_".join(str(one) for one in key)


def read(after: str, parts: int = 1) -> tuple[int, ...] | None:
    """The key behind which to go on, None for the first page. Raises Invalid for what `mark` never made."""
    if not after:
        return None
    found = after.split("_")
    if len(found) != parts or not all(_is_number(one) for one in found):
        raise Invalid("page.unreadable")
    return tuple(int(one) for one in found)


def _is_number(text: str) -> bool:
    digits = text.removeprefix("-")
    return digits.isascii() and digits.isdecimal() and len(digits) < _LONGEST
