"""A named flat against the real houses of a community."""

import pytest

from bot.understanding.entities import RoomMatch, resolve_room

HOUSES = ("3-1-501", "3-2-501", "3-2-502", "3-2-1501", "12-1-602", "B-1203", "9-1-902")


@pytest.mark.parametrize(
    ("said", "house"),
    [
        ("3栋2单元501", "3-2-501"),
        ("我家三号楼二单元五零一，水管漏了", "3-2-501"),
        ("b座1203", "B-1203"),
        ("12-602", "12-1-602"),
        ("九栋902", "9-1-902"),
        ("602", "12-1-602"),
        ("2单元502", "3-2-502"),
    ],
)
def test_what_names_one_house_is_that_house(said: str, house: str) -> None:
    assert resolve_room(said, HOUSES) == RoomMatch(house)


def test_what_fits_several_houses_names_them() -> None:
    assert resolve_room("3栋501", HOUSES).candidates == ("3-1-501", "3-2-501")


def test_a_slip_of_the_finger_is_offered_back() -> None:
    assert resolve_room("9-1-920", HOUSES) == RoomMatch(None, ("9-1-902",))
    assert "3-2-501" in resolve_room("3-2-511", HOUSES).candidates


def test_what_is_no_flat_or_unlike_any_finds_nothing() -> None:
    assert resolve_room("我忘了", HOUSES) == RoomMatch(None)
    assert resolve_room("77-9-3344", HOUSES) == RoomMatch(None)
