"""Keeps the phones over a restart: people, messages, files, codes and the menu as one JSON file."""

import asyncio
import json
import logging
from dataclasses import asdict
from pathlib import Path
from typing import TypeVar

from simulator.codes import Code
from simulator.jsonio import Fields, JsonObject, JsonValue, parse_object
from simulator.media import Medium
from simulator.people import Content, Message, Person, Sender, Via
from simulator.quota import Opening, Window, Windows
from simulator.templates import Template
from simulator.texts import Part, PartKind
from simulator.world import World

_EVERY = 2.0
_VERSION = 1
_log = logging.getLogger("simulator.snapshot")
_Value = TypeVar("_Value")


def save(world: World, path: Path) -> None:
    """Write the whole state, in one step as far as a reader can see."""
    state = {
        "version": _VERSION,
        "ahead": world.clock.ahead,
        "menu": world.menu,
        "tags": {str(number): name for number, name in world.tags.names.items()},
        "people": [_plain(asdict(person)) for person in world.people],
        "media": [_plain(asdict(medium)) for medium in world.media.all.values()],
        "codes": [asdict(code) for code in world.codes.all.values()],
        "templates": [asdict(template) for template in world.templates.all.values()],
    }
    path.parent.mkdir(parents=True, exist_ok=True)
    fresh = path.with_suffix(".new")
    fresh.write_text(json.dumps(state, ensure_ascii=False, default=_json), "utf-8")
    fresh.replace(path)


def _plain(values: dict[str, object]) -> dict[str, object]:
    return {name: value for name, value in values.items() if name != "held"}


def _json(value: object) -> JsonValue:
    if isinstance(value, set):
        return sorted(value)
    if isinstance(value, Path):
        return str(value)
    raise TypeError(f"{type(value).__name__} does not go into a snapshot")


def load(world: World, path: Path) -> None:
    """Put a saved state into a new world; nothing happens without a file. ValueError if it is not ours."""
    if not path.exists():
        return
    values = parse_object(path.read_text("utf-8"))
    if values is None or values.get("version") != _VERSION:
        raise ValueError(f"{path} is no snapshot of this simulator; remove it to begin afresh")
    try:
        _load_all(world, values)
    except ValueError as error:
        raise ValueError(
            f"{path} is of another version of this simulator; remove it to begin afresh"
        ) from error


def _load_all(world: World, values: JsonObject) -> None:
    state = Fields(values, ValueError)
    world.clock.ahead = state.number("ahead")
    menu = values.get("menu")
    world.menu = menu if isinstance(menu, dict) else None
    world.tags.names = {int(number): str(name) for number, name in state.object("tags").values.items()}
    _load_things(world, state)


def _load_things(world: World, state: Fields) -> None:
    for entry in state.objects("people"):
        world.people.add(_person(entry))
    for entry in state.objects("media"):
        medium = _medium(entry)
        world.media.all[medium.id] = medium
    for entry in state.objects("codes"):
        code = _built(Code, entry.values)
        world.codes.all[code.ticket] = code
    for entry in state.objects("templates"):
        template = _built(Template, {**entry.values, "constants": _constants(entry)})
        world.templates.all[template.id] = template


def _built(kind: type[_Value], values: object) -> _Value:
    """A value of plain fields, exactly as `asdict` gave them out."""
    if not isinstance(values, dict):
        raise ValueError(f"{kind.__name__} is not an object")
    try:
        return kind(**values)
    except TypeError as error:
        raise ValueError(f"{kind.__name__} does not fit") from error


def _person(entry: Fields) -> Person:
    made = {
        "tags": {tag for tag in entry.items("tags") if isinstance(tag, int)},
        "windows": _windows(entry.object("windows").object("open")),
        "messages": [_message(message) for message in entry.objects("messages")],
    }
    known = {name: value for name, value in entry.values.items() if name in Person.__dataclass_fields__}
    return _built(Person, {**known, **made})


def _constants(entry: Fields) -> dict[str, tuple[str, ...]]:
    approved = entry.object("constants") if entry.has("constants") else Fields({}, ValueError)
    return {name: tuple(approved.texts(name)) for name in approved.values}


def _windows(entry: Fields) -> Windows:
    return Windows({Opening(name): _built(Window, value) for name, value in entry.values.items()})


def _message(entry: Fields) -> Message:
    content = entry.object("content")
    made = {
        "parts": tuple(_part(part) for part in content.objects("parts")),
        "facts": tuple(tuple(fact) for fact in content.items("facts") if isinstance(fact, list)),
    }
    return Message(
        seq=entry.integer("seq"),
        sender=Sender(entry.text("sender")),
        via=Via(entry.text("via")),
        time=entry.number("time"),
        content=_built(Content, {**content.values, **made}),
    )


def _part(entry: Fields) -> Part:
    return _built(Part, {**entry.values, "kind": PartKind(entry.text("kind"))})


def _medium(entry: Fields) -> Medium:
    path = entry.values.get("path")
    return _built(Medium, {**entry.values, "path": Path(str(path)) if path else None})


async def keep(world: World, path: Path) -> None:
    """Save whenever something has changed, at most every two seconds, until cancelled."""
    saved = world.feed.changes
    while True:
        await asyncio.sleep(_EVERY)
        if world.feed.changes != saved:
            saved = world.feed.changes
            try:
                save(world, path)
            except OSError as error:
                _log.warning("the phones could not be saved: %s", error.strerror)
