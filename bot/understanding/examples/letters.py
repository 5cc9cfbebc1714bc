"""Letters put together from pieces, for the long and formal register that few people type in a chat."""

import random
from collections.abc import Iterator
from pathlib import Path
from typing import TypedDict, cast

from bot.understanding import data

_SEED = 20261120
_FIXED_STARTS = (
    "{opening}{person}{story}{worse}{ending}",
    "{opening}{story}{worse}{ending}",
    "{person}{story}{worse}{ending}",
)
_SHAPES = (
    *_FIXED_STARTS,
    "{opening}{person}{story}",
    "{story}{worse}{ending}",
    "{story}",
    "{person}{story}{ending}",
)


class _Kind(TypedDict, total=False):
    count: int
    stories: list[str]
    endings: list[str]
    worse: bool


class _Pieces(TypedDict):
    openings: list[str]
    persons: list[str]
    places: list[str]
    rooms: list[str]
    worse: list[str]
    endings: list[str]
    intents: dict[str, _Kind]


def letters(path: Path) -> Iterator[tuple[str, str]]:
    """The (text, intent) pairs of a file of pieces; the same file gives the same letters."""
    pieces = cast("_Pieces", data.pieces_of(path))
    chance = random.Random(_SEED)
    for intent, kind in pieces["intents"].items():
        yield from ((story, intent) for story in kind["stories"])
        for at in range(kind["count"]):
            story = kind["stories"][at % len(kind["stories"])]
            yield _letter(pieces, kind, story, chance), intent


def _letter(pieces: _Pieces, kind: _Kind, story: str, chance: random.Random) -> str:
    person = chance.choice(pieces["persons"]).format(
        place=chance.choice(pieces["places"]), room=chance.choice(pieces["rooms"])
    )
    return chance.choice(_SHAPES).format(
        opening=chance.choice(pieces["openings"]),
        person=person,
        story=story + chance.choice(("。", "。", "，", "！", "？" if story.startswith("请问") else "。")),
        worse=chance.choice(pieces["worse"]) if kind.get("worse") else "",
        ending=chance.choice(kind.get("endings") or pieces["endings"]),
    )
