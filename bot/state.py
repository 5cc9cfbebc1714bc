"""The state of one conversation as it is kept in its row: the running talk, parked drafts, what was offered."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import cast

from bot.values import Plain

Row = list[Plain]


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
        words = cast("list[str]", row[4])
        return cls(str(row[0]), str(row[1]), str(row[2]), str(row[3]), tuple(words))


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
            cast(Plain, self.shown),
            self.vars,
            cast(Plain, self.asked),
            cast(Plain, self.path),
            [option.row() for option in self.options],
            self.page,
            self.mode,
            self.back_to,
            self.returning,
        ]

    @classmethod
    def of(cls, row: Row) -> "Frame":
        return cls(
            script=str(row[0]),
            version=cast(int, row[1]),
            talk=cast(int, row[2]),
            at=str(row[3]),
            slots=cast("dict[str, Plain]", row[4]),
            shown=cast("dict[str, str]", row[5]),
            vars=cast("dict[str, Plain]", row[6]),
            asked=cast("dict[str, int]", row[7]),
            path=cast("list[str]", row[8]),
            options=[Offered.of(cast(Row, option)) for option in cast(Row, row[9])],
            page=cast(int, row[10]),
            mode=str(row[11]),
            back_to=str(row[12]),
            returning=str(row[13]),
        )


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

    @property
    def top(self) -> Frame | None:
        return self.stack[-1] if self.stack else None

    def row(self) -> dict[str, Plain]:
        """As JSON; what is empty is left out, so that an idle conversation is a few bytes."""
        full: dict[str, Plain] = {
            "stack": [frame.row() for frame in self.stack],
            "parked": [[[frame.row() for frame in one.frames], _iso(one.at)] for one in self.parked],
            "talks": self.talks,
            "offers": [option.row() for option in self.offers],
            "loose": cast(Plain, self.loose),
            "loose_at": _iso(self.loose_at),
            "said": self.said,
            "lost": self.lost,
            "last": self.last,
            "burst": self.burst,
            "burst_at": _iso(self.burst_at),
            "heard_at": _iso(self.heard_at),
        }
        return {name: value for name, value in full.items() if value}

    @classmethod
    def of(cls, row: Mapping[str, Plain]) -> "State":
        return cls(
            stack=[Frame.of(cast(Row, frame)) for frame in cast(Row, row.get("stack", []))],
            parked=[_parked(cast(Row, one)) for one in cast(Row, row.get("parked", []))],
            talks=cast(int, row.get("talks", 0)),
            offers=[Offered.of(cast(Row, option)) for option in cast(Row, row.get("offers", []))],
            loose=cast("list[int]", row.get("loose", [])),
            loose_at=_time(row.get("loose_at")),
            said=str(row.get("said", "")),
            lost=cast(int, row.get("lost", 0)),
            last=str(row.get("last", "")),
            burst=str(row.get("burst", "")),
            burst_at=_time(row.get("burst_at")),
            heard_at=_time(row.get("heard_at")),
        )


def _parked(row: Row) -> Parked:
    frames = [Frame.of(cast(Row, frame)) for frame in cast(Row, row[0])]
    return Parked(frames, datetime.fromisoformat(str(row[1])))


def _iso(moment: datetime | None) -> str | None:
    return moment.isoformat() if moment else None


def _time(value: Plain) -> datetime | None:
    return datetime.fromisoformat(str(value)) if value else None
