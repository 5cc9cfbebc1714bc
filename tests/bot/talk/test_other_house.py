"""Numbers of a correction that names the room alone."""

import pytest

from bot.talk.other_house import _NUMBER, _beside


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("不是501，是502", ("", "502")),
        ("房号说错了，是1单元501", ("1", "501")),
        ("不是501是502", ("", "502")),
        ("应该是1203室", ("", "1203")),
    ],
)
def test_the_last_number_counts(text: str, said: tuple[str, str]) -> None:
    assert _NUMBER.findall(text)[-1] == said


@pytest.mark.parametrize("text", ["电话改成13911112222", "不是501", "一共300块", "2026年"])
def test_no_room_is_read_into_other_numbers(text: str) -> None:
    assert _NUMBER.findall(text) == []


def test_the_rest_of_the_house_stays() -> None:
    assert _beside("3-2-501", "", "502") == "3-2-502"
    assert _beside("3-2-501", "1", "502") == "3-1-502"
    assert _beside("B-1203", "2", "1204") == "B-1204"
