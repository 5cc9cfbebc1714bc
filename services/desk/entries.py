"""One line of a talk as staff see it: whose it is, what it says, what became of it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

from models.values import Json


class Speaker(StrEnum):
    RESIDENT = "resident"
    BOT = "bot"
    STAFF = "staff"
    NOTE = "note"
    NEWS = "news"


class State(StrEnum):
    """What became of a message of ours."""

    NONE = ""
    PENDING = "pending"  # 待发
    SENDING = "sending"  # 发送中
    REVIEW = "review"  # the platform looks at it first
    SENT = "sent"  # 已发
    ARRIVED = "arrived"  # 送达
    REJECTED = "rejected"  # 拒收
    FAILED = "failed"  # 失败
    UNKNOWN = "unknown"  # 不确定


@dataclass(frozen=True, slots=True)
class File:
    """A photo, voice or video. `status` is the one of models.media; `error` says why it did not come."""

    id: int
    kind: str
    status: str
    mime: str
    width: int
    height: int
    error: str


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of a talk. `table` and `number` are its place; `text` may be a `phrase` with `values` still.

    `card` is the template message that the phone shows instead of the text: its kind and values.

    `script`, `step` and `rule` say how the bot came to an answer; `attempt` counts tries.
    """

    table: str
    number: int
    at: datetime
    speaker: Speaker
    kind: str
    text: str = ""
    name: str = ""
    staff_id: int = 0
    phrase: str = ""
    values: Mapping[str, Any] = field(default_factory=dict)
    options: tuple[str, ...] = ()
    file: File | None = None
    picture: str = ""  # hash of one of ours
    card: Json | None = None
    place: tuple[float, float] | None = None
    script: str = ""
    step: str = ""
    rule: str = ""
    state: State = State.NONE
    why: str = ""
    key: str = ""
    attempt: int = 1
    retried: bool = False

    @property
    def id(self) -> str:
        return f"{self.table}{self.number}"
