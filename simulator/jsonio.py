"""Reading JSON that somebody else wrote, without trusting its shape."""

import json
from collections.abc import Callable, Mapping
from typing import TypeAlias

JsonValue: TypeAlias = "bool | int | float | str | list[JsonValue] | dict[str, JsonValue] | None"
JsonObject: TypeAlias = dict[str, JsonValue]
Refusal: TypeAlias = Callable[[str], Exception]


def parse_object(text: str | bytes) -> JsonObject | None:
    """The JSON object in `text`; None if it is something else or not JSON at all."""
    try:
        value: JsonValue = json.loads(text)
    except (ValueError, RecursionError):
        return None
    return value if isinstance(value, dict) else None


class Fields:
    """A JSON object read by name; `refuse` makes the exception for a missing or wrong field from a sentence."""

    def __init__(self, values: Mapping[str, JsonValue], refuse: Refusal) -> None:
        self.values = values
        self._refuse = refuse

    def has(self, name: str) -> bool:
        return self.values.get(name) is not None

    def text(self, name: str, default: str | None = None) -> str:
        value = self.values.get(name, default)
        if isinstance(value, str):
            return value
        raise self._refuse(f"{name} must be a string")

    def number(self, name: str, default: float | None = None) -> float:
        value = self.values.get(name, default)
        if isinstance(value, int | float) and not isinstance(value, bool):
            return value
        raise self._refuse(f"{name} must be a number")

    def integer(self, name: str, default: int | None = None) -> int:
        value = self.values.get(name, default)
        if isinstance(value, int) and not isinstance(value, bool):
            return value
        raise self._refuse(f"{name} must be a whole number")

    def flag(self, name: str) -> bool:
        value = self.values.get(name, False)
        if isinstance(value, bool):
            return value
        raise self._refuse(f"{name} must be true or false")

    def object(self, name: str) -> "Fields":
        value = self.values.get(name)
        if isinstance(value, dict):
            return Fields(value, self._refuse)
        raise self._refuse(f"{name} must be an object")

    def items(self, name: str) -> list[JsonValue]:
        value = self.values.get(name)
        if isinstance(value, list):
            return value
        raise self._refuse(f"{name} must be a list")

    def objects(self, name: str) -> list["Fields"]:
        found = [item for item in self.items(name) if isinstance(item, dict)]
        if len(found) != len(self.items(name)):
            raise self._refuse(f"{name} must be a list of objects")
        return [Fields(item, self._refuse) for item in found]

    def texts(self, name: str) -> list[str]:
        found = [item for item in self.items(name) if isinstance(item, str)]
        if len(found) != len(self.items(name)):
            raise self._refuse(f"{name} must be a list of strings")
        return found
