"""What the recogniser looks at in a sentence: pieces of one to four characters, and jieba's words."""

import re
from collections.abc import Callable

from bot.understanding.normal import normal

Cut = Callable[[str], list[str]]

_DIGITS = re.compile(r"\d+")
_NOISE = re.compile(r"[\s~…—·]+")
_LONG = 4


def features(text: str, cut: Cut) -> set[str]:
    """The features of one message; the same for learning and for recognising."""
    shown = _NOISE.sub(" ", _DIGITS.sub("0", normal(text)))
    found = set(_pieces(f"^{shown}$"))
    words = cut(shown)
    found.update(f"w:{word}" for word in words)
    found.update(f"b:{one}_{two}" for one, two in zip(words, words[1:], strict=False))
    return found


def _pieces(text: str) -> list[str]:
    return [text[at : at + size] for size in range(1, _LONG + 1) for at in range(len(text) - size + 1)]
