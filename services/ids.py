"""Ids taken before the rows exist: for numbers that people say aloud, and for children made in bulk."""

from tortoise.models import Model


async def reserve(model: type[Model], count: int) -> list[int]:
    """Fresh ids of the model's own sequence; gaps after a rollback are fine."""
    rows = await model._meta.db.execute_query_dict(
        "SELECT nextval(pg_get_serial_sequence($1, 'id')) AS id FROM generate_series(1, $2::int)",
        [model._meta.db_table, count],
    )
    return [int(row["id"]) for row in rows]


async def numbered(model: type[Model], prefix: str) -> tuple[int, str]:
    """A fresh id and the short number made of it: T1024."""
    [fresh] = await reserve(model, 1)
    return fresh, f"{prefix}{1000 + fresh}"
