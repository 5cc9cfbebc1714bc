"""Lists that somebody narrowed down and kept under a name: theirs, on every machine they sign in at."""

from dataclasses import dataclass

from models.desk import DeskSetting
from services import work
from services.actors import Actor
from services.desk import liking
from services.errors import Invalid

MOST = 12
_NAME, _QUERY = 16, 300  # characters
_KEY = "views"


@dataclass(frozen=True, slots=True)
class SavedView:
    """`query` is that of the page's address."""

    name: str
    query: str


async def of(room: str, *, actor: Actor) -> list[SavedView]:
    """In the order in which they were kept."""
    found = await DeskSetting.filter(staff_id=liking.owner(actor)).first()
    kept = found.values.get(_KEY, {}) if found else {}
    return [SavedView(one["name"], one["query"]) for one in kept.get(room, [])]


async def save(room: str, view: SavedView, *, actor: Actor) -> None:
    """Under a name that is there already, in its place. Raises Invalid without a name, and for too many."""
    name, query = view.name.strip(), view.query
    if not name or len(name) > _NAME or len(query) > _QUERY:
        raise Invalid("views.bad_name", longest=_NAME)
    kept = await of(room, actor=actor)
    places = {one.name: one for one in kept} | {name: SavedView(name, query)}
    if len(places) > MOST:
        raise Invalid("views.too_many", most=MOST)
    await _write(room, list(places.values()), actor)


async def remove(room: str, name: str, *, actor: Actor) -> None:
    kept = [one for one in await of(room, actor=actor) if one.name != name]
    await _write(room, kept, actor)


async def _write(room: str, views: list[SavedView], actor: Actor) -> None:
    row, _ = await DeskSetting.get_or_create(staff_id=liking.owner(actor))
    held = await work.lock(DeskSetting.filter(id=row.id)) or row
    rooms = {**held.values.get(_KEY, {}), room: [{"name": one.name, "query": one.query} for one in views]}
    await DeskSetting.filter(id=row.id).update(values={**held.values, _KEY: rooms})
