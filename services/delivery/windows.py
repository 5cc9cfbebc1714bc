"""The ledger of how long, and how often, the channel lets us write to a person by ourselves.

Two windows stand side by side: the long one that a message opens, and the short one of a click, a follow, a scan or a
tap. Each act gives the most of its own kind again. A send counts in every window that is open, so that an act never
adds to what a message gave. An empty ledger says nothing: then the platform decides.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from tortoise.expressions import F

from models.conversations import Conversation
from services import clock

# As the turn counts: under the conversation's lock, which this waits for.
_USED = """
UPDATE conversation SET
    sends_left = CASE WHEN window_until > $2 THEN GREATEST(sends_left - 1, 0) ELSE sends_left END,
    minute_left = CASE WHEN minute_until > $2 THEN GREATEST(minute_left - 1, 0) ELSE minute_left END
WHERE person_id = $1
"""


class Opening(StrEnum):
    """Which window an act opens."""

    MESSAGE = "message"
    ACT = "act"


@dataclass(frozen=True, slots=True)
class Allowance:
    """What an act allows: so many sends within so long."""

    opening: Opening
    length: timedelta
    sends: int


@dataclass(slots=True)
class Windows:
    """Of one person, as they stand in the row of the conversation."""

    window_until: datetime | None = None
    sends_left: int = 0
    minute_until: datetime | None = None
    minute_left: int = 0

    def refresh(self, allowance: Allowance, now: datetime) -> None:
        if allowance.opening is Opening.MESSAGE:
            self.window_until, self.sends_left = now + allowance.length, allowance.sends
        else:
            self.minute_until, self.minute_left = now + allowance.length, allowance.sends

    def shut(self, now: datetime) -> None:
        """Who leaves takes back everything."""
        self.window_until = self.minute_until = now
        self.sends_left = self.minute_left = 0

    def fleeting(self, now: datetime) -> bool:
        """Whether only the minute of a click or a tap is open: whatever comes after it finds nothing left."""
        longer = self.window_until is not None and self.window_until > now and self.sends_left > 0
        return not longer and self.minute_until is not None and self.minute_until > now

    def left(self, now: datetime) -> int | None:
        """How many sends are left; None when nothing is known."""
        if self.window_until is None and self.minute_until is None:
            return None
        open_ = [
            sends
            for until, sends in (
                (self.window_until, self.sends_left),
                (self.minute_until, self.minute_left),
            )
            if until is not None and until > now
        ]
        return max(open_, default=0)


def of(talk: Conversation | None) -> Windows:
    if talk is None:
        return Windows()
    return Windows(talk.window_until, talk.sends_left, talk.minute_until, talk.minute_left)


async def used(person_id: int) -> None:
    """One message went out."""
    await Conversation._meta.db.execute_query(_USED, [person_id, clock.now()])


async def agreed(person_id: int) -> None:
    """The person agreed to one message more, whenever it comes."""
    await Conversation.filter(person_id=person_id).update(subscriptions_left=F("subscriptions_left") + 1)


async def subscription_used(person_id: int) -> None:
    left = Conversation.filter(person_id=person_id, subscriptions_left__gt=0)
    await left.update(subscriptions_left=F("subscriptions_left") - 1)


async def no_subscription(person_id: int) -> None:
    """The platform knows of no agreement, whatever we thought."""
    await Conversation.filter(person_id=person_id).update(subscriptions_left=0)


async def refused(person_id: int) -> None:
    """The platform says that nothing is left, whatever our ledger said."""
    await Conversation.filter(person_id=person_id).update(sends_left=0, minute_left=0)
