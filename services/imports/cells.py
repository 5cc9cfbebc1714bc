"""What one cell may say: readers from text to a value. Each raises Invalid with what is wrong with it."""

import re
import unicodedata
from collections.abc import Callable, Mapping
from datetime import date, datetime, time
from decimal import Decimal
from enum import StrEnum
from typing import TypeVar

from services import clock, spelling
from services.errors import Invalid
from services.imports.grid import Cell, CellKind, kind_of

Value = str | int | bool | date | datetime | list[str] | None
Reader = Callable[[str], Value]

_E = TypeVar("_E", bound=StrEnum)

_DAY = re.compile(r"(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*日?")
_MONTH = re.compile(r"(\d{4})\s*[-/.年]\s*(\d{1,2})\s*(?:月份?)?")
_EIGHT = re.compile(r"(\d{4})(\d{2})(\d{2})")
_CLOCK = re.compile(r"(\d{1,2}):(\d{2})(?::\d{2})?")
_NUMBER = re.compile(r"[+-]?(?:\d+|\d{1,3}(?:,\d{3})+)(?:\.\d+)?")
_UNIT = re.compile(r"\s*(?:元|m2|平方米|平米)$")
_YEARS = range(1970, 2101)  # of what a company plans and bills; a slip of the finger lies outside
_OLDEST = date(1900, 1, 1)
_WORDS = re.compile(r"[、,，;；\n]+")
_SENTENCES = re.compile(r"[;；\n]+")
_YES = {"是": True, "否": False, "有": True, "无": False, "y": True, "n": False, "1": True, "0": False}


def undated(said: str) -> str:
    """Spreadsheet programs turn 3-2-1 into a date unasked, and a format may show a number as one."""
    if kind_of(said) is CellKind.DATE:
        raise Invalid("import.date_here")
    return said


def text(most: int) -> Reader:
    """One line."""

    def reader(said: str) -> str:
        return _bounded(spelling.line(undated(said)), most)

    return reader


def prose(most: int) -> Reader:
    """Sentences, with their line breaks; dates may stand there too."""

    def reader(said: str) -> str:
        return _bounded(said, most)

    return reader


def person(most: int) -> Reader:
    """A name, in one spelling."""

    def reader(said: str) -> str:
        return _bounded(spelling.name(undated(said)), most)

    return reader


def _bounded(said: str, most: int) -> str:
    if len(said) > most:
        raise Invalid("import.too_many_letters", most=most)
    return said


def words(said: str) -> list[str]:
    """Separated by 、 or a comma or a semicolon."""
    return [word.strip() for word in _WORDS.split(undated(said)) if word.strip()]


def sentences(said: str) -> list[str]:
    """Separated by a semicolon or a line break, so that they may hold commas."""
    return [one.strip() for one in _SENTENCES.split(said) if one.strip()]


def whole(least: int, most: int) -> Reader:
    def reader(said: str) -> int:
        number = _decimal(said)
        if number != int(number) or not least <= number <= most:
            raise Invalid("import.not_whole", least=least, most=most)
        return int(number)

    return reader


def scaled(scale: int, phrase: str, *, least: int = 0) -> Reader:
    """An exact decimal times `scale` as an integer; more places than the scale holds are refused.

    So is an amount in a merged range: whether it is one for all rows or one for each, nobody can tell.
    """

    def reader(said: str) -> int:
        if isinstance(said, Cell) and said.merged:
            raise Invalid("import.merged_amount", range=said.merged)
        number = _decimal(said) * scale
        if number != int(number) or number < least:
            raise Invalid(phrase)
        return int(number)

    return reader


fen = scaled(100, "import.not_money")
price_e4 = scaled(10_000, "import.not_price")
area_cm2 = scaled(10_000, "import.not_area", least=1)
milli = scaled(1000, "import.not_reading")


def day(said: str) -> date:
    return _date(_found_day(said), "import.not_day")


