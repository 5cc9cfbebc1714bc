"""Whoever sends very much at once: the talk's own patterns look at a bounded piece, or pass over it in one go.

`tests/bot/understanding/test_bounds.py` holds the same for what understands a text. Here the whole text is kept, so
patterns are given all of it; those that have been seen to take it in one go stand in LINEAR.
"""

import re
import sys
from collections.abc import Callable

import pytest

from tests.world.estate import Estate
from tests.world.phone import Phone, Town

pytestmark = pytest.mark.usefixtures("database")

LONG = 12_000  # characters
BOUND = 1000
ROOMS = ("bot.", "dialogs.", "services.", "wechat.")
BOUNDED_THERE = "bot.understanding."
# Words without a repeat, one class of characters, or a repeat that begins at one place alone: none can try the same
# piece in two ways. Whatever comes new is to be looked at before it is written here, or to be given less.
LINEAR = frozenset(
    {
        "bot.talk.leaving._GIVES_UP",
        "bot.talk.choosing._NOT_THAT",
        "bot.talk.digressions._DENIED",
        "bot.talk.digressions._QUESTION",
        "bot.talk.stories._ADDS",
        "bot.talk.early_answers._CALLED",
        "bot.talk.filling.CORRECTION",
        "bot.talk.options._LAST_MONTH",
        "bot.talk.options._THIS_MONTH",
        "bot.talk.other_house._BARE_BUILDING",
        "bot.talk.other_house._FIGURES",
        "bot.talk.other_house._NUMBER",
        "bot.talk.naming._TIDY",
    }
)
TEXTS = {
    "spaces": " " * LONG + "漏水",
    "lines": "\n" * LONG + "好",
    "wide spaces": "\u3000" * LONG + "1",
    "digits": "7" * LONG,
    "moments": "明天后天下午三点" * (LONG // 8),
    "stops": "。" * LONG + "漏",
    "places": "走" * LONG + "漏",
    "yes": "好的" * (LONG // 2),
    "stories": "厨房漏水了，" * (LONG // 6),
    "houses": "3栋2单元501" * (LONG // 8),
}
QUESTIONS = {
    "out of the blue": [],
    "what is broken": ["报修"],
    "when": ["厨房水龙头漏水"],
    "a suggestion": ["我要提建议"],
    "a complaint": ["我要投诉"],
    "an extra word for staff": ["厨房水龙头漏水，明天下午三点来", "补充说明"],
}


class _Watched:
    """A pattern that notes its name when it is given a long text."""

    def __init__(self, name: str, pattern: re.Pattern[str], seen: set[str]) -> None:
        self._name = name
        self._pattern = pattern
        self._seen = seen

    def __getattr__(self, name: str) -> object:
        found = getattr(self._pattern, name)
        return self._noting(found) if callable(found) else found

    def _noting(self, work: Callable[..., object]) -> Callable[..., object]:
        def noted(*given: object) -> object:
            if any(isinstance(one, str) and len(one) > BOUND for one in given):
                self._seen.add(self._name)
            return work(*given)

        return noted


@pytest.fixture
def seen(monkeypatch: pytest.MonkeyPatch) -> set[str]:
    """Names of the patterns that were given a long text."""
    found: set[str] = set()
    for room, module in list(sys.modules.items()):
        if room.startswith(ROOMS) and not room.startswith(BOUNDED_THERE):
            for name, pattern in list(vars(module).items()):
                if isinstance(pattern, re.Pattern):
                    monkeypatch.setattr(module, name, _Watched(f"{room}.{name}", pattern, found))
    return found


@pytest.fixture
async def resident(town: Town, place: Estate) -> Phone:
    return town.phone(place.resident.channel_id)


@pytest.mark.parametrize("question", QUESTIONS)
async def test_a_very_long_answer_is_passed_over_once(resident: Phone, seen: set[str], question: str) -> None:
    for text in TEXTS.values():
        await resident.says("取消")
        for words in QUESTIONS[question]:
            await resident.says(words)
        await resident.says(text)
    assert sorted(seen - LINEAR) == []
