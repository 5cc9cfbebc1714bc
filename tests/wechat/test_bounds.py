"""Whatever stands in a push, no pattern of the codec looks at more than a bounded piece of it."""

import re
from types import ModuleType
from xml.sax.saxutils import escape

import pytest

from bot.values import Kind
from tests.wechat.pushes import event, push
from wechat import events, fields, messages
from wechat.codec import decode

LONG = 64 * 1024
LOOKED_AT = 128  # characters
ODD = [" ", "\n", "\u3000", "【", "【收到", "不支持的", "消息", "unsupported ", "7", "a", "，", "的"]


class _Watched:
    """A pattern that remembers the longest text that it was given."""

    def __init__(self, pattern: re.Pattern[str], lengths: list[int]) -> None:
        self._pattern = pattern
        self._lengths = lengths

    def fullmatch(self, text: str) -> re.Match[str] | None:
        self._lengths.append(len(text))
        return self._pattern.fullmatch(text)


@pytest.fixture
def lengths(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    found: list[int] = []
    for room in (events, fields, messages):
        _watch(room, found, monkeypatch)
    return found


def _watch(room: ModuleType, lengths: list[int], monkeypatch: pytest.MonkeyPatch) -> None:
    for name, pattern in list(vars(room).items()):
        if isinstance(pattern, re.Pattern):
            monkeypatch.setattr(room, name, _Watched(pattern, lengths))


@pytest.mark.parametrize("end", ["", "漏水", "】"])
@pytest.mark.parametrize("odd", ODD)
def test_a_long_text_is_not_searched_for_what_only_short_ones_say(
    lengths: list[int], odd: str, end: str
) -> None:
    text = (odd * LONG)[:LONG] + end
    assert decode(push("text", f"<Content>{escape(text)}</Content>")).kind is Kind.TEXT
    assert max(lengths) <= LOOKED_AT


@pytest.mark.parametrize("odd", ODD)
def test_nor_are_the_facts_of_an_event(lengths: list[int], odd: str) -> None:
    long = escape((odd * LONG)[:LONG])
    decode(event("VIEW", f"<EventKey>{long}</EventKey><Ticket>{long}</Ticket><Other>{long}</Other>"))
    assert max(lengths) <= LOOKED_AT
