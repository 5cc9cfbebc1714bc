"""Conditions of scripts: CEL, a closed expression language without loops, calls or side effects (cel.dev)."""

import re
from collections.abc import Mapping
from functools import lru_cache

import cel

from bot.values import Plain


class ConditionError(ValueError):
    """The text is no CEL expression, or it names something that is not there."""


@lru_cache(maxsize=4096)
def _compiled(expression: str) -> cel.Program:
    try:
        return cel.compile(expression)
    except ValueError as error:
        raise ConditionError(f"{expression!r} cannot be read: {str(error).splitlines()[0]}") from error


def check(expression: str) -> None:
    """Raise ConditionError when the expression cannot be read."""
    _compiled(expression)


def value(expression: str, names: Mapping[str, Plain]) -> Plain:
    """What the expression amounts to. Slots that are not filled are null."""
    try:
        result: Plain = _compiled(expression).execute(dict(names))
    except (KeyError, RuntimeError, TypeError, ValueError) as error:
        raise ConditionError(f"{expression!r} fails: {error}") from error
    return result


def holds(expression: str, names: Mapping[str, Plain]) -> bool:
    return value(expression, names) is True


_STRING = re.compile(r"'[^']*'|\"[^\"]*\"")
_MEMBER = re.compile(r"\b(slots|vars|person)\.([a-zA-Z_]\w*)")


def members(expression: str) -> list[tuple[str, str]]:
    """Which slots, variables and person facts an expression names: [("slots", "place"), …]."""
    return [(match[1], match[2]) for match in _MEMBER.finditer(_STRING.sub("", expression))]
