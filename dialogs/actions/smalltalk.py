"""What a greeting needs to know: the time of day."""

from bot.scripts.actions import Outcome
from bot.turn import Turn
from dialogs.actions.registry import registry
from services import clock

_UNTIL = (
    (5, "夜深了"),
    (9, "早上好"),
    (12, "上午好"),
    (14, "中午好"),
    (18, "下午好"),
    (23, "晚上好"),
    (24, "夜深了"),
)


@registry.action("smalltalk.hour", gives=("greeting",), reads=True)
async def hour(turn: Turn) -> Outcome:
    here = clock.local(turn.now)
    return Outcome(values={"greeting": next(word for until, word in _UNTIL if here.hour < until)})
