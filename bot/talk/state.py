"""The state of one conversation as it is kept in its row: the running talk, parked drafts, what was offered."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from bot.values import Plain

Row = list[Any]  # a part of the state as JSON: only this module writes such rows


@dataclass(slots=True)
class Offered:
    """An option as it was shown: what it is worth, and where it leads."""

    text: str
    value: str = ""
    to: str = ""
    go: str = ""
    keywords: tuple[str, ...] = ()

    def row(self) -> Row:
        return [self.text, self.value, self.to, self.go, list(self.keywords)]

    @classmethod
    def of(cls, row: Row) -> "Offered":
        text, value, to, go, keywords = row
        return cls(text, value, to, go, tuple(keywords))


@dataclass(slots=True)
class Frame:
    """One script in progress. `returning` says what happens below it when it ends: "call", "digress" or nothing.

    `mode` is "" while the step itself is asked and "change" while 改哪一项 is asked. `back_to` is the confirming
    step to return to after one slot was changed. `asked` counts how often each step was asked in a row.
    """

    script: str
    version: int
    talk: int
    at: str = ""
    slots: dict[str, Plain] = field(default_factory=dict)
    shown: dict[str, str] = field(default_factory=dict)
    vars: dict[str, Plain] = field(default_factory=dict)
    asked: dict[str, int] = field(default_factory=dict)
    path: list[str] = field(default_factory=list)
    options: list[Offered] = field(default_factory=list)
    page: int = 0
    mode: str = ""
    back_to: str = ""
    returning: str = ""

    def row(self) -> Row:
        return [
            self.script,
            self.version,
            self.talk,
            self.at,
            self.slots,
            self.shown,
            self.vars,
            self.asked,
            self.path,
            [option.row() for option in self.options],
            self.page,
            self.mode,
            self.back_to,
            self.returning,
        ]

    @classmethod
    def of(cls, row: Row) -> "Frame":
        frame = cls(*row)  # in the order of the fields
        frame.options = [Offered.of(option) for option in row[9]]
        return frame


@dataclass(slots=True)
class Parked:
    """A talk laid aside, oldest frame first, and when."""

    frames: list[Frame]
    at: datetime


@dataclass(slots=True)
class State:
    """`offers` are options shown outside of a talk. `loose` are photos that belong to no talk yet.

    `burst` is the outbox key of the answer that waits for a burst of photos to end, `burst_at` its last photo.
    """

    stack: list[Frame] = field(default_factory=list)
    parked: list[Parked] = field(default_factory=list)
    talks: int = 0
    offers: list[Offered] = field(default_factory=list)
    loose: list[int] = field(default_factory=list)
    loose_at: datetime | None = None
    said: str = ""  # the sentence a question about intents was asked for
    lost: int = 0  # messages in a row that were not understood
    last: str = ""  # the last text answered
    burst: str = ""
    burst_at: datetime | None = None
    heard_at: datetime | None = None
    taps_told: bool = False  # this person's phone says when an option was tapped: what is typed was typed

    @property
    def top(self) -> Frame | None:
        return self.stack[-1] if self.stack else None

    def row(self) -> dict[str, object]:
        """For orjson; what is empty is left out, so that an idle conversation is a few bytes."""
        full = {
            "stack": [frame.row() for frame in self.stack],
            "parked": [[[frame.row() for frame in one.frames], one.at] for one in self.parked],
            "talks": self.talks,
            "offers": [option.row() for option in self.offers],
            "loose": self.loose,
            "loose_at": self.loose_at,
            "said": self.said,
            "lost": self.lost,
            "last": self.last,
            "burst": self.burst,
            "burst_at": self.burst_at,
            "heard_at": self.heard_at,
            "taps_told": self.taps_told,
        }
        return {name: value for name, value in full.items() if value}

    @classmethod
    def of(cls, row: Mapping[str, Any]) -> "State":
        return cls(
            stack=[Frame.of(frame) for frame in row.get("stack", ())],
            parked=[_parked(one) for one in row.get("parked", ())],
            talks=row.get("talks", 0),
            offers=[Offered.of(option) for option in row.get("offers", ())],
            loose=row.get("loose", []),
            loose_at=_time(row.get("loose_at")),
            said=row.get("said", ""),
            lost=row.get("lost", 0),
            last=row.get("last", ""),
            burst=row.get("burst", ""),
            burst_at=_time(row.get("burst_at")),
            heard_at=_time(row.get("heard_at")),
            taps_told=row.get("taps_told", False),
        )


def _parked(row: Row) -> Parked:
    return Parked([Frame.of(frame) for frame in row[0]], datetime.fromisoformat(row[1]))


def _time(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None
