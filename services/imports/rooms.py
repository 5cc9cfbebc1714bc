"""Houses as lists write them: 3栋 | 2单元 | 501室, 3栋2单元501室, ３-２-５０１ are all 3-2-501, as House.label is."""

import re

from services import spelling
from services.errors import Invalid
from services.estate import houses
from services.imports.cells import Reader, undated

_DOOR = r"(?<=[\d零〇一二两三四五六七八九十])[门門]"  # 2门 is a unit in the north, 东门 is none
_BETWEEN = re.compile(rf"(?:号楼|单元|[栋幢座楼#\-‐‑‒–—―−_/~.·|¦│丨∣]|{_DOOR})+")
_FIRST = re.compile(r"第(?=[\d零〇一二两三四五六七八九十])")
_ROOM_END = re.compile(r"(?:号房|房间|[室号房户])$")
_NUMERAL = re.compile(r"[零〇一二两三四五六七八九十]+")
_LETTER_OR_DIGIT = re.compile(r"[^\W_]")


def building(most: int) -> Reader:
    return _part(most, re.compile(r"^#|(?:号楼|[栋幢座楼#号])+$"))


def unit(most: int) -> Reader:
    return _part(most, re.compile(rf"(?:单元|{_DOOR})$"))


def room(most: int) -> Reader:
    return _part(most, _ROOM_END)


def label(said: str) -> str:
    plain = _FIRST.sub("", spelling.one_width(said))
    parts = _BETWEEN.sub("-", _ROOM_END.sub("", plain)).strip("-").split("-")
    return "-".join(_plain(part) for part in parts)


def bare(label: str) -> str:
    """Without the zeros in front of its numbers, which one list writes and another leaves out."""
    return "-".join(part.lstrip("0") or part for part in label.split("-"))


def _part(most: int, ending: re.Pattern[str]) -> Reader:
    """The number alone; refused is what holds more than one of building, unit and room."""

    def reader(said: str) -> str:
        plain = _plain(ending.sub("", _FIRST.sub("", spelling.one_width(undated(said)))))
        if len(plain) > most:
            raise Invalid("import.too_many_letters", most=most)
        if _BETWEEN.search(plain) or not _LETTER_OR_DIGIT.search(plain):
            raise Invalid("import.one_number_alone")
        return plain

    return reader


def _plain(part: str) -> str:
    """三 is 3, b is B."""
    return (houses.arabic(part) if _NUMERAL.fullmatch(part) else part).upper()
