"""What a list of hits shows of a text: the words as they were written, and what is around them."""

import pytest

from services.desk import excerpts


@pytest.mark.parametrize(
    ("text", "words", "marked"),
    [
        ("厨房漏水，快来！", ["漏水"], ["漏水"]),
        ("漏，水了", ["漏水"], ["漏，水"]),
        ("ＷｉＦｉ坏了，wifi！", ["wifi"], ["ＷｉＦｉ", "wifi"]),
        ("我家15-3-1204", ["1531204"], ["15-3-1204"]),
        ("物业费怎么算，物业费", ["物业费", "怎么"], ["物业费", "怎么", "物业费"]),
        ("a.b", ["x"], []),
        ("㎡的价格", ["价格"], ["价格"]),
    ],
)
def test_words_are_marked_as_they_were_written(text: str, words: list[str], marked: list[str]) -> None:
    found = excerpts.of(text, words)
    assert [part for part, hit in found.parts if hit] == marked
    assert found.text == text


def test_a_long_text_is_cut_round_the_first_word() -> None:
    found = excerpts.of("前" * 300 + "漏水" + "后" * 300, ["漏水"])
    assert found.text.startswith("…前")
    assert found.text.endswith("后…")
    assert len(found.text) <= 122
    assert ("漏水", True) in found.parts
