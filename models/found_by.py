"""By what people are found on the pages: each key that somebody may type, computed whenever the row is written.

A search is one question to a GIN index: two Chinese characters, the end of a phone and 拼音 initials alike.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from itertools import islice, product
from typing import ClassVar

from tortoise.backends.base.client import BaseDBAsyncClient
from tortoise.contrib.postgres.fields import ArrayField
from tortoise.contrib.postgres.indexes import GinIndex
from tortoise.models import Model

from models.readings import Style, pinyin

READINGS = 32  # of one text: 单 has three, and three such characters would have twenty-seven
PART = 4  # characters: a longer word is looked for by all its parts
TAIL = 4  # digits of a phone that people know it by
_INITIALS_OF = 24  # characters
_SILENT = re.compile(r"[\s·•・‧∙⋅.]+")


def initials(text: str) -> list[str]:
    """One for each reading of the whole: 单先生 is found by sxs, dxs and cxs."""
    return _combined(
        pinyin(text.strip()[:_INITIALS_OF], style=Style.FIRST_LETTER, heteronym=True, errors=_each)
    )


def initials_of_name(name: str) -> list[str]:
    """As initials, but each character by itself: 单于 of a name may be no title of the Xiongnu."""
    return _combined(
        reading
        for one in name[:_INITIALS_OF]
        for reading in pinyin(one, style=Style.FIRST_LETTER, heteronym=True, errors=_each)
    )


def _combined(readings: Iterable[Iterable[str]]) -> list[str]:
    """The first is the likeliest: each character's readings begin with its usual one."""
    letters = [dict.fromkeys(one[:1].lower() for one in each if one.strip()) for each in readings]
    combined = islice(product(*[each for each in letters if each]), READINGS)
    return list(dict.fromkeys("".join(one) for one in combined))


def _each(text: str) -> str:
    """What has no reading stands for itself, letter by letter."""
    return list(text)  # type: ignore[return-value]  # pypinyin takes lists, and says only strings


def plain(name: str) -> str:
    """What two spellings of one name share."""
    return _SILENT.sub("", unicodedata.normalize("NFKC", name)).casefold()


def keys(name: str, phone: str) -> list[str]:
    """Every part of the name, the beginnings of its initials, the phone's digits and their end."""
    return sorted({*_of_name(plain(name)), *_of_phone(phone)})


def asked(word: str) -> list[str]:
    """The keys that a row has all of when this word is meant. No key for nothing."""
    digits = re.sub(r"[\s()+-]", "", unicodedata.normalize("NFKC", word))
    if digits.isascii() and digits.isdecimal():
        return [digits]
    said = plain(word)
    return [said] if 0 < len(said) <= PART else list(_parts(said, PART))


def _of_name(name: str) -> Iterator[str]:
    for length in range(1, PART + 1):
        yield from _parts(name, length)
    for letters in initials_of_name(name):
        yield from (letters[:end] for end in range(1, min(len(letters), PART) + 1))


def _parts(text: str, length: int) -> Iterator[str]:
    yield from (text[at : at + length] for at in range(len(text) - length + 1))


def _of_phone(phone: str) -> Iterator[str]:
    digits = re.sub(r"\D", "", phone)
    if digits:
        yield digits
        yield digits[-TAIL:]


class FoundByField(ArrayField):
    """Takes its value from `name` and `phone` of its row, whoever writes that, also many at once."""

    def __init__(self, **_: object) -> None:
        super().__init__("text", default=list)

    def to_db_value(self, value: object, instance: type[Model] | Model) -> object:
        if isinstance(instance, Findable):
            instance.found_by = keys(instance.name, instance.phone)
            return instance.found_by
        return value


class Findable(Model):
    """A row with the name and the phone of somebody."""

    name: str
    phone: str
    found_by: list[str] = FoundByField()
    OF: ClassVar[frozenset[str]] = frozenset({"name", "phone"})

    async def save(
        self,
        using_db: BaseDBAsyncClient | None = None,
        update_fields: Iterable[str] | None = None,
        force_create: bool = False,
        force_update: bool = False,
    ) -> None:
        if update_fields is not None and self.OF.intersection(update_fields):
            update_fields = [*update_fields, "found_by"]
        await super().save(using_db, update_fields, force_create, force_update)

    class Meta:
        abstract = True


FOUND_BY = GinIndex(fields=("found_by",))
