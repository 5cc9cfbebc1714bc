"""A text as a list of hits shows it: a part of it, with the words that were looked for told apart."""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

_BEFORE, _LONGEST = 20, 120  # characters
_BETWEEN = r"[\W_]*"  # of which lines have nothing left


@dataclass(frozen=True, slots=True)
class Excerpt:
    """`parts` in order, each with whether it is a word that was looked for."""

    parts: Sequence[tuple[str, bool]]

    @property
    def text(self) -> str:
        return "".join(part for part, _ in self.parts)


def of(text: str, words: Sequence[str]) -> Excerpt:
    """`words` as lines are spelt: half-width small letters without marks."""
    line = " ".join(text.split())
    hits = _hits("".join(_folded(one) for one in line), words)
    start = max(hits[0][0] - _BEFORE, 0) if hits else 0
    end = min(start + _LONGEST, len(line))
    parts: list[tuple[str, bool]] = [("…", False)] if start else []
    at = start
    for first, last in hits:
        if last > end:
            break
        parts += [(line[at:first], False), (line[first:last], True)]
        at = last
    parts += [(line[at:end], False), ("…" if end < len(line) else "", False)]
    return Excerpt([(part, hit) for part, hit in parts if part])


def _folded(character: str) -> str:
    """Half-width, where that is one character too: places stay where they are."""
    half = unicodedata.normalize("NFKC", character)
    return half if len(half) == 1 else character


def _hits(line: str, words: Sequence[str]) -> list[tuple[int, int]]:
    patterns = [_BETWEEN.join(map(re.escape, one)) for one in sorted(words, key=len, reverse=True) if one]
    if not patterns:
        return []
    return [found.span() for found in re.finditer("|".join(patterns), line, re.IGNORECASE)]
