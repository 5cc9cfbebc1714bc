"""Reminding of a talk that waits for an answer: once, through the outbox, in the script's own words."""

from bot.scripts.catalogue import Catalogue
from bot.talk.state import State
from services import outbox, work
from services.delivery import reminders
from services.delivery.reminders import Waiting

_AT_ONCE = 200


class Nudges:
    """`run` is called every half minute; `catalogue` may be replaced while it works."""

    def __init__(self, catalogue: Catalogue) -> None:
        self.catalogue = catalogue

    async def run(self) -> int:
        """How many were reminded."""
        async with work.unit():
            waiting = await reminders.due(_AT_ONCE)
            reminded = [await self._remind(talk) for talk in waiting if talk.worth_it]
            await reminders.done([talk.id for talk in waiting])
        return sum(reminded)

    async def _remind(self, talk: Waiting) -> bool:
        top = State.of(talk.state).top
        found = self.catalogue.version(top.script, top.version) if top else None
        text = found.script.expiry.text if found else ""
        if text:
            await outbox.tell(
                talk.person_id, "bot.nudge", {"text": text}, key=f"nudge:{talk.id}:{talk.turns}"
            )
        return bool(text)
