"""One talk as it stands in the lists, and which lists there are."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from models.conversations import Hold
from models.values import Json
from services.desk.entries import Speaker


class Box(StrEnum):
    WAITING = "waiting"  # 待接入: in the queue, or in danger and in nobody's hands
    MINE = "mine"
    ALL = "all"
    SNOOZED = "snoozed"
    CREW = "crew"  # staff and technicians, who talk with the account as well; not among 全部 unless they live here


class Order(StrEnum):
    LONGEST = "longest"  # who waited longest first; who does not wait by the newest word
    NEWEST = "newest"


class Urgency(StrEnum):
    """By how long somebody has waited; shown with the time itself, never by colour alone."""

    CALM = ""
    SOON = "soon"  # half of what is patience here
    LATE = "late"


@dataclass(frozen=True, slots=True)
class Last:
    """What was said last. `phrase` with `values` stands for words that nobody put together yet.

    `card` is the template message that the phone shows instead.
    """

    speaker: Speaker
    kind: str
    text: str
    phrase: str
    values: Mapping[str, Any]
    at: datetime
    card: Json | None = None


@dataclass(frozen=True, slots=True)
class Row:
    """One talk. `cursor` continues the list behind it; `house` is the label of the home, "" for a stranger's.

    `danger_s` says for how long somebody has been in danger whom nobody has taken up.
    """

    id: int
    person_id: int
    name: str
    community: str
    house: str
    hold: Hold
    holder: str
    held_by: int | None
    mine: bool
    turns: int
    waiting_since: datetime | None
    waited_s: int
    urgency: Urgency
    pressing: bool
    danger: bool
    danger_s: int
    crew: bool
    unread: int
    snoozed_until: datetime | None
    snoozed: bool
    last: Last | None
    followed_at: datetime
    cursor: str

    @property
    def boxes(self) -> frozenset[Box]:
        """In which it stands, as the lists have it; 我的 is for whoever holds it."""
        standing = {
            Box.WAITING: (self.hold is Hold.QUEUED and not self.snoozed)
            or (self.hold is Hold.BOT and self.danger),
            Box.MINE: self.hold is Hold.STAFF and not self.snoozed,
            Box.ALL: not self.crew or bool(self.house),
            Box.SNOOZED: self.snoozed and self.hold is not Hold.BOT,
            Box.CREW: self.crew,
        }
        return frozenset(box for box, stands in standing.items() if stands)

    @property
    def cursors(self) -> dict[Order, str]:
        """Its place in each order: by the newest word, only danger goes before."""
        danger, _, _, newest, own = self.cursor.split("_")
        return {Order.LONGEST: self.cursor, Order.NEWEST: f"{danger}_0_0_{newest}_{own}"}


@dataclass(frozen=True, slots=True)
class Listing:
    rows: list[Row]
    more: bool


def urgency(waited_s: int, minutes: int) -> Urgency:
    """`minutes` is how long a holder may keep silent."""
    if waited_s >= minutes * 60:
        return Urgency.LATE
    return Urgency.SOON if waited_s >= minutes * 30 else Urgency.CALM
