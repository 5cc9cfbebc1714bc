"""However long a message is, no reader is given more than a bounded piece, and the work does not grow with it."""

import sys
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from types import FrameType

import pytest

import bot.understanding
from bot.understanding import Expected, Understander, command, read_as
from bot.understanding.normal import FARTHEST, normal

ROOM = str(Path(bot.understanding.__file__).parent)
# These take a message as it came, or keep it; what they hand on is cut.
DOOR = {
    "__init__",
    "<lambda>",
    "_read",
    "plain",
    "normal",
    "squeezed",
    "words_of_signs",
    "understand",
    "acts",
    "read",
    "technician",
    "command",
    "read_as",
}
LONG = 64 * 1024
ODD = {
    "spaces": " " * LONG,
    "digits": "7" * LONG,
    "chinese digits": "一" * LONG,
    "moments": "明天后天下午三点" * (LONG // 8),
    "brackets": "[（(" * (LONG // 3),
    "codes": "/:" * (LONG // 2),
    "yes": "好的，" * (LONG // 3),
    "houses": "3栋2单元501" * (LONG // 8),
    "sums": "一百二十块" * (LONG // 5),
    "lines": "水管\n\n" * (LONG // 4),
    "marks": "？！，" * (LONG // 3),
    "emoji": "👌🏻" * (LONG // 2),
    "ligatures": "\ufdfa" * LONG,  # each is eighteen characters when written out
}


class _Watch:
    """Counts calls and remembers the longest text that a function of the room was given."""

    def __init__(self) -> None:
        self.calls = 0
        self.longest = 0

    def __call__(self, frame: FrameType, event: str, _: object) -> None:
        if event not in ("call", "c_call"):
            return
        self.calls += 1
        code = frame.f_code
        if event == "call" and code.co_filename.startswith(ROOM) and code.co_name not in DOOR:
            given = [
                frame.f_locals[name]
                for name in code.co_varnames[: code.co_argcount]
                if name in frame.f_locals
            ]
            self.longest = max([self.longest, *(len(one) for one in given if isinstance(one, str))])


def _watched(work: Callable[[str], object], text: str) -> _Watch:
    watch = _Watch()
    sys.setprofile(watch)
    try:
        work(text)
    finally:
        sys.setprofile(None)
    return watch


def _ways(understander: Understander, now: datetime) -> list[Callable[[str], object]]:
    return [
        lambda text: understander.understand(text, now),
        understander.acts,
        understander.technician,
        command,
        *(lambda text, kind=kind: read_as(kind, text, now) for kind in Expected),
    ]


@pytest.mark.parametrize("kind", ODD)
def test_no_reader_is_given_more_than_is_understood(
    understander: Understander, now: datetime, kind: str
) -> None:
    for way in _ways(understander, now):
        assert _watched(way, ODD[kind]).longest <= FARTHEST + 2  # the marks of both ends


@pytest.mark.parametrize("kind", ODD)
def test_twice_the_text_is_no_more_work(understander: Understander, now: datetime, kind: str) -> None:
    for way in _ways(understander, now):
        way(ODD[kind][:FARTHEST])  # tables are read once
        once, twice = _watched(way, ODD[kind]), _watched(way, ODD[kind] * 2)
        assert twice.calls <= 1.1 * once.calls + 200


@pytest.mark.parametrize("kind", ODD)
def test_within_the_bound_work_grows_with_the_text(
    understander: Understander, now: datetime, kind: str
) -> None:
    for way in _ways(understander, now):
        way(ODD[kind][:FARTHEST])
        half, whole = (_watched(way, ODD[kind][: FARTHEST // part]) for part in (2, 1))
        assert whole.calls <= 2.5 * half.calls + 200


def test_what_is_said_behind_much_white_space_is_understood(
    understander: Understander, now: datetime
) -> None:
    found = understander.understand("厨房" + " \n\t" * 20_000 + "水龙头漏水", now)
    assert (found.intent, found.entities.category) == ("repair_report", "water")
    assert len(normal("\ufdfa" * LONG)) <= FARTHEST
