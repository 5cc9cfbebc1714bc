"""Stars that an answer gives: ⭐⭐⭐⭐, 给个四星, 10分, 马马虎虎."""

import re
from functools import cache

from bot.understanding.data import lines
from bot.understanding.entities.numerals import value
from bot.understanding.normal import normal
from bot.understanding.signs import words_of_signs

MOST = 5
_N = r"(?P<number>\d{1,3}|[零一二两三四五六七八九十]{1,3})"
_COUNTED = re.compile(
    rf"(?<![\d.]){_N}\s?(?:个|颗)?(?P<what>星|分(?![钟公秒之]))|(?<![\d.])(?P<drawn>\d|[一二三四五])颗"
)
_ALONE = re.compile(rf"^(?:给|打|就|评)?个?{_N}[吧。!]?$")
_DRAWN = re.compile("[⭐★🌟]")


def find_rating(text: str) -> int | None:
    """One to five stars, None when the answer gives none. `text` is as it was written: drawn stars are counted."""
    if drawn := len(_DRAWN.findall(text)):
        return min(drawn, MOST)
    shown = normal(words_of_signs(text))
    stars = _in_words(shown, only=1)
    if stars:
        return stars
    if (found := _COUNTED.search(shown)) and (
        given := _scaled(value(found["number"] or found["drawn"]), found["what"] or "")
    ):
        return given
    if found := _ALONE.match(shown.strip()):
        return _scaled(value(found["number"]), "")
    return _in_words(shown) or None


def _scaled(number: int, what: str) -> int | None:
    """Stars as they are; marks are given of five, of ten or of a hundred."""
    if 1 <= number <= MOST:
        return number
    if what == "分" and number <= 100:
        return max(1, -(-number // (2 if number <= 10 else 20)))
    return None


def _in_words(shown: str, only: int = 0) -> int:
    """The stars that words are worth, 0 when they say nothing of the kind; `only` looks for those of one worth."""
    for stars, pattern in _words():
        if (not only or stars == only) and pattern.search(shown):
            return stars
    return 0


@cache
def _words() -> tuple[tuple[int, re.Pattern[str]], ...]:
    rows = (line.split("\t") for line in lines("ratings.tsv"))
    return tuple((int(row[0]), re.compile(row[1])) for row in rows)
