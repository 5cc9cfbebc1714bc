"""What becomes of one attempt to deliver a letter, and writing it down: again later, given up, or not known."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

from bot.reply_rows import reply_row
from bot.values import Reply
from services import work
from services.delivery import sending, undelivered
from services.delivery.claiming import Letter
from services.delivery.sending import Fault
from wechat.errors import ApiError, Reason, Refused, Unknown

_PAUSES = tuple(timedelta(seconds=s) for s in (2, 10, 60, 300, 900))
_RATE_PAUSE = timedelta(seconds=60)


class Outcome(StrEnum):
    """What became of one attempt."""

    SENT = "sent"
    TO_SUBSCRIPTION = "to subscription"
    TO_TEMPLATE = "to template"
    TO_MASS = "to mass"
    IN_REVIEW = "in review"
    PUT_BACK = "put back"
    LATER = "later"
    FAILED = "failed"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Worded:
    """What a letter says, in words. `template` is the kind of template message and the wordings of its values."""

    reply: Reply
    template: tuple[str, Mapping[str, Sequence[str]]] | None = None

    @property
    def kind(self) -> str:
        return self.template[0] if self.template else ""


async def again_or_unknown(letter: Letter, fault: Unknown, worded: Worded) -> Outcome:
    """The platform drops a second template message with the same key, for ten minutes."""
    if letter.attempts <= 2:
        await sending.unanswered(letter)
        return await later(letter, fault, worded)
    return await unknown(letter, fault_of(fault), worded)


async def later(letter: Letter, fault: ApiError, worded: Worded) -> Outcome:
    """Surely not sent, and it may pass: a few more times, further and further apart."""
    if letter.attempts > len(_PAUSES):
        return await fail(letter, fault_of(fault), worded)
    pause = _PAUSES[letter.attempts - 1]
    rate = isinstance(fault, Refused) and fault.reason is Reason.RATE
    await sending.retry(letter, fault_of(fault), after=max(pause, _RATE_PAUSE) if rate else pause)
    return Outcome.LATER


async def fail(letter: Letter, fault: Fault, worded: Worded | None = None) -> Outcome:
    async with work.unit():
        await undelivered.failed(letter, fault, reply=reply_row(worded.reply) if worded else None)
    return Outcome.FAILED


async def unknown(letter: Letter, fault: Fault, worded: Worded | None = None) -> Outcome:
    async with work.unit():
        await undelivered.unknown(letter, fault, reply=reply_row(worded.reply) if worded else None)
    return Outcome.UNKNOWN


def fault_of(error: ApiError) -> Fault:
    return Fault(error.code, error.errcode if isinstance(error, Refused) else None)
