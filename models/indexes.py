"""Indexes that Tortoise has no words for."""

from tortoise.indexes import Index


class WhereIndex(Index):
    """An index of the rows for which `where` holds: statements that say the same use it."""

    def __init__(self, *, fields: tuple[str, ...] | list[str], name: str, where: str) -> None:
        super().__init__(fields=fields, name=name)
        self.where = where
        self.extra = f" WHERE {where}"

    def deconstruct(self) -> tuple[str, list[object], dict[str, object]]:
        path, arguments, named = super().deconstruct()
        return path, arguments, {**named, "where": self.where}
