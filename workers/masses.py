"""Sends notices as mass messages (群发) to those whom nothing else reaches; staff hear of the others."""

import logging
from collections.abc import Mapping, Sequence
from datetime import timedelta

from bot.scripts.phrases import Phrases
from services import work
from services.delivery import masses, undelivered
from services.delivery.claiming import Letter
from services.delivery.sending import Fault
from settings import MassUse
from wechat.errors import ApiError, Refused, Unknown, Unreachable
from wechat.platform import Platform

log = logging.getLogger(__name__)

URGENT = "notice.urgent"
ORDINARY = "notice.new"
# By the setting, the phrases that may go out so.
ALLOWED: Mapping[MassUse, frozenset[str]] = {
    MassUse.NONE: frozenset(),
    MassUse.URGENT: frozenset({URGENT}),
    MassUse.ALL: frozenset({URGENT, ORDINARY}),
}
_PAUSE = timedelta(seconds=60)
_MOST_BYTES = 1800  # of a text
_TOO_FEW = Fault("window_closed")
_NONE_LEFT = Fault("no_mass_left")


def text(phrases: Phrases, payload: Mapping[str, object]) -> str:
    """What everybody reads; a notice that is too long is only named."""
    phrase, values = str(payload["phrase"]), payload.get("values")
    known = values if isinstance(values, dict) else {}
    whole = phrases.reply(f"{phrase}_mass", known).text
    return whole if len(whole.encode()) <= _MOST_BYTES else phrases.reply(f"{phrase}_mass_long", known).text


class Masses:
    """One mass message a call of `send`."""

    def __init__(self, platform: Platform, phrases: Phrases) -> None:
        self._platform = platform
        self._phrases = phrases

    async def send(self) -> int:
        """How many letters were decided about."""
        letters = await masses.claim()
        if not letters:
            return 0
        urgent = letters[0].payload["phrase"] == URGENT
        had = await masses.spent([one.person_id for one in letters], urgent=urgent)
        await _fail([one for one in letters if one.person_id in had], _NONE_LEFT)
        await self._send([one for one in letters if one.person_id not in had])
        return len(letters)

    async def _send(self, letters: Sequence[Letter]) -> None:
        if len(letters) < masses.LEAST:
            await _fail(letters, _TOO_FEW)
            return
        first = letters[0]
        people = list(dict.fromkeys(one.channel_id for one in letters))
        key = f"notice-{first.id}-{first.attempts}"
        try:
            number = await self._platform.send_mass(people, text(self._phrases, first.payload), key=key)
        except ApiError as fault:
            log.warning("mass message to %d people: %s", len(people), fault)
            await _missed(letters, fault)
            return
        await masses.taken(letters, number)
        log.info("mass message to %d people sent", len(people))


async def _missed(letters: Sequence[Letter], fault: ApiError) -> None:
    why = Fault(fault.code, fault.errcode if isinstance(fault, Refused) else None)
    async with work.unit():
        if isinstance(fault, Unreachable) or (isinstance(fault, Refused) and fault.passing):
            await masses.later(letters, why, after=_PAUSE)
        elif isinstance(fault, Unknown):
            for letter in letters:
                await undelivered.unknown(letter, why)
        else:
            for letter in letters:
                await undelivered.failed(letter, why)


async def _fail(letters: Sequence[Letter], why: Fault) -> None:
    async with work.unit():
        for letter in letters:
            await undelivered.failed(letter, why)
