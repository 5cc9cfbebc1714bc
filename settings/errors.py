"""What is wrong with the settings, said in one plain sentence to the person who starts the program."""

import os
import tomllib
from collections.abc import Mapping, Sequence
from pathlib import Path

from pydantic import BaseModel
from pydantic_core import ErrorDetails

PREFIX = "GUANJIA_"


class SettingsError(Exception):
    """A setting is unknown, missing or wrong; the text says which, where, and what would be right."""


def refuse_unknown(environment: Mapping[str, str], settings: type[BaseModel]) -> None:
    """pydantic-settings passes over variables whose table it does not know; a slip must not be silent."""
    for variable in sorted(environment):
        if not variable.upper().startswith(PREFIX):
            continue
        table, _, key = variable.upper().removeprefix(PREFIX).lower().partition("__")
        field = settings.model_fields.get(table)
        if field is None:
            raise SettingsError(f"{variable}: there is no table {table!r}; there are {_names(settings)}.")
        kind = field.annotation
        if isinstance(kind, type) and issubclass(kind, BaseModel) and key not in kind.model_fields:
            raise SettingsError(f"{variable}: [{table}] has no key {key!r}; it has {_names(kind)}.")


def _names(model: type[BaseModel]) -> str:
    return ", ".join(model.model_fields)


def sentence(error: ErrorDetails, settings: type[BaseModel], files: Sequence[Path]) -> str:
    """One sentence for one complaint of pydantic, with the place the value came from."""
    table, *rest = (str(part) for part in error["loc"])
    key = rest[0] if rest else ""
    place = _place(table, key, files)
    if error["type"] == "extra_forbidden":
        known = _names(_table(settings, table)) if key else _names(settings)
        return f"{place} is not a setting; known here: {known}."
    if error["type"] == "missing":
        return f"{place} is missing from settings.toml."
    if error["type"] == "model_type":
        return f"{place} must be a table of keys and values."
    if error["type"] == "string_too_short":
        return f"{place} must not be empty."
    wanted = error["msg"].removeprefix("Value error, ").removeprefix("Input ")
    return f"{place} {_shown(settings, table, key, error['input'])}{wanted}."


def _table(settings: type[BaseModel], name: str) -> type[BaseModel]:
    kind = settings.model_fields[name].annotation
    assert isinstance(kind, type)
    return kind


def _shown(settings: type[BaseModel], table: str, key: str, value: object) -> str:
    """The refused value, unless it is a secret."""
    field = _table(settings, table).model_fields.get(key)
    return "" if field is None or not field.repr else f"is {value!r}; it "


def _place(table: str, key: str, files: Sequence[Path]) -> str:
    variable = f"{PREFIX}{table}__{key}".upper()
    if variable in {name.upper() for name in os.environ}:
        return variable
    for file in reversed(files):
        found = tomllib.loads(file.read_text("utf-8")).get(table)
        if found is not None and (not key or key in found):
            return f"[{table}] {key}".strip() + f" in {file.name}"
    return f"[{table}] {key}".strip()
