"""How a claimed message is sent: its numbers, its parts, its rung, and that it went out.

`workers/delivery` says here how it went. What never goes out stands in services/delivery/undelivered.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

import orjson

from models.conversations import Conversation
from models.outbox import Outbox, OutboxStatus
from models.values import Json
from services import clock
from services.delivery import claiming, windows
from services.delivery.claiming import Letter

_READABLE_FOR = timedelta(days=7)  # by the link of a template message
TEMPLATE = "template"
SUBSCRIPTION = "subscription"
_STILL_SENDING = """
UPDATE outbox SET claimed_at = coalesce($1, now()) WHERE id = $2 AND status = 'sending'
"""
_FACTS = "UPDATE outbox SET payload = payload || $1::jsonb WHERE id = $2 AND status = 'sending'"
# The turn counts on under the conversation's lock, which this waits for.
_NUMBERS = """
UPDATE conversation SET options_shown = options_shown + $2 WHERE person_id = $1 RETURNING options_shown AS last
"""
FIRST_NUMBER = 1001  # of somebody who never wrote, and so has no conversation that counts


@dataclass(frozen=True, slots=True)
class Told:
    """The words of a message that went out, and whose they are."""

    text: str
    channel_id: str


@dataclass(frozen=True, slots=True)
class Fault:
    """Why it was not sent, which `task.undelivered` words, and the number that the platform gave, if any."""

    code: str
    errcode: int | None = None


async def told(outbox_id: int) -> Told | None:
    """What a message says that went out a short while ago; None for any other."""
    left = (OutboxStatus.SENT, OutboxStatus.REVIEW, OutboxStatus.UNKNOWN)
    fresh = Outbox.filter(id=outbox_id, status__in=left, sent_at__gt=clock.now() - _READABLE_FOR)
    row = await fresh.select_related("person").first()
    text = str(row.payload.get("reply", {}).get("text", "")) if row else ""
    return Told(text, row.person.channel_id) if row and text else None


async def numbers(letter: Letter, count: int) -> int:
    """The first of `count` numbers for the options of this message; the same ones when it is sent again."""
    if "numbered_from" in letter.payload:
        return int(letter.payload["numbered_from"])
    first = await _take_numbers(letter.person_id, count)
    await _keep(letter, {"numbered_from": first})
    return first


async def _take_numbers(person_id: int, count: int) -> int:
    taken = await Conversation._meta.db.execute_query_dict(_NUMBERS, [person_id, count])
    return int(taken[0]["last"]) - count + 1 if taken else FIRST_NUMBER


async def _keep(letter: Letter, facts: Json) -> None:
    """What is known of this sending, so that the next attempt knows it, too."""
    await Outbox._meta.db.execute_query(_FACTS, [orjson.dumps(facts).decode(), letter.id])


async def part_sent(letter: Letter, parts: int) -> None:
    """`parts` of its messages went out as customer messages; the platform allows one fewer."""
    await _keep(letter, {"sent_parts": parts})
    await Outbox._meta.db.execute_query(_STILL_SENDING, [clock.held(), letter.id])
    await windows.used(letter.person_id)


async def window_closed(letter: Letter) -> None:
    """The platform refused for its window, whatever our ledger said."""
    await windows.refused(letter.person_id)


async def sent(
    letter: Letter, *, reply: Json | None = None, platform_id: str = "", card: Json | None = None
) -> None:
    """`reply` is what the person sees, kept so that a typed number finds its option; `card` what they see instead."""
    payload = {**letter.payload, "reply": reply} if reply is not None else letter.payload
    payload = {**payload, "card": card} if card is not None else payload
    await claiming.mine(letter).update(
        status=OutboxStatus.SENT,
        payload=payload,
        platform_id=platform_id,
        sent_at=clock.now(),
        errcode=None,
        error="",
    )


async def in_review(letter: Letter, *, reply: Json, platform_id: str, card: Json) -> None:
    """The platform looks at it first, and delivers it by itself: neither sent nor refused until it reports."""
    await claiming.mine(letter).update(
        status=OutboxStatus.REVIEW,
        payload={**letter.payload, "reply": reply, "card": card},
        platform_id=platform_id,
        sent_at=clock.now(),
        errcode=None,
        error="",
    )


async def unanswered(letter: Letter) -> None:
    """It may have arrived, and may be sent again for as long as the platform knows it for the same."""
    if "unanswered_at" not in letter.payload:
        await _keep(letter, {"unanswered_at": clock.now().isoformat()})


def unanswered_for(letter: Letter) -> timedelta:
    """How long ago it may first have arrived; nothing for a letter that surely did not."""
    first = letter.payload.get("unanswered_at")
    return clock.now() - datetime.fromisoformat(first) if first else timedelta(0)


async def retry(letter: Letter, fault: Fault, *, after: timedelta) -> None:
    await claiming.mine(letter).update(
        status=OutboxStatus.PENDING,
        not_before=clock.now() + after,
        errcode=fault.errcode,
        error=fault.code,
    )


async def next_rung(letter: Letter, fault: Fault, rung: str) -> None:
    """Refused as it was; try it at once as something else."""
    await claiming.mine(letter).update(
        status=OutboxStatus.PENDING,
        rung=rung,
        not_before=clock.now(),
        errcode=fault.errcode,
        error=fault.code,
    )
