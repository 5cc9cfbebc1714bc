"""What is answered to an activity's own questions, as whoever prepares it reads it."""

import pytest

from dialogs.actions.activity import plainly


@pytest.mark.parametrize(
    ("answer", "read"),
    [
        ("5岁啊刚说了", "5岁"),
        ("我不是说了吗，五岁", "我不是说了吗，五岁"),
        ("闺女对花生过敏,别的没了", "闺女对花生过敏"),
        ("五岁 都说过了", "五岁"),
        ("没有", "没有"),
        ("大的八岁，小的三岁", "大的八岁，小的三岁"),
        ("刚说了", "刚说了"),
    ],
)
def test_protest_and_the_end_of_the_list_are_left_out(answer: str, read: str) -> None:
    assert plainly(answer) == read
