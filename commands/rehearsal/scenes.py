"""Talks to act, as YAML: who writes, taps or waits, what staff do, and what must be seen.

A file in dialogs/talks holds several talks. Each names its `script`, its `kind` (good or clumsy) and a title.
`who` is a person of the demo without the o_demo_; a line may be somebody else's (`by`) or the staff's (`staff`).
"""

from collections.abc import Iterable
from pathlib import Path
from typing import Annotated, Literal

import yaml
from pydantic import BeforeValidator, Field, ValidationError

from bot.scripts import yamls
from bot.scripts.format import Part
from commands import StartError

FOLDER = Path(__file__).parents[2] / "dialogs" / "talks"
MORNING = "2026-11-23T10:30:00+08:00"  # a Monday; the demo is as old as this


class SceneError(StartError):
    """A file of talks that cannot be read; the text says where."""


def _as_list(value: object) -> object:
    return [str(one) for one in value] if isinstance(value, list) else [str(value)]


Texts = Annotated[list[str], BeforeValidator(_as_list)]


class Line(Part):
    """One thing that happens. `wait` is minutes; `staff` names an act of commands/rehearsal/staff.py."""

    by: str = ""
    me: str = Field(default="", coerce_numbers_to_str=True)
    tap: str = ""
    photo: int = 0
    menu: str = ""
    scan: str = ""
    follow: bool = False
    send: Literal["", "voice", "video", "location", "link", "other"] = ""
    text: str = ""  # words of the staff, or the label of a location
    wait: int = 0
    staff: str = ""
    bot: Texts = Field(default_factory=list)
    without: Texts = Field(default_factory=list)


class Scene(Part):
    script: str
    kind: Literal["good", "clumsy"]
    title: str
    who: str = "wang"
    now: str = MORNING
    open_end: bool = False  # the talk may stop at a question: somebody else goes on with it
    story: str = ""  # what happened before, in a sentence
    before: tuple[Line, ...] = ()  # acted, but not printed
    talk: tuple[Line, ...] = Field(min_length=1)


def load(folder: Path = FOLDER) -> list[Scene]:
    """All talks, by file and in the order they are written."""
    return [scene for path in sorted(folder.glob("*.yaml")) for scene in _read(path)]


def _read(path: Path) -> Iterable[Scene]:
    try:
        rows = yamls.load(path.read_text("utf-8"))
        return [Scene.model_validate(row) for row in rows] if isinstance(rows, list) else []
    except (yaml.YAMLError, ValidationError) as error:
        raise SceneError(f"{path.name}: {error}") from error
