"""What a learned table says, as chances by name, and what a rule makes of them."""

from collections.abc import Iterable, Mapping
from enum import StrEnum
from typing import TypeVar

import numpy as np

from bot.understanding.recogniser import Model

Name = TypeVar("Name", bound=StrEnum)

SHOWN = 5  # of a ranking
_RULED = 0.9  # chance of what a rule gives


def chances(model: Model, features: Iterable[str]) -> list[float]:
    """The chance of each of the model's classes, in their order."""
    scores = model.scores(features).astype(np.float64)
    odds = np.exp(scores - scores.max())
    found: list[float] = (odds / odds.sum()).tolist()
    return found


def lifted(found: Mapping[Name, float], ruled: Name) -> dict[Name, float]:
    """`ruled` gets the chance of what is ruled, the others share the rest as before."""
    others = sum([chance for one, chance in found.items() if one is not ruled]) or 1.0
    rest = {one: chance * (1 - _RULED) / others for one, chance in found.items()}
    return {**rest, ruled: max(_RULED, found.get(ruled, 0.0))}


def ranked(found: Mapping[Name, float]) -> tuple[tuple[Name, float], ...]:
    """The likeliest first, those without any chance left out."""
    best = sorted([(-chance, name) for name, chance in found.items()])[:SHOWN]
    return tuple([(name, round(-chance, 4)) for chance, name in best if chance < 0])
