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


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("王兰 13800001234，在家", "王兰 138****1234，在家"),
        ("电话13800001234、13900005678", "电话138****1234、139****5678"),
        ("打 138 0000 1234", "打 138****1234"),
        ("前台 0571-88880001，火警 119", "前台 0571-88880001，火警 119"),
        ("单号 138000012345", "单号 138000012345"),
        ("请看 https://example.cn:8443/job/12-3-0123456789abcdef0123456789abcdef", "请看"),
        ("漏水\n这单的详情：https://x.cn/job/1-2-0af\n接单请回 1", "漏水\n接单请回 1"),
        ("http://localhost:8080/job/1-2-0af 明天来", " 明天来"),
    ],
)
def test_what_others_read_shows_no_whole_number_and_no_sealed_address(text: str, shown: str) -> None:
    assert spelling.discreet(text) == shown
