"""Words that an action puts into a list: they stand in dialogs/phrases like all others."""

from collections import Counter
from collections.abc import Iterable

from bot.scripts.actions import Listed
from bot.scripts.texts import spoken
from bot.values import Plain
from dialogs import shipped


def phrase(key: str, **values: Plain) -> str:
    return shipped.phrases().reply(key, values).text


def told_apart(lines: Iterable[tuple[int, str, str]]) -> Listed:
    """Options for what has an id, a number and a line; lines that would read the same begin with their number."""
    listed = list(lines)
    times = Counter(line for _, _, line in listed)
    return [
        (str(one), f"{spoken(number)} {line}" if times[line] > 1 else line) for one, number, line in listed
    ]
