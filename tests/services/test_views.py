"""No row of the database leaves services: what the rooms above get are ids, values and frozen views."""

import ast
import dataclasses
import importlib
import inspect
import typing
from collections.abc import Iterator
from pathlib import Path

import pytest
from tortoise.models import Model

ROOT = Path(__file__).parents[2]
ROOMS = ("bot", "dialogs", "commands", "workers", "handlers")

# Who may hold a Model class all the same, and why.
_STAGED = "acts talks on a database of its own and looks at what they left there, as tests do"
IMPORTS_MODELS: dict[str, str] = {
    "commands/rehearsal/play.py": _STAGED,
    "commands/rehearsal/staff.py": _STAGED,
}
# What may return a row all the same, and why.
RETURNS_ROWS: dict[str, str] = {}


def _files() -> Iterator[tuple[str, ast.Module]]:
    for room in ROOMS:
        for path in sorted((ROOT / room).rglob("*.py")):
            yield path.relative_to(ROOT).as_posix(), ast.parse(path.read_text("utf-8"))


def _imported(tree: ast.Module, room: str) -> Iterator[tuple[str, object]]:
    """(the name it has in the file, what it is) of everything that is imported from a room, anywhere in the file."""
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node.module and node.module.split(".")[0] == room:
            for alias in node.names:
                yield alias.asname or alias.name, _named(node.module, alias.name)


def _named(module: str, name: str) -> object:
    found = getattr(importlib.import_module(module), name, None)
    return importlib.import_module(f"{module}.{name}") if found is None else found


def _called() -> dict[str, typing.Callable[..., object]]:
    """Every function of services that a room above names, by its full name."""
    found: dict[str, typing.Callable[..., object]] = {}
    for _, tree in _files():
        known = dict(_imported(tree, "services"))
        used = [known[node.id] for node in ast.walk(tree) if isinstance(node, ast.Name) and node.id in known]
        for node in ast.walk(tree):
            if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
                used.append(getattr(known.get(node.value.id), node.attr, None))
        found |= {f"{one.__module__}.{one.__qualname__}": one for one in used if inspect.isfunction(one)}
    return {name: one for name, one in found.items() if name.startswith("services.")}


def rows_in(kind: object, seen: frozenset[object] = frozenset()) -> set[type[Model]]:
    """The Model classes that a type holds, in its parameters and in the fields of its dataclasses."""
    if inspect.isclass(kind) and issubclass(kind, Model):
        return {kind}
    parts = list(typing.get_args(kind))
    if inspect.isclass(kind) and dataclasses.is_dataclass(kind) and kind not in seen:
        parts += typing.get_type_hints(kind).values()
        seen |= {kind}
    return {row for part in parts for row in rows_in(part, seen)}


CALLED = _called()


def test_what_is_checked_is_what_the_rooms_call() -> None:
    assert {
        "services.money.billing.account",
        "services.community.notices.visible",
        "services.repairs.reporting.submit",
    } <= set(CALLED)


@dataclasses.dataclass(frozen=True)
class _Wraps:
    rows: list[Model]


@pytest.mark.parametrize("kind", [Model, list[Model], Model | None, dict[int, tuple[Model, ...]], _Wraps])
def test_a_row_is_found_wherever_a_type_hides_it(kind: object) -> None:
    assert rows_in(kind) == {Model}
    assert rows_in(dict[int, str]) == set()


@pytest.mark.parametrize("name", sorted(CALLED))
def test_nothing_that_a_room_calls_returns_a_row(name: str) -> None:
    found = rows_in(typing.get_type_hints(CALLED[name]).get("return"))
    assert bool(found) == (name in RETURNS_ROWS), found


@pytest.mark.parametrize("room", ROOMS)
def test_no_room_above_knows_the_tables(room: str) -> None:
    holding = {
        file
        for file, tree in _files()
        if file.startswith(f"{room}/") and any(rows_in(one) for _, one in _imported(tree, "models"))
    }
    assert holding == {file for file in IMPORTS_MODELS if file.startswith(f"{room}/")}
