"""A child that writes: nothing is filled in and nothing agreed to; what it tells goes to people at once."""

from bot.scripts.actions import Outcome
from bot.turn import Turn
from bot.values import Plain
from dialogs.actions import nearby, newcomers
from dialogs.actions.arguments import resident, words
from dialogs.actions.registry import registry
from dialogs.actions.wording import phrase
from services.cases import hazards
from services.desk import messages


@registry.action("child.tell", gives=("numbers",))
async def tell(turn: Turn, *, said: Plain) -> Outcome:
    """Pass on what the child told, to whoever was alerted, else to staff; whom it may call."""
    told = words(said).strip("，, ")
    here = await nearby.around(turn, told)
    if not await hazards.more(told, actor=resident(turn)):
        await messages.leave(phrase("binding.child_told", said=told), actor=resident(turn))
    return Outcome(values={"numbers": await newcomers.numbers(here)})
