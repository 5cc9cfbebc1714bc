"""The state of one conversation as it is kept in its row: the running talk, parked drafts, what was offered.

Everything is stored by name, and what is empty is left out. Fields that this release does not know are kept and
written back, so that two releases can serve the same talk in turn. Whoever gives a field a new meaning gives it a new
name (docs/decisions/0012-stored-talks.md).
"""

from collections.abc import Set
from dataclasses import dataclass, field, fields, replace
from datetime import datetime, timedelta
from operator import attrgetter

from bot.talk import positional
from bot.turn import Who
from bot.values import Plain
from models.values import Json

_HEEDED = timedelta(days=1)  # for so long nobody who refused is asked again by the way
FORM = 2  # 1 was rows by position; a newer release may write a higher number, which we read by name and keep


@dataclass(slots=True)
class Offered:
    """An option as it was shown: what it is worth, and where it leads."""

    text: str
    value: str = ""
    to: str = ""
    go: str = ""
    keywords: tuple[str, ...] = ()
    light: bool = False
    unknown: Json | None = None

    def row(self) -> Json:
        row: Json = {**self.unknown, "text": self.text} if self.unknown else {"text": self.text}
        if self.value:
            row["value"] = self.value
        if self.to:
            row["to"] = self.to
        if self.go:
            row["go"] = self.go
        if self.keywords:
            row["keywords"] = self.keywords
        if self.light:
            row["light"] = True
        return row

    @classmethod
    def of(cls, row: Json) -> "Offered":
        try:
            offered = cls(**row)
        except TypeError:
            offered = cls(**_sorted_out(row, _OFFERED))
        if offered.keywords:
            offered.keywords = tuple(offered.keywords)
        return offered


@dataclass(slots=True)
class Frame:
    """One script in progress. `returning` says what happens below it when it ends: "call", "digress" or nothing.

    `mode` is "" while the step itself is asked and "change" while 改哪一项 is asked. `back_to` is the confirming
    step to return to after one slot was changed. `asked` counts how often each step was asked in a row.
    `since` tells how many questions had been answered when a slot was filled, `defaults` what stands in slots
    though nobody said it. `guarded` is set once the guard did not let pass. `before` holds `vars` and `skipped` as
    they were at each answer to a repeated question.
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
    guarded: bool = False
    skipped: list[str] = field(default_factory=list)
    since: dict[str, int] = field(default_factory=dict)
    defaults: dict[str, Plain] = field(default_factory=dict)
    before: list[Json] = field(default_factory=list)
    unknown: Json | None = None

    def row(self) -> Json:
        row: Json = {
            "script": self.script,
            "version": self.version,
            "talk": self.talk,
            "at": self.at,
            "slots": self.slots,
            "vars": self.vars,
        }
        for name, value in zip(_OFTEN_EMPTY, _often_empty(self), strict=True):
            if value:
                row[name] = value
        if self.options:
            row["options"] = [option.row() for option in self.options]
        return {**self.unknown, **row} if self.unknown else row

    @classmethod
    def of(cls, row: Json) -> "Frame":
        try:
            frame = cls(**row)
        except TypeError:
            frame = cls(**_sorted_out(row, _FRAME))
        if frame.options:
            frame.options = [Offered.of(option) for option in row["options"]]
        return frame


@dataclass(slots=True)
class Parked:
    """A talk laid aside, oldest frame first, and when."""

    frames: list[Frame]
    at: datetime
    unknown: Json | None = None

    def row(self) -> Json:
        return {**(self.unknown or {}), "frames": [frame.row() for frame in self.frames], "at": self.at}

    @classmethod
    def of(cls, row: Json) -> "Parked":
        frames = [Frame.of(frame) for frame in row["frames"]]
        unknown = {name: value for name, value in row.items() if name not in ("frames", "at")}
        return cls(frames, datetime.fromisoformat(row["at"]), unknown or None)


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
    acted_at: datetime | None = None  # when, by the channel's clock, the newest act happened that came in
    alarmed_at: datetime | None = None  # when this person last raised an alert
    alarmed_of: str = ""  # the danger of that alert
    declined_at: datetime | None = None  # when somebody last would not have their data used
    nearby: int = 0  # the community that somebody without a house scanned or named
    taps_told: bool = False  # this person's phone says when an option was tapped: what is typed was typed
    beside: int = 0  # the talk that the bot leads while people have the conversation
    form: int = FORM
    unknown: Json | None = None

    def told_by(self, who: Who, now: datetime) -> Who:
        """The person of a turn, with what they told of themselves before they had a house."""
        declined = self.declined_at is not None and now - self.declined_at < _HEEDED
        return replace(who, nearby=self.nearby, declined=declined) if declined or self.nearby else who

    def keep_of(self, who: Who, now: datetime) -> None:
        """Keep what they told of themselves in this turn."""
        self.nearby = who.nearby or self.nearby
        heeded = self.declined_at is not None and now - self.declined_at < _HEEDED
        if who.declined != heeded:
            self.declined_at = now if who.declined else None

    @property
    def top(self) -> Frame | None:
        return self.stack[-1] if self.stack else None

    def row(self) -> Json:
        """For orjson."""
        row: Json = {name: value for name, value in zip(_FLAT, _flat(self), strict=True) if value}
        if self.stack:
            row["stack"] = [frame.row() for frame in self.stack]
        if self.parked:
            row["parked"] = [one.row() for one in self.parked]
        if self.offers:
            row["offers"] = [option.row() for option in self.offers]
        return {**self.unknown, **row} if self.unknown else row

    @classmethod
    def of(cls, row: Json) -> "State":
        stored = row if "form" in row else positional.by_name(row)
        try:
            state = cls(**stored)
        except TypeError:
            state = cls(**_sorted_out(stored, _STATE))
        state.form = max(state.form, FORM)
        state.stack = [Frame.of(frame) for frame in stored.get("stack", ())]
        state.parked = [Parked.of(one) for one in stored.get("parked", ())]
        state.offers = [Offered.of(option) for option in stored.get("offers", ())]
        state.loose_at = _time(stored.get("loose_at"))
        state.burst_at = _time(stored.get("burst_at"))
        state.heard_at = _time(stored.get("heard_at"))
        state.alarmed_at = _time(stored.get("alarmed_at"))
        state.acted_at = _time(stored.get("acted_at"))
        state.declined_at = _time(stored.get("declined_at"))
        return state


def _sorted_out(row: Json, names: Set[str]) -> Json:
    """The fields that we know, and those that we do not know together as `unknown`."""
    known = {name: value for name, value in row.items() if name in names}
    return known | {"unknown": {name: value for name, value in row.items() if name not in names}}


def _time(stored: str | None) -> datetime | None:
    return datetime.fromisoformat(stored) if stored else None


def _names(kind: type[Offered | Frame | State]) -> Set[str]:
    return frozenset(one.name for one in fields(kind) if one.name != "unknown")


_OFFERED, _FRAME, _STATE = _names(Offered), _names(Frame), _names(State)
_OFTEN_EMPTY = tuple(_FRAME - {"script", "version", "talk", "at", "slots", "vars", "options"})
_FLAT = tuple(_STATE - {"stack", "parked", "offers"})
_often_empty, _flat = attrgetter(*_OFTEN_EMPTY), attrgetter(*_FLAT)
