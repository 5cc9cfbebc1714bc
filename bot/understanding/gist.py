"""What of a message tells of the matter: the words without greeting, name, house, curse and protest.

The whole message stays in the talk, where staff read it. What names a thing or a place is never left out.
"""

import re
from collections.abc import Iterable
from functools import cache

from bot.understanding.data import lines
from bot.understanding.entities import find_fault, is_broken
from bot.understanding.normal import normal, plain

_CLAUSE = re.compile(r"[^,，。;；!！?？\n、\s]+[,，。;；!！?？\n、\s]*")
_MARKS = " ,，。;；!！?？\n、~～.…"
_FAR = 300  # characters: a letter is left as it was written
_LEAST = 2
_PIECE = 6  # characters of a piece of a sentence


def gist(text: str, *, timed: bool = False, phone: str = "") -> str:
    """`text` without what reports nothing; `text` itself where nothing would be left, or in a letter.

    `timed` says that the time of the visit, and `phone` that this number stands in the report by itself.
    """
    if len(text) > _FAR:
        return text
    kept = [told for one in _CLAUSE.findall(text) if (told := _told(one, timed=timed, phone=phone))]
    told = "".join(kept).strip(_MARKS)
    return told if len(told) >= _LEAST else text.strip()


def tells(text: str) -> bool:
    """Whether any of the words tell something of the matter."""
    return any(_told(one, timed=False, phone="") for one in _CLAUSE.findall(text))


def joined(before: str, more: str) -> str:
    """What was told, and more of it: the pieces of one sentence without a comma, 卫生间 and 的热水 and 不出来."""
    last = before.rpartition("，")[2]
    pieces = len(last) <= 2 * _PIECE and len(more) <= _PIECE and not is_broken(normal(last))
    return before + more if more.startswith("的") or pieces else f"{before}，{more}"


def _told(clause: str, *, timed: bool, phone: str) -> str:
    """The clause with its marks, as far as it tells something; "" when it does not."""
    bare = clause.strip(_MARKS)
    said = _without_opening(_without_curses(bare)).strip(_MARKS)
    shown = normal(said)
    if not said or (phone and phone in shown and not find_fault(shown, mending=True).category):
        return ""
    idle = _matches("clause", shown) or (timed and _matches("timed", shown))
    if idle:
        fault = find_fault(shown, mending=True)
        if not (fault.category or fault.place):
            return ""
    return said + clause[len(clause.rstrip(_MARKS)) :]


def _without_curses(text: str) -> str:
    return _pattern("curse").sub("", text)


def _without_opening(text: str) -> str:
    """The clause behind a greeting or the own house at its head, where anything stands behind it."""
    for pattern in _patterns("opening"):
        found = pattern.match(plain(text))
        rest = text[found.end() :] if found and len(plain(text)) == len(text) else ""
        text = rest or text
    return text


def _matches(kind: str, text: str) -> bool:
    return _pattern(kind).search(text) is not None


@cache
def _pattern(kind: str) -> re.Pattern[str]:
    return re.compile("|".join(one.pattern for one in _patterns(kind)), re.IGNORECASE)


@cache
def _patterns(kind: str) -> tuple[re.Pattern[str], ...]:
    rows: Iterable[list[str]] = (line.split("\t") for line in lines("gist.tsv"))
    return tuple(re.compile(row[1]) for row in rows if row[0] == kind)
