"""What one sentence means: values that leave this package."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Literal

Action = Literal["answer", "ask", "unknown"]


class Command(StrEnum):
    """A whole message that steers the talk itself, whatever dialog is running."""

    CANCEL = "cancel"
    BACK = "back"
    HELP = "help"
    MENU = "menu"
    HUMAN = "human"
    RESTART = "restart"


@dataclass(frozen=True, slots=True)
class TimeWindow:
    """A moment asked for or offered, aware, Asia/Shanghai. `end` is None for a clock time or an open end.

    `onward` tells the open end (七点以后) from the clock time, `within` the end of the half of the day that was said
    with it (上午九点以后). `said` keeps words that say more than one window
    can: 工作日晚上, 尽快, 随时.
    """

    start: datetime
    end: datetime | None = None
    onward: bool = False
    said: str = ""
    within: datetime | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True)
class Entities:
    """What one sentence names. `room` is a normal form such as "3-2-501" or "B-1203"; money is fen."""

    room: str | None = None
    phone: str | None = None
    time: TimeWindow | None = None
    category: str | None = None
    place: str | None = None
    urgent: bool = False
    amount_fen: int | None = None
    party_size: int | None = None


@dataclass(frozen=True, slots=True)
class Understanding:
    """What one sentence wants.

    `ranking` lists intents with probabilities, best first; with action "ask" its first two or three are
    what to offer. `danger` names the hazard (gas, trapped, fire, leak_electric, burst, falling, collapse,
    person, other) whenever the intent is "emergency".
    """

    text: str
    intent: str
    confidence: float
    ranking: tuple[tuple[str, float], ...]
    action: Action
    entities: Entities
    danger: str | None = None
