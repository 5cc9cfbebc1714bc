"""What may still be sent to a resident, until when, and by which act: the ledger that delivery counts in."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from models.conversations import Conversation
from models.outbox import Outbox, OutboxStatus
from services import clock
from services.delivery import windows
from services.delivery.windows import Opening

_SOON = timedelta(minutes=1)
_WAITING = (OutboxStatus.PENDING, OutboxStatus.SENDING)


@dataclass(frozen=True, slots=True)
class Allowed:
    """`left` is None when nothing is known: then the platform decides. What waits to be sent is counted off."""

    left: int | None
    until: datetime | None
    by: Opening | None

    @property
    def closed(self) -> bool:
        return self.left == 0


async def of(conversation: Conversation) -> Allowed:
    now = clock.now()
    found = windows.of(conversation)
    if found.left(now) is None:
        return Allowed(None, None, None)
    open_ = [
        (sends, until, by)
        for sends, until, by in (
            (found.sends_left, found.window_until, Opening.MESSAGE),
            (found.minute_left, found.minute_until, Opening.ACT),
        )
        if until is not None and until > now
    ]
    left, until, by = max(open_, key=lambda one: one[:2], default=(0, None, None))
    queued = Outbox.filter(
        person_id=conversation.person_id, status__in=_WAITING, not_before__lte=now + _SOON, rung="custom"
    )
    return Allowed(max(left - await queued.count(), 0), until, by)
