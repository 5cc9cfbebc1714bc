"""A time without a day, on the day that stands already."""

from datetime import datetime

import pytest

from bot.talk import hours
from bot.turn import Heard, Turn, Who
from bot.values import Kind, Plain

_EVENING = datetime.fromisoformat("2026-11-27T20:40:00+08:00")
_HELD: Plain = {"start": "2026-11-28T08:00:00+08:00", "end": "2026-11-28T12:00:00+08:00"}
_TONIGHT: Plain = {"start": "2026-11-27T22:00:00+08:00", "end": None}


@pytest.mark.parametrize(
    ("words", "technician", "start", "end"),
    [
        ("十点", False, "10:00", None),
        ("十点以后", False, "10:00", "12:00"),  # the end of the time that stands
        ("下午三点以后", False, "15:00", "18:00"),
        ("九点前", False, "08:00", "09:00"),
        ("九点前", True, "00:00", "09:00"),  # a deadline of one's own
    ],
)
def test_an_hour_is_meant_on_the_day_that_stands(
    words: str, technician: bool, start: str, end: str | None
) -> None:
    turn = Turn(Who(1, technician_id=int(technician)), Heard(Kind.TEXT, words), _EVENING)
    found = hours.on_the_day(_TONIGHT, _HELD, words, turn)
    assert found == {
        "start": f"2026-11-28T{start}:00+08:00",
        "end": f"2026-11-28T{end}:00+08:00" if end else None,
    }


def test_what_names_a_day_of_its_own_stays() -> None:
    turn = Turn(Who(1), Heard(Kind.TEXT, "今晚十点"), _EVENING)
    assert hours.on_the_day(_TONIGHT, _HELD, "今晚十点", turn) == _TONIGHT
