"""What the recogniser looks at in a sentence: pieces of one to three characters, jieba's words, concepts."""

import re
from collections.abc import Callable
from functools import cache
from itertools import combinations, pairwise

from bot.understanding.data import lines
from bot.understanding.normal import normal

Cut = Callable[[str], list[str]]

_DIGITS = re.compile(r"\d+")
_NOISE = re.compile(r"[\s~…—·]+")
_FAR = 600  # characters of a letter that are read; the rest repeats itself and costs time


def features(text: str, cut: Cut) -> set[str]:
    """The features of one message; the same for learning and for recognising."""
    return features_of(normal(text), cut)


def features_of(shown: str, cut: Cut) -> set[str]:
    """`features` of a message that is already in normal form."""
    shown = _NOISE.sub(" ", _DIGITS.sub("0", shown))[:_FAR]
    framed = f"^{shown}$"
    found = set(framed)
    found.update(map("".join, pairwise(framed)))
    found.update(map("".join, zip(framed, framed[1:], framed[2:], strict=False)))
    words = cut(shown)
    named = _named(found, words)
    found.update([f"w:{word}" for word in words])
    found.update([f"c:{one}" for one in named])
    found.update([f"c:{one}+{other}" for one, other in combinations(named, 2)])
    return found


def _named(pieces: set[str], words: list[str]) -> list[str]:
    """The concepts that the text names, in order of name."""
    table = _concepts()
    found: set[str] = set()
    for piece in pieces & table.keys():
        found.update(table[piece])
    for word in words:
        found.update(table.get(word, ()))
    return sorted(found)


@cache
def _concepts() -> dict[str, tuple[str, ...]]:
    table: dict[str, tuple[str, ...]] = {}
    for line in lines("concepts.tsv"):
        concept, *words = line.split("\t")
        for word in map(normal, words):
            table[word] = (*table.get(word, ()), concept)
    return table
