"""Conditions of scripts: CEL, a closed expression language without loops, calls or side effects (cel.dev)."""

import re
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from types import ModuleType

import re2

from bot.values import Plain

# The package imports its own command line, which nobody here uses: a quarter of a second and 10 MB a process.
sys.modules.setdefault("cel.cli", ModuleType("cel.cli"))
import cel  # noqa: E402


class ConditionError(ValueError):
    """The text is no CEL expression, or it names something that is not there."""


_SAID = 512  # texts whose match is known: people say 你好 and 谢谢 all day
ROOMS = ("slots", "vars", "person")
_STRING = re.compile(r"'[^']*'|\"[^\"]*\"")
_MEMBER = re.compile(r"\b(slots|vars|person)\.([a-zA-Z_]\w*)")
_MATCHES = re.compile(
    r"(?P<target>\b(?:slots|vars|person)\.[a-zA-Z_]\w*)\.matches\((?P<pattern>'[^']*'|\"[^\"]*\")\)"
)


@dataclass(frozen=True, slots=True)
class _Condition:
    """A program with what it looks at: `members` by room, None for a room that is looked at as a whole.

    `patterns` are the functions that stand for its regular expressions, which are compiled here once: the language
    would compile them at each evaluation.
    """

    program: cel.Program
    members: Mapping[str, tuple[str, ...] | None]
    patterns: Mapping[str, Callable[[str], bool]]


@lru_cache(maxsize=4096)
def _compiled(expression: str) -> _Condition:
    patterns: dict[str, Callable[[str], bool]] = {}

    def named(found: re.Match[str]) -> str:
        name = f"pattern_{len(patterns)}"
        patterns[name] = _pattern(found["pattern"])
        return f"{name}({found['target']})"

    try:
        program = cel.compile(_MATCHES.sub(named, expression))
    except ValueError as error:
        raise ConditionError(f"{expression!r} cannot be read: {str(error).splitlines()[0]}") from error
    return _Condition(program, _looked_at(expression), patterns)


def _pattern(literal: str) -> Callable[[str], bool]:
    """A literal of the language as a pattern in linear time, of the syntax that the language itself has."""
    try:
        pattern = re2.compile(cel.compile(literal).execute({}))
    except re2.error as error:
        raise ConditionError(f"the pattern {literal} cannot be read: {error}") from error
    return lru_cache(maxsize=_SAID)(lambda text: pattern.search(text) is not None)


def _looked_at(expression: str) -> dict[str, tuple[str, ...] | None]:
    """The members of each room that an expression names; a room alone is all of it."""
    bare = _MEMBER.sub("", _STRING.sub("", expression))
    found = members(expression)
    return {
        room: None if re.search(rf"\b{room}\b", bare) else tuple(name for one, name in found if one == room)
        for room in ROOMS
        if room in _STRING.sub("", expression)
    }


def check(expression: str) -> None:
    """Raise ConditionError when the expression cannot be read."""
    _compiled(expression)


def value(expression: str, names: Mapping[str, Mapping[str, Plain]]) -> Plain:
    """What the expression amounts to. Slots that are not filled are null.

    `names` are the rooms with their members. Only what is looked at is handed over: that costs most of an evaluation.
    """
    condition = _compiled(expression)
    given: dict[str, Mapping[str, Plain]] = {}
    for room, wanted in condition.members.items():
        if room not in names:
            continue
        held, seen = names[room], dict[str, Plain]()
        for name in held if wanted is None else wanted:
            if name in held:
                seen[name] = held[name]
        given[room] = seen
    try:
        if condition.patterns:
            result: Plain = condition.program.execute(cel.Context(given, dict(condition.patterns)))
        else:
            result = condition.program.execute(given)
    except (KeyError, RuntimeError, TypeError, ValueError) as error:
        raise ConditionError(f"{expression!r} fails: {error}") from error
    return result


def holds(expression: str, names: Mapping[str, Mapping[str, Plain]]) -> bool:
    return value(expression, names) is True


def members(expression: str) -> list[tuple[str, str]]:
    """Which slots, variables and person facts an expression names: [("slots", "place"), …]."""
    return [(match[1], match[2]) for match in _MEMBER.finditer(_STRING.sub("", expression))]
