"""How an answer begins: a yes, a no or a none, taken off word by word, and what is left of it."""

import re
from functools import cache
from typing import NamedTuple

from bot.understanding.data import lines
from bot.understanding.normal import normal

_MARKS = r"\s,，。.!！~～、;；:：…—\-"
_KINDS = ("yes", "no", "wrong", "none")
_OPEN_SHORT = "好行对成"  # one character, and yet “好那就明天” goes on
_LONGEST = 400  # characters: whoever writes more tells a story
_ENDING = 12  # characters of the longest word at an end
_MOST = 12  # words that are taken off


class Head(NamedTuple):
    """`kind` is yes, no, wrong, none or "" when the answer begins with nothing of the kind."""

    kind: str
    rest: str


def head(shown: str) -> Head:
    """The head of normalised text. Of two kinds ("是的，不行") the first stands; the second begins the rest."""
    kind, rest = "", _passed(shown[:_LONGEST])
    for _ in range(_MOST):
        found = _next(rest, kind)
        if not found:
            break
        kind = kind or found[0]
        rest = _passed(rest[found[1] :])
    return Head(kind, rest if len(shown) <= _LONGEST else rest + shown[_LONGEST:])


def _next(text: str, kind: str) -> tuple[str, int] | None:
    """The kind of the longest word that stands first and its end; another kind than `kind` is left standing."""
    found = [(match.end(), name) for name in _KINDS if (match := _pattern(name).match(text))]
    if not found:
        return None
    end, name = max(found)
    return (name, end) if name == (kind or name) else None


def _passed(text: str) -> str:
    """Without thanks and idle words before what follows."""
    found = _pattern("passed").match(text)
    return text[found.end() :] if found else text


def plain_tidy(shown: str) -> str:
    """Normalised text without thanks, idle words at its ends, particles at its end and marks."""
    text = _passed(shown)
    while found := _pattern("ending").search(text, max(0, len(text) - _ENDING)):
        text = text[: found.start()]
    return text


@cache
def _pattern(name: str) -> re.Pattern[str]:
    """What matches a word of the kind `name`; "passed" and "ending" match what is passed over."""
    words = _words()
    thanks, idle, particle = (_either(words[one]) for one in ("thanks", "idle", "particle"))
    if name == "passed":
        heads = _either([word for kind in _KINDS for word in words[kind]])
        return re.compile(rf"(?:[{_MARKS}]|{thanks}(?:{particle})*|(?:{idle})(?=[{_MARKS}]|$|{heads}))*")
    if name == "ending":
        return re.compile(rf"(?:[{_MARKS}]|{thanks}|{particle})$")
    pattern = _headed(name)
    if name == "yes":
        pattern += rf"|(?:{_either(words['open'])})(?:{particle})*(?!不过|但|嗯)"
    return re.compile(pattern)


def _headed(name: str) -> str:
    """A word of the kind and what may follow: a mark, thanks, another head, after longer ones a word of `joint`."""
    words = _words()
    particle, joint = _either(words["particle"]), _either(words["joint"])
    short = "|".join(one for one in words[name] if len(one) == 1 and one not in _OPEN_SHORT) or "(?!)"
    follows = rf"[{_MARKS}]|$|{_either(words['thanks'])}|{joint}"
    if name != "no":
        heads = _either([word for kind in _KINDS for word in words[kind]])
        follows += rf"|{heads}(?:{particle})*(?:[{_MARKS}]|$)"
    return rf"(?!(?:{short}){joint})(?:{_either(words[name])})(?:{particle})*(?={follows})"


@cache
def _words() -> dict[str, list[str]]:
    """The words of each kind in the form in which they are met."""
    rows = (line.split("\t") for line in lines("heads.tsv"))
    return {row[0]: list(dict.fromkeys([*row[1:], *map(normal, row[1:])])) for row in rows}


def _either(words: list[str]) -> str:
    return "(?:" + "|".join(re.escape(word) for word in sorted(words, key=len, reverse=True)) + ")"
