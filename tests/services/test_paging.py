"""Going on behind a row, and keys that nobody made."""

import pytest

from services import paging
from services.errors import Invalid


def test_a_list_goes_on_behind_its_last_row_until_it_ends() -> None:
    rows = list(range(5))
    first = paging.page(rows[:3], 2, key=lambda row: (row, -row))
    assert (first.rows, paging.read(first.after, 2)) == ([0, 1], (1, -1))
    assert paging.page(rows[:2], 2, key=lambda row: (row,)).after == ""
    assert paging.page([], 2, key=lambda row: (row,)).after == ""


@pytest.mark.parametrize("after", ["x", "1_2", "1_", "--1", "1.5", "٣", "1" * 30, "1;drop"])
def test_a_key_that_nobody_made_is_refused(after: str) -> None:
    with pytest.raises(Invalid):
        paging.read(after)