def birthday(said: str) -> date:
    """Of somebody who may live."""
    born = _made(_found_day(said), "import.not_day")
    if not _OLDEST <= born <= clock.local(clock.now()).date():
        raise Invalid("import.not_birthday")
    return born


def _found_day(said: str) -> re.Match[str] | None:
    """2026-05-01, 2026年5月1日, 20260501; the time of day behind it does not matter."""
    plain = _half_width(said)
    plain = plain.split(" ")[0] if ":" in plain else plain
    return _DAY.fullmatch(plain) or _EIGHT.fullmatch(plain)


def month(said: str) -> date:
    """The month's first day, from 2026-05 or a day in it.

    A number is refused: 2026.10 that was typed as one is 2026.1.
    """
    if kind_of(said) is CellKind.NUMBER:
        raise Invalid("import.month_is_number")
    plain = _half_width(said)
    found = _MONTH.fullmatch(plain)
    if found is None:
        return _date(_DAY.fullmatch(plain), "import.not_month").replace(day=1)
    return _date(_DAY.fullmatch(f"{found[1]}-{found[2]}-1"), "import.not_month")


def moment(said: str) -> datetime:
    """A local time as an aware one; a bare day is its midnight."""
    plain = _half_width(said)
    found = _DAY.match(plain)
    on = _date(found, "import.not_moment")
    rest = plain[found.end() :].strip(" T") if found else ""
    at = time(0)
    if rest:
        clocked = _CLOCK.fullmatch(rest)
        if clocked is None or int(clocked[1]) > 23 or int(clocked[2]) > 59:
            raise Invalid("import.not_moment")
        at = time(int(clocked[1]), int(clocked[2]))
    return datetime.combine(on, at, tzinfo=clock.LOCAL)


def yes_no(said: str) -> bool:
    try:
        return _YES[_half_width(said).lower()]
    except KeyError:
        raise Invalid("import.not_yes_no") from None


def phone(said: str) -> str:
    """In one spelling, so that it is found whoever wrote it."""
    one = spelling.phone(undated(said))
    if not spelling.is_phone(one, least=0):  # 110 and 12345 are some
        raise Invalid("import.not_phone")
    return one


def own_phone(said: str) -> str:
    """Of somebody who lives there, as the pages take it: hotlines and short numbers of a company are nobody's."""
    one = phone(said)
    if not spelling.is_phone(one):
        raise Invalid("import.not_phone")
    return one


def choice(words: Mapping[str, _E]) -> Reader:
    """One of the words as people write them."""

    def reader(said: str) -> _E:
        chosen = spelling.one_width(said)
        if chosen not in words:
            raise Invalid("import.not_one_of", options="、".join(words))
        return words[chosen]

    return reader


def choices(words: Mapping[str, _E]) -> Reader:
    """Several of the words as people write them."""
    one = choice(words)

    def reader(said: str) -> list[str]:
        return [str(one(word)) for word in _WORDS.split(undated(said)) if word.strip()]

    return reader


def _half_width(said: str) -> str:
    return spelling.line(unicodedata.normalize("NFKC", said))


def _decimal(said: str) -> Decimal:
    """Digits with at most one point, thousands set off properly; 1e5 and 1_000 are slips, not numbers."""
    plain = _half_width(undated(said)).removeprefix("¥")
    plain = _UNIT.sub("", plain)
    if not _NUMBER.fullmatch(plain):
        raise Invalid("import.not_number")
    number = Decimal(plain.replace(",", ""))
    if abs(number) > 10**12:
        raise Invalid("import.not_number")
    return number


def _date(found: re.Match[str] | None, phrase: str) -> date:
    made = _made(found, phrase)
    if made.year not in _YEARS:
        raise Invalid("import.not_in_our_time", first=_YEARS[0], last=_YEARS[-1])
    return made


def _made(found: re.Match[str] | None, phrase: str) -> date:
    if found is None:
        raise Invalid(phrase)
    try:
        return date(int(found[1]), int(found[2]), int(found[3]))
    except ValueError:
        raise Invalid(phrase) from None
