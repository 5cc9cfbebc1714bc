"""Intent rules kept as data: patterns that add points to what was learned, or take some away."""

import re
from dataclasses import dataclass
from functools import cache

from bot.understanding.data import lines


@dataclass(frozen=True, slots=True)
class _Rule:
    intent: str
    points: float
    pattern: re.Pattern[str]
    unless: re.Pattern[str] | None


def points(shown: str) -> dict[str, float]:
    """What normalised text earns each intent by rule; intents without a rule that applies are left out."""
    earned: dict[str, float] = {}
    for rule in _rules():
        if rule.pattern.search(shown) and not (rule.unless and rule.unless.search(shown)):
            earned[rule.intent] = earned.get(rule.intent, 0.0) + rule.points
    return earned


@cache
def _rules() -> tuple[_Rule, ...]:
    rows = ((line + "\t\t").split("\t")[:4] for line in lines("rules.tsv"))
    return tuple(
        _Rule(intent, float(score), re.compile(pattern), re.compile(unless) if unless else None)
        for intent, score, pattern, unless in rows
    )
