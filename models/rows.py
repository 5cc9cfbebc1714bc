"""Rows by a statement written by hand, for what a turn asks: building a query through the ORM takes longer than
running it.
"""

from collections.abc import Mapping, Sequence
from typing import Any, TypeVar

from tortoise.models import Model

M = TypeVar("M", bound=Model)
Record = Mapping[str, Any]


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
