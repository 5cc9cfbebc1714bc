"""A message without its marks, and the option that it names by its number or its very words."""

import re
from collections.abc import Sequence
from functools import lru_cache

from bot.talk.state import Offered
from bot.understanding.heads import head
from bot.understanding.matching import CONTAINED, matches
from bot.understanding.normal import normal, said_once
from bot.understanding.signs import only_signs

_ORDINAL = re.compile(
    r"^(?:第?\s*(\d{1,2}|[一二三四五六七八九十两])\s*(?:个|项|条|号)?|([①-⑳]))\s*[.。、)]?$"
)
_LONGEST_ORDINAL = 12  # characters
CLAUSE = 8  # characters of a clause that names an option and tells nothing else


_DIGITS = {"一": 1, "二": 2, "两": 2, "三": 3, "四": 4, "五": 5, "六": 6, "七": 7, "八": 8, "九": 9, "十": 10}
_TIDY = re.compile(r"[★☆\s，。！？、,.!?~～…“”\"'（）()【】\[\]：:；;]+")


@lru_cache(maxsize=8192)
def plain(text: str) -> str:
    """Without punctuation and spaces, for comparing what is typed with what was offered."""
    return _TIDY.sub("", text).lower()


@lru_cache(maxsize=4096)
def _words(text: str, keywords: tuple[str, ...]) -> tuple[str, ...]:
    """What names an option, its own text first, ready to compare: the same options are offered all day."""
    return tuple(map(plain, (text, *keywords)))


def ordinal(text: str) -> int | None:
    """1 for "1", "1.", "①", "第一个"; None when the message is not just a number."""
    said = text.strip()
    match = _ORDINAL.match(said) if len(said) <= _LONGEST_ORDINAL else None
    if not match:
        return None
    if match[2]:
        return ord(match[2]) - ord("①") + 1
    return int(match[1]) if match[1].isdigit() else _DIGITS[match[1]]


def offered(text: str, options: Sequence[Offered]) -> Offered | None:
    """The option that a typed message means: by number, by its words, by a keyword of it."""
    number = ordinal(text)
    if number is not None and 1 <= number <= len(options):
        return options[number - 1]
    typed = said_once(plain(text))
    for option in options:
        if typed in _words(option.text, option.keywords):
            return option
    return None


def named_in(clause: str, offers: Sequence[Offered]) -> Offered | None:
    """The one option that a short clause names: 是我儿子 names the family."""
    if found := offered(clause, offers):
        return found
    if len(plain(clause)) > CLAUSE:
        return None
    named = matches(clause, [(one.text, *one.keywords) for one in offers], least=CONTAINED)
    return offers[named[0].place] if len(named) == 1 else None


def loosely(text: str, options: Sequence[Offered]) -> Offered | None:
    """The one option whose words or keywords stand in the message, when there is only one."""
    typed = plain(text)
    if not typed:
        return None
    found = [option for option in options if _stands_in(typed, _words(option.text, option.keywords))]
    return found[0] if len(found) == 1 else None


def _stands_in(typed: str, words: tuple[str, ...]) -> bool:
    for word in words:
        if word in typed and len(word) >= 2:
            return True
    return 2 <= len(typed) <= 6 and typed in words[0]


def yes_or_no(text: str) -> bool | None:
    """What a bare yes or no says; None for a message that says more, or neither."""
    found = head(normal(text))
    return found.kind == "yes" if found.kind and not found.rest else None


_WITH_A_STORY = 5  # characters: more than so many say more than the stars
_LEAST_SAID = 2  # characters: fewer tell nothing that could be kept


def says_something(text: str) -> bool:
    """Whether words that answer nothing are worth keeping: more than a sound, a sign or a number."""
    said = plain(text)
    return len(said) >= _LEAST_SAID and not said.isdigit() and not only_signs(text)


def tells_a_story(text: str) -> bool:
    """Whether a typed rating says more than its stars."""
    return len(plain(text)) > _WITH_A_STORY
