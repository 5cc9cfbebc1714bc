"""Short sentences put together from patterns and lists of words, so that rarer words are met too."""

import random
import re
from collections.abc import Iterator
from pathlib import Path
from typing import TypedDict, cast

from bot.understanding import data

_SEED = 20261121
_SLOT = re.compile(r"\{(\w+)\}")


class _Kind(TypedDict):
    count: int
    patterns: list[str]


class _Pieces(TypedDict):
    words: dict[str, list[str]]
    intents: dict[str, _Kind]


def chats(path: Path) -> Iterator[tuple[str, str]]:
    """The (text, intent) pairs of a file of patterns; the same file gives the same sentences."""
    pieces = cast("_Pieces", data.pieces_of(path))
    chance = random.Random(_SEED)
    for intent, kind in pieces["intents"].items():
        for at in range(kind["count"]):
            yield _filled(kind["patterns"][at % len(kind["patterns"])], pieces["words"], chance), intent


def _filled(pattern: str, words: dict[str, list[str]], chance: random.Random) -> str:
    return _SLOT.sub(lambda slot: chance.choice(words[slot[1]]), pattern)
