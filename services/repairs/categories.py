"""The repair categories, kept in the process: every report and every clock asks for them."""

from collections.abc import Mapping
from dataclasses import dataclass

from models.tickets import Area, Category, DispatchMode
from services import cache
from services.errors import Invalid

_BOTH = "both"


@dataclass(frozen=True, slots=True)
class CategoryView:
    id: int
    code: str
    name: str
    area: str  # home, public, both
    dispatch: DispatchMode
    accept_minutes: int
    arrive_minutes: int
    finish_minutes: int
    always: bool


async def _load() -> Mapping[int, CategoryView]:
    rows = await Category.all().order_by("sort", "id")
    return {row.id: _view(row) for row in rows}


_categories = cache.Cached(_load)


async def by_id(category_id: int) -> CategoryView:
    found = (await _categories.get()).get(category_id)
    if found is None:
        _categories.forget()
        found = (await _categories.get())[category_id]
    return found


async def by_code(code: str) -> CategoryView:
    """Raises Invalid for a code that the company does not have."""
    found = await _find(code)
    if found is None:
        _categories.forget()
        found = await _find(code)
    if found is None:
        raise Invalid("repair.no_such_category", code=code)
    return found


async def of_area(area: Area) -> list[CategoryView]:
    """The categories to choose from at home or in public, in their order."""
    return [one for one in (await _categories.get()).values() if one.area in (area, _BOTH)]


async def every() -> list[CategoryView]:
    """All of them, in their order."""
    return list((await _categories.get()).values())


async def _find(code: str) -> CategoryView | None:
    return next((one for one in (await _categories.get()).values() if one.code == code), None)


def _view(row: Category) -> CategoryView:
    return CategoryView(
        id=row.id,
        code=row.code,
        name=row.name,
        area=row.area,
        dispatch=row.dispatch,
        accept_minutes=row.accept_minutes,
        arrive_minutes=row.arrive_minutes,
        finish_minutes=row.finish_minutes,
        always=row.always,
    )
