"""Numbers that people say aloud."""

from hypothesis import given
from hypothesis import strategies as st
from tortoise import connections

from services.repairs import numbers

ids = st.integers(min_value=1, max_value=10_000_000)


def test_the_first_number() -> None:
    assert numbers.of(1).startswith("BX1001")


@given(ids)
def test_a_number_is_read_back_however_it_is_typed(ticket_id: int) -> None:
    number = numbers.of(ticket_id)
    digits = number[2:]
    full_width = "".join(chr(ord("０") + int(digit)) for digit in digits)
    for typed in (
        number,
        number.lower(),
        digits,
        f"BX {digits[:3]}-{digits[3:]}",
        full_width,
        f"单号{number}",
    ):
        assert numbers.read(typed) == number


@given(ids, st.data())
def test_one_wrong_digit_or_a_swap_of_neighbours_names_no_ticket(ticket_id: int, data: st.DataObject) -> None:
    digits = numbers.of(ticket_id)[2:]
    at = data.draw(st.integers(0, len(digits) - 2))
    other = data.draw(st.sampled_from([digit for digit in "0123456789" if digit != digits[at]]))
    assert numbers.read(digits[:at] + other + digits[at + 1 :]) is None
    swapped = digits[:at] + digits[at + 1] + digits[at] + digits[at + 2 :]
    assert swapped == digits or numbers.read(swapped) is None


async def test_the_database_makes_the_same_number(database: str) -> None:
    some = [*range(1, 2000), *range(8_990, 9_010), 98_999, 99_000, 123_456, 9_999_999]
    asked = "SELECT ticket_number(id) AS number FROM unnest($1::int[]) WITH ORDINALITY AS row (id, at) ORDER BY at"
    made = await connections.get("default").execute_query_dict(asked, [some])
    assert [one["number"] for one in made] == [numbers.of(one) for one in some]


def test_what_is_no_number_is_none() -> None:
    assert [numbers.read(text) for text in ("", "你好", "BX12", "13800001234")] == [None] * 4
