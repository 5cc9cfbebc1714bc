"""Reads states that were stored before fields had names: frames and options were lists in the order of their fields.

The engine kept its own notes among the variables of the script then, under names that begin with an underscore.
"""

from collections.abc import Mapping
from typing import cast

from bot.values import Plain
from models.values import Json

Positional = list[Plain]

_OPTION = ("text", "value", "to", "go", "keywords")
_FRAME = (
    "script",
    "version",
    "talk",
    "at",
    "slots",
    "shown",
    "vars",
    "asked",
    "path",
    "options",
    "page",
    "mode",
    "back_to",
    "returning",
)
_DEFAULT = "_default_"


def by_name(row: Mapping[str, object]) -> Json:
    """The same state with every frame, draft and option as a dict."""
    named: Json = dict(row)
    if "stack" in row:
        named["stack"] = _frames(row["stack"])
    if "parked" in row:
        parked = cast("list[tuple[object, str]]", row["parked"])
        named["parked"] = [{"frames": _frames(frames), "at": at} for frames, at in parked]
    if "offers" in row:
        named["offers"] = _options(row["offers"])
    return named


def _frames(rows: object) -> list[Json]:
    return [_frame(row) for row in cast("list[Positional]", rows)]


def _frame(row: Positional) -> Json:
    frame: Json = dict(zip(_FRAME, row, strict=True))
    noted = frame["vars"]
    return frame | {
        "vars": _variables(noted),
        "options": _options(frame["options"]),
        "guarded": bool(noted.get("_guarded")),
        "skipped": noted.get("_skipped", []),
        "since": noted.get("_since", {}),
        "defaults": {
            name.removeprefix(_DEFAULT): value for name, value in noted.items() if name.startswith(_DEFAULT)
        },
        "before": [
            {"vars": _variables(before), "skipped": before.get("_skipped", [])}
            for before in noted.get("_was", [])
        ],
    }


def _options(rows: object) -> list[Json]:
    named = (zip(_OPTION, row, strict=True) for row in cast("list[Positional]", rows))
    return [{name: value for name, value in option if value} for option in named]


def _variables(noted: Json) -> Json:
    return {name: value for name, value in noted.items() if not name.startswith("_")}
