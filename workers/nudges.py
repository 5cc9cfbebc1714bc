"""Reminding of a talk that waits for an answer: once, through the outbox, in the script's own words."""

from datetime import timedelta

from bot.scripts.catalogue import Catalogue
from bot.talk.state import State
from models.conversations import Conversation, Hold
from services import clock, outbox, work
from services.delivery import reminders

_AT_ONCE = 200
_TOO_LATE = timedelta(hours=1)  # after a long stop of the worker a reminder would only puzzle


class Nudges:
    """`run` is called every half minute; `catalogue` may be replaced while it works."""

    def __init__(self, catalogue: Catalogue) -> None:
        self.catalogue = catalogue

    async def run(self) -> int:
        """How many were reminded."""
        async with work.unit():
            waiting = await reminders.due(_AT_ONCE)
            reminded = [await self._remind(talk) for talk in waiting if _worth_it(talk)]
            await reminders.done(waiting)
        return sum(reminded)

    async def _remind(self, talk: Conversation) -> bool:
        top = State.of(talk.state).top
        found = self.catalogue.version(top.script, top.version) if top else None
        text = found.script.expiry.text if found else ""
        if text:
            await outbox.tell(
                talk.person_id, "bot.nudge", {"text": text}, key=f"nudge:{talk.id}:{talk.turns}"
            )
        return bool(text)


def _worth_it(talk: Conversation) -> bool:
    late = talk.nudge_at is not None and clock.now() - talk.nudge_at > _TOO_LATE
    return talk.hold is Hold.BOT and not late
