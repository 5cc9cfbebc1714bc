"""Numbers of matters as people write them, and messages that are no more than one."""

import pytest

from bot.understanding.entities.codes import find_code, letter_of


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("T1001", "T1001"),
        ("t 1001怎么样了", "T1001"),
        ("Ｆ１００８", "F1008"),
        ("预约F1001，取消", "F1001"),
        ("BX10019", ""),
        ("F1电梯坏了", ""),
        ("T12345678901", ""),
        ("X1001", ""),
    ],
)
def test_a_number_is_found_as_people_write_it(text: str, code: str) -> None:
    assert find_code(text, ("T", "J", "F")) == code


@pytest.mark.parametrize(
    ("text", "letter"),
    [
        ("f1001", "F"),
        ("帮我查一下F1001", "F"),
        ("投诉编号T1001现在怎么样了？", "T"),
        ("取消F1001", "F"),
        ("F1001的师傅把我家地板弄坏了", ""),
        ("BX10019", ""),
        ("F1电梯坏了", ""),
        ("1001", ""),
        ("你好", ""),
    ],
)
def test_a_message_that_asks_after_a_number_and_no_more_has_its_letter(text: str, letter: str) -> None:
    assert letter_of(text) == letter
