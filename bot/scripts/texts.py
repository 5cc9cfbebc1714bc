"""Filling the {names} of a text. A format behind a colon says how a value reads aloud: {eta:when}."""

import re
from collections.abc import Mapping
from datetime import datetime, timedelta
from functools import lru_cache
from string import Formatter
from typing import NamedTuple

from bot.values import Plain
from services import clock, spelling

WEEKDAYS = "一二三四五六日"


class TextError(ValueError):
    """The text names something that nobody can fill, or a format that does not exist."""


@lru_cache(maxsize=4096)
def names(text: str) -> frozenset[str]:
    """The names that a text needs."""
    try:
        return frozenset(name for _, name, _, _ in Formatter().parse(text) if name)
    except ValueError as error:
        raise TextError(f"{text!r}: {error}") from error


def fill(text: str, values: Mapping[str, Plain], shown_as: Mapping[str, str] | None = None) -> str:
    """The text with its names filled; a name that is missing or null reads as nothing.

    `shown_as` gives the words for a value wherever the text asks for no format of its own.
    """
    if "{" not in text:
        return text
    said = shown_as or {}
    filled: list[str] = []
    for parts, needs in _lines(text):
        if not needs or _any_given(needs, values):
            for literal, name, spec in parts:
                filled.append(literal)
                if name in said and not spec:
                    filled.append(said[name])
                elif name:
                    filled.append(_or_else(values.get(name), spec))
    return "".join(filled)[1:]


_NOTHING: tuple[Plain, ...] = (None, "", [])


def _any_given(names: tuple[str, ...], values: Mapping[str, Plain]) -> bool:
    for name in names:  # any() over a generator costs more, for every line of every question
        value = values.get(name)
        if value or value not in _NOTHING:
            return True
    return False


class _Line(NamedTuple):
    """`parts` are (literal, name, format), the first literal begins with a line break.

    A line with a label is left out unless one of `needs` has a value; what has words for nothing needs none.
    """

    parts: tuple[tuple[str, str, str], ...]
    needs: tuple[str, ...]


_LABELLED = re.compile(r"^[^{}]*：\s*\{")


@lru_cache(maxsize=4096)
def _lines(text: str) -> tuple[_Line, ...]:
    return tuple(_line(line) for line in text.split("\n"))


def _line(text: str) -> _Line:
    parts = tuple(
        (literal, name or "", spec or "") for literal, name, spec, _ in Formatter().parse("\n" + text)
    )
    labelled = _LABELLED.match(text) and not any(_ELSE in spec for _, _, spec in parts)
    needs = tuple(name for _, name, _ in parts if name) if labelled else ()
    return _Line(parts, needs)


_ELSE = "|"  # {time:when|尽快}: what stands behind it is said when there is no value


def _or_else(value: Plain, spec: str) -> str:
    if _ELSE not in spec:
        return shown(value, spec)
    spec, _, otherwise = spec.partition(_ELSE)
    return otherwise if value in _NOTHING else shown(value, spec)


def shown(value: Plain, spec: str = "") -> str:
    if value is None:
        return ""
    if spec:
        try:
            return FORMATS[spec](value)
        except KeyError:
            raise TextError(f"there is no format {spec!r}; known: {', '.join(FORMATS)}") from None
    if isinstance(value, list):
        return "、".join(shown(item) for item in value)
    return str(value)


_NEAR_DAYS = {0: "今天", 1: "明天", 2: "后天"}


def day(moment: datetime) -> str:
    """今天, 明天, 后天, or the date with its weekday."""
    return _day(clock.local(moment), _today())


def _today() -> int:
    return clock.local(clock.now()).toordinal()


def _day(here: datetime, today: int) -> str:
    near = _NEAR_DAYS.get(here.toordinal() - today)
    return near or f"{here.month}月{here.day}日周{WEEKDAYS[here.weekday()]}"


def when(value: Plain) -> str:
    """A moment (ISO text) or a window ({"start", "end"}, or both as "start/end") the way people say it."""
    if isinstance(value, dict):
        return window(value)
    start, _, end = str(value).partition("/")
    return _window(start, end, _today())


def window(value: Mapping[str, Plain]) -> str:
    return _window(str(value["start"]), str(value.get("end") or ""), _today())


@lru_cache(maxsize=1024)  # within a day people say the same hours again and again, and a turn says them twice
def _window(since: str, till: str, today: int) -> str:
    start = clock.local(datetime.fromisoformat(since))
    if not till:
        return f"{_day(start, today)} {_hour(start)}"
    end = clock.local(datetime.fromisoformat(till))
    last = end - timedelta(minutes=1)
    if start.hour == start.minute == end.hour == end.minute == 0:
        first = _day(start, today)
        return first if last.date() == start.date() else f"{first}到{_day(last, today)}"
    if last.date() == start.date():
        return f"{_day(start, today)} {_hour(start)}–{_hour(end)}"
    return f"{_day(start, today)} {_hour(start)} 到 {_day(end, today)} {_hour(end)}"


def _hour(moment: datetime) -> str:
    return f"{moment.hour:02d}:{moment.minute:02d}"  # several times as quick as %H:%M


def date(value: Plain) -> str:
    here = clock.local(datetime.fromisoformat(str(value))) if "T" in str(value) else None
    plain = here.date() if here else datetime.fromisoformat(str(value)).date()
    return f"{plain.year}年{plain.month}月{plain.day}日"


def money(value: Plain) -> str:
    """Integer fen as yuan: 123450 reads 1234.50元."""
    return f"{spelling.yuan(int(str(value)))}元"


def house(value: Plain) -> str:
    """The label "3-2-501" as 3栋2单元501, "B-1203" as B栋1203."""
    return spelling.house(str(value))


def stars(value: Plain) -> str:
    return "★" * int(str(value)) + "☆" * (5 - int(str(value)))


def count(value: Plain) -> str:
    return str(len(value)) if isinstance(value, list) else str(value or 0)


def yes(value: Plain) -> str:
    return "是" if value else ""


_ONE_BREATH = 6  # digits that nobody loses count of


def spoken(value: Plain) -> str:
    """A number as people say it: BX10015 reads BX 10015; a long one in groups that one breath carries."""
    text = str(value)
    letters = text.rstrip("0123456789")
    digits = text[len(letters) :]
    group = len(digits) if len(digits) <= _ONE_BREATH else 4
    return " ".join([letters, *(digits[at : at + group] for at in range(0, len(digits), group or 1))]).strip()


FORMATS = {
    "spoken": spoken,
    "when": when,
    "date": date,
    "money": money,
    "house": house,
    "stars": stars,
    "count": count,
    "yes": yes,
}

_DANGLING = re.compile(r"[，、](?=[，。！？])|^[，、]")
_BLANK_LINES = re.compile(r"\n{3,}")
_SPACES = r"\t\v\f\r\x1c-\x20\x85\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000"  # \s but for \n
# The one class in front lets the search pass over whatever cannot begin it.
_UNTIDY = re.compile(
    rf"[，、{_SPACES}](?:(?<=[，、])[，。！？]|(?<=^[，、])|(?<![，、])$|(?<=[\r\v\f\x1c-\x1e\x85\u2028\u2029]))",
    re.MULTILINE,
)


def tidy(text: str) -> str:
    """Without what unfilled names leave behind: empty lines, and the comma of “上午好，{my_name}。”."""
    if "\n\n\n" not in text and not _UNTIDY.search(text):
        return text.strip()
    lines = (_DANGLING.sub("", line).rstrip() for line in text.splitlines())
    return _BLANK_LINES.sub("\n\n", "\n".join(lines)).strip()
