"""The year that is said before a day: 后年春节, 明年5月1号, 2028年元旦, 两年后的国庆."""

import re
from datetime import date
from typing import NamedTuple

from bot.understanding.entities.numerals import NUMBER, value

_AHEAD = {"今": 0, "本": 0, "明": 1, "来": 1, "次": 1, "下": 1, "下一": 1, "后": 2, "大后": 3}
_WORDS = "|".join(sorted(_AHEAD, key=len, reverse=True))
_SAID = re.compile(
    rf"(?:(?P<word>{_WORDS})年度?|(?<!\d)(?P<number>(?:20)?\d\d)年|(?P<in_years>{NUMBER})年[之以]?后)的?$"
)
_LONGEST = 10  # characters
_SHORT = 100  # 28年 is 2028; a number of years that were lived through is none of the next ten
_SOON = 10


class Year(NamedTuple):
    number: int
    start: int  # where its words begin


def year_before(text: str, at: int, today: date) -> Year | None:
    """The year whose words end at `at`; those of the past (去年, 前年) are none that a day could be kept in."""
    said = _SAID.search(text, max(0, at - _LONGEST), at)
    if not said:
        return None
    if said["word"]:
        return Year(today.year + _AHEAD[said["word"]], said.start())
    if said["in_years"]:
        return Year(today.year + value(said["in_years"]), said.start())
    number = int(said["number"])
    if number < _SHORT:
        number += today.year // _SHORT * _SHORT
        if not today.year <= number < today.year + _SOON:
            return None
    return Year(number, said.start())
