"""What a kind of spreadsheet is made of, and one row of it once it is read."""

import dataclasses
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import date, datetime

from models.community import Community, House
from services import spelling
from services.actors import Actor
from services.errors import Invalid
from services.imports import rooms
from services.imports.cells import Reader, Value, text
from services.scope import Field, Scope


@dataclass(frozen=True, slots=True)
class Column:
    """`header` is the Chinese one; `hint` goes into the template. An empty cell reads as `empty`."""

    name: str
    header: str
    reader: Reader
    required: bool = False
    hint: str = ""
    empty: Value = None


def needed(name: str, header: str, reader: Reader, hint: str = "") -> Column:
    return Column(name, header, reader, True, hint)


def optional(name: str, header: str, reader: Reader, hint: str = "") -> Column:
    """Empty reads as no text."""
    return Column(name, header, reader, False, hint, "")


ANYWHERE = Column("community_id", "小区", text(64), False, "不填就是全部小区")


@dataclass(frozen=True, slots=True)
class Record:
    """One row's values by column name."""

    number: int
    values: dict[str, Value]

    def text(self, name: str) -> str:
        return str(self.values[name] or "")

    def whole(self, name: str) -> int:
        found = self.values[name]
        assert isinstance(found, int), name
        return found

    def maybe_whole(self, name: str) -> int | None:
        return None if self.values[name] is None else self.whole(name)

    def day(self, name: str) -> date:
        found = self.values[name]
        assert isinstance(found, date), name
        return found

    def maybe_day(self, name: str) -> date | None:
        return None if self.values[name] is None else self.day(name)

    def moment(self, name: str) -> datetime:
        found = self.values[name]
        assert isinstance(found, datetime), name
        return found

    def maybe_moment(self, name: str) -> datetime | None:
        return None if self.values[name] is None else self.moment(name)

    def words(self, name: str) -> list[str]:
        found = self.values[name]
        return found if isinstance(found, list) else []

    def key(self, names: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(str(self.values[name]) for name in names)


@dataclass(frozen=True, slots=True)
class Places:
    """Communities and houses as a row may name them."""

    communities: dict[str, int]  # by the key of the name and of the code
    houses: dict[tuple[int, str], dict[str, int]]  # by community and bare label: those alike by their labels

    def community(self, said: str) -> int:
        found = self.communities.get(spelling.key(said))
        if found is None:
            raise Invalid("import.no_such_community", said=said)
        return found

    def house(self, community_id: int, said: str) -> int:
        """3-2-501 or 3栋2单元501室, behind the community's name or alone; with zeros or without, when only one can
        be meant.
        """
        label = rooms.label(said)
        alike = self.houses.get((community_id, rooms.bare(label)), {})
        if not alike:
            label = rooms.label(self._without_community(community_id, said))
            alike = self.houses.get((community_id, rooms.bare(label)), {})
        if label in alike:
            return alike[label]
        if len(alike) > 1:
            raise Invalid("import.alike", known="、".join(sorted(alike)))
        if not alike:
            raise Invalid("import.no_such_house", said=said)
        return next(iter(alike.values()))

    def _without_community(self, community_id: int, said: str) -> str:
        plain = spelling.key(said)
        names = [name for name, one in self.communities.items() if one == community_id]
        return plain.removeprefix(next((name for name in names if plain.startswith(name)), ""))


@dataclass(frozen=True, slots=True)
class Saved:
    created: int = 0
    updated: int = 0


# Refusals that need the database or several cells: (record, column name, what is wrong).
Refusal = tuple[Record, str, Invalid]


async def _nothing_more(records: list[Record]) -> list[Refusal]:
    return []


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of spreadsheet. `unique` columns may not repeat within a file.

    Rows of a kind that is `apart` may be saved some at a time. `field` is whose work it is.
    """

    title: str
    columns: tuple[Column, ...]
    save: Callable[[list[Record], Actor], Awaitable[Saved]]
    unique: tuple[str, ...] = ()
    check: Callable[[list[Record]], Awaitable[list[Refusal]]] = dataclasses.field(default=_nothing_more)
    apart: bool = False
    field: Field = Field.POLICY


async def places(own: Scope) -> Places:
    """Those of the scope: what lies outside of it is not there."""
    communities: dict[str, int] = {}
    for row in await Community.all():
        if own.has(row.id):
            communities[spelling.key(row.name)] = communities[spelling.key(row.code)] = row.id
    houses: dict[tuple[int, str], dict[str, int]] = {}
    for house in await House.filter(own.own()).values("id", "community_id", "label"):
        alike = houses.setdefault((house["community_id"], rooms.bare(house["label"])), {})
        alike[house["label"]] = house["id"]
    return Places(communities, houses)
