"""What comes back of a tapped option's number, in each of the ways that accounts report."""

from collections.abc import Callable

import pytest

from bot.values import Option

FULL, NUMBERED, ZERO, NONE = "full", "numbered", "zero", "none"
WAYS = (FULL, NUMBERED, ZERO, NONE)


def of_story(request: pytest.FixtureRequest) -> str:
    """What comes back in a story in the browser: as its mark `taps` says, or as all of them are asked to be run."""
    asked = request.config.getoption("--taps")
    marked = request.node.get_closest_marker("taps")
    return str(asked or (marked.args[0] if marked else NUMBERED))


def returned(way: str, options: list[Option], option: Option) -> str:
    """`options` are those of the option's own message; the platform counts them from 101."""
    if way == FULL:
        return str(option.number)
    if way == NUMBERED:
        return str(101 + options.index(option))
    return "0" if way == ZERO else ""


def returns(way: str) -> Callable[[Option], str]:
    """The same where only the option is known: it is as good as the first of its message."""
    return lambda option: returned(way, [option], option)
