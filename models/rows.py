"""Rows by a statement written by hand, for what a turn asks: building a query through the ORM takes longer than
running it.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, TypeVar

from tortoise.models import Model

M = TypeVar("M", bound=Model)
Record = Mapping[str, Any]
_PLACE = re.compile(r"\$(\d+)")


@dataclass(frozen=True, slots=True)
class Part:
    """A change that goes with another: its statement, the values of its $1, $2 …, and by which name others see it."""

    statement: str
    values: tuple[object, ...] = ()
    name: str = ""


async def records(table: type[Model], statement: str, *values: object) -> Sequence[Record]:
    """What the statement finds, in the transaction that runs, if any. The table says only in which database."""
    found: Sequence[Record] = await table._meta.db.execute_query_dict(statement, list(values))
    return found


async def read(table: type[M], statement: str, *values: object) -> list[tuple[M, Record]]:
    """Rows of the table, each beside all that the statement selected: `SELECT t.*, c.name AS category_name …`."""
    return [(table._init_from_db(**one), one) for one in await records(table, statement, *values)]


async def first(table: type[M], statement: str, *values: object) -> M | None:
    """The first row that is found."""
    found = await read(table, statement, *values)
    return found[0][0] if found else None


async def together(
    table: type[Model], statement: str, *values: object, beside: Sequence[Part]
) -> Sequence[Record]:
    """As `records`, with other changes beside it, all in one statement.

    None of them sees what the others write, but for the rows that a named one before it returns.
    """
    text = _together(statement, tuple((one.statement, len(one.values), one.name) for one in beside))
    return await records(table, text, *(value for one in beside for value in one.values), *values)


@lru_cache(maxsize=512)
def _together(statement: str, beside: tuple[tuple[str, int, str], ...]) -> str:
    parts, used = [], 0
    for number, (text, count, name) in enumerate(beside):
        parts.append(f"{name or f'part_{number}'} AS ({_after(used, text)})")
        used += count
    return f"WITH {', '.join(parts)} {_after(used, statement)}" if parts else statement


def _after(used: int, statement: str) -> str:
    """The statement with its values numbered behind those of the parts before it."""
    return _PLACE.sub(lambda place: f"${int(place[1]) + used}", statement)


def updating(row: Model, columns: Sequence[str]) -> Part:
    """These columns of the row are written as the row has them now. There must be some."""
    known = row._meta.fields_map
    values = (known[name].to_db_value(getattr(row, name), row) for name in columns)
    return Part(_update(row._meta.db_table, tuple(columns)), (row.pk, *values))


@lru_cache(maxsize=512)
def _update(table: str, columns: tuple[str, ...]) -> str:
    changes = ", ".join(f"{name} = ${number}" for number, name in enumerate(columns, 2))
    return f"UPDATE {table} SET {changes} WHERE id = $1"  # noqa: S608 - names of columns only
