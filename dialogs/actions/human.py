"""转人工: waiting in the queue, or leaving a message out of hours."""

from bot.scripts.actions import Outcome
from bot.turn import Turn
from bot.values import Plain
from dialogs.actions.arguments import resident, whole, words
from dialogs.actions.registry import registry
from services.desk import handover, messages, ratings


@registry.action("human.request", gives=("ahead", "hours", "opens"), outcomes=("closed",))
async def request(turn: Turn, *, reason: Plain) -> Outcome:
    place = await handover.request(actor=resident(turn), reason=words(reason))
    opens = place.opens_at.isoformat() if place.opens_at else None
    values: dict[str, Plain] = {"ahead": max(place.position - 1, 0), "hours": place.hours, "opens": opens}
    return Outcome("ok" if place.open else "closed", values)


@registry.action("human.leave_message")
async def leave_message(turn: Turn, *, text: Plain) -> Outcome:
    await messages.leave(words(text), actor=resident(turn))
    return Outcome()


@registry.action("praise.leave")
async def praise(turn: Turn, *, text: Plain) -> Outcome:
    await messages.praise(words(text), actor=resident(turn))
    return Outcome()


@registry.action("human.rate")
async def rate(turn: Turn, *, rating: Plain, stars: Plain) -> Outcome:
    await ratings.rate(whole(rating), whole(stars), actor=resident(turn))
    return Outcome()
