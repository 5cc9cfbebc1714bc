"""What one cell may say: readers from text to a value. Each raises Invalid with what is wrong with it."""

import re
from collections.abc import Callable, Mapping
from datetime import date, datetime, time
from decimal import Decimal, InvalidOperation
from enum import StrEnum
from typing import TypeVar

from services import clock
from services.errors import Invalid

Value = str | int | bool | date | datetime | list[str] | None
Reader = Callable[[str], Value]

_E = TypeVar("_E", bound=StrEnum)

_DAY = re.compile(r"(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*日?")
_MONTH = re.compile(r"(\d{4})\s*[-/.年]\s*(\d{1,2})\s*月?")
_CLOCK = re.compile(r"(\d{1,2})[:：](\d{2})(?::\d{2})?")
_PHONE = re.compile(r"[\d\-+() ]{3,20}")
_WORDS = re.compile(r"[、,，;；\n]+")
_SENTENCES = re.compile(r"[;；\n]+")
_YES = {"是": True, "否": False, "有": True, "无": False, "y": True, "n": False, "1": True, "0": False}


def text(most: int) -> Reader:
    def reader(said: str) -> str:
        if len(said) > most:
            raise Invalid("import.too_many_letters", most=most)
        return said

    return reader


def words(said: str) -> list[str]:
    """Separated by 、 or a comma or a semicolon."""
    return [word.strip() for word in _WORDS.split(said) if word.strip()]


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
    """An exact decimal times `scale` as an integer; more places than the scale holds are refused."""

    def reader(said: str) -> int:
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
    found = _DAY.fullmatch(said.split(" ")[0] if ":" in said else said)
    return _date(found, "import.not_day")


def month(said: str) -> date:
    """The month's first day, from 2026-05 or a day in it."""
    found = _MONTH.fullmatch(said)
    if found is None:
        return _date(_DAY.fullmatch(said), "import.not_month").replace(day=1)
    return _made(int(found[1]), int(found[2]), 1, "import.not_month")


def moment(said: str) -> datetime:
    """A local time as an aware one; a bare day is its midnight."""
    found = _DAY.match(said)
    on = _date(found, "import.not_moment")
    rest = said[found.end() :].strip(" T") if found else ""
    at = time(0)
    if rest:
        clocked = _CLOCK.fullmatch(rest)
        if clocked is None or int(clocked[1]) > 23 or int(clocked[2]) > 59:
            raise Invalid("import.not_moment")
        at = time(int(clocked[1]), int(clocked[2]))
    return datetime.combine(on, at, tzinfo=clock.LOCAL)


def yes_no(said: str) -> bool:
    try:
        return _YES[said.lower()]
    except KeyError:
        raise Invalid("import.not_yes_no") from None


def phone(said: str) -> str:
    if not _PHONE.fullmatch(said):
        raise Invalid("import.not_phone")
    return said


def choice(words: Mapping[str, _E]) -> Reader:
    """One of the words as people write them."""

    def reader(said: str) -> _E:
        if said not in words:
            raise Invalid("import.not_one_of", options="、".join(words))
        return words[said]

    return reader


def _decimal(said: str) -> Decimal:
    plain = said.replace(",", "").replace("，", "").removeprefix("¥").removeprefix("￥").removesuffix("元")
    try:
        number = Decimal(plain.strip())
    except InvalidOperation:
        raise Invalid("import.not_number") from None
    if not number.is_finite() or abs(number) > 10**12:
        raise Invalid("import.not_number")
    return number


def _date(found: re.Match[str] | None, phrase: str) -> date:
    if found is None:
        raise Invalid(phrase)
    return _made(int(found[1]), int(found[2]), int(found[3]), phrase)


def _made(year: int, month: int, day: int, phrase: str) -> date:
    try:
        return date(year, month, day)
    except ValueError:
        raise Invalid(phrase) from None
