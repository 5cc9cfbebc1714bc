"""What is shown: moments as people say them, and nothing left behind by names that had no value."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.scripts import texts


@pytest.mark.parametrize(
    ("untidy", "tidy"),
    [
        ("上午好，。", "上午好。"),
        ("，您好", "您好"),
        ("一行  \n二行\t", "一行\n二行"),
        ("一\n\n\n\n二", "一\n\n二"),
        ("  前后  ", "前后"),
        ("一\r\n二\u2028三", "一\n二\n三"),
        ("一，、二", "一，、二"),
    ],
)
def test_what_unfilled_names_leave_behind_goes(untidy: str, tidy: str) -> None:
    assert texts.tidy(untidy) == tidy


@pytest.mark.parametrize(
    ("number", "shown"),
    [
        ("BX10019", "BX 10019"),
        ("T1001", "T 1001"),
        ("BX100193", "BX 100193"),
        ("BX1000019", "BX 1000 019"),
        ("10019", "10019"),
        ("", ""),
    ],
)
def test_the_figures_of_a_number_that_is_not_long_stand_in_one_piece(number: str, shown: str) -> None:
    assert texts.spoken(number) == shown


def slowly(text: str) -> str:
    lines = (re.sub(r"[，、](?=[，。！？])|^[，、]", "", line).rstrip() for line in text.splitlines())
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()


@given(st.text(alphabet="一，、。！\n\r \t\x0b\x1c\u2028\u3000a", max_size=12))
def test_a_text_found_tidy_needs_nothing(text: str) -> None:
    assert texts.tidy(text) == slowly(text)


def test_a_window_reads_as_people_say_it() -> None:
    window = {"start": "2027-03-05T09:05:00+08:00", "end": "2027-03-05T18:00:00+08:00"}
    assert texts.when(window) == "3月5日周五 09:05–18:00"


def test_words_for_nothing_stand_where_a_value_is_missing() -> None:
    text = "上门：{time:when|尽快}\n电话：{phone}"
    assert texts.fill(text, {"time": None, "phone": None}) == "上门：尽快"
    assert texts.fill(text, {"time": "", "phone": "1"}) == "上门：尽快\n电话：1"
    assert "尽快" not in texts.fill(text, {"time": "2026-11-20T15:00:00+08:00"})
