"""One spelling for names and phones."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services import spelling


@pytest.mark.parametrize(
    ("said", "plain"),
    [
        ("13800001234", "13800001234"),
        ("138-0000-1234", "13800001234"),
        ("138 0000 1234", "13800001234"),
        ("+86 13800001234", "13800001234"),
        ("+86-138-0000-1234", "13800001234"),
        ("008613800001234", "13800001234"),
        ("8613800001234", "13800001234"),
        ("（+86）138–0000–1234", "13800001234"),
        ("\u202d１３８００００１２３４\u202c", "13800001234"),
        ("0571-88880001", "0571-88880001"),
        ("（0571）8888 0001", "0571-88880001"),
        ("057188880001", "0571-88880001"),
        ("57188880001", "0571-88880001"),
        ("571-88880001", "0571-88880001"),
        ("+86 571 88880001", "0571-88880001"),
        ("1088880001", "010-88880001"),
        ("2188880001", "021-88880001"),
        ("4008001234", "4008001234"),
        ("88880001", "88880001"),
        ("110", "110"),
        ("", ""),
    ],
)
def test_a_phone_has_one_spelling(said: str, plain: str) -> None:
    assert spelling.phone(said) == plain
    assert spelling.phone(plain) == plain


@pytest.mark.parametrize(
    ("said", "plain"),
    [
        ("王　敏", "王敏"),
        (" 李 强 ", "李强"),
        ("王\u2003\u200b敏\n", "王敏"),
        ("买买提•艾力", "买买提·艾力"),
        ("买买提 · 艾力", "买买提·艾力"),
        ("买买提．艾力", "买买提·艾力"),
        ("John  Smith", "John Smith"),
    ],
)
def test_a_name_has_one_spelling(said: str, plain: str) -> None:
    assert spelling.name(said) == plain


@pytest.mark.parametrize("left", ["买买提·艾力", "买买提•艾力", "买买提艾力", "买买提 艾力", "买买提．艾力"])
def test_the_same_person_in_two_lists(left: str) -> None:
    assert spelling.same_person((left, "+86 138-0000-1234"), ("买买提·艾力", "13800001234"))
    assert not spelling.same_person((left, "13800001235"), ("买买提·艾力", "13800001234"))
    assert not spelling.same_person((left, ""), ("买买提·艾力", ""))


@given(st.text())
def test_spelling_again_changes_nothing(said: str) -> None:
    for how in (spelling.seen, spelling.line, spelling.one_width, spelling.name, spelling.phone):
        assert how(how(said)) == how(said)
