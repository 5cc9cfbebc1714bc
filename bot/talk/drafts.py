"""What was begun and laid aside: at most three drafts, taken up again where they were left."""

from bot.talk import asking, engine
from bot.talk.state import Frame, Parked
from bot.talk.talk import Talk


def park(talk: Talk) -> None:
    """Lay the whole running talk aside. At most three drafts are kept, the newest last."""
    lay_aside(talk, talk.state.stack)
    talk.state.stack.clear()


def lay_aside(talk: Talk, frames: list[Frame]) -> None:
    """Keep a draft of what was filled already."""
    state = talk.state
    if any(frame.slots for frame in frames):
        state.parked = [*state.parked[-2:], Parked(list(frames), state.heard_at or talk.turn.now)]


async def resume(talk: Talk) -> bool:
    """Take up the newest draft again. False when there is none."""
    state = talk.state
    if not state.parked:
        return False
    parked = state.parked.pop()
    park(talk)
    state.stack = parked.frames
    talk.note("bot.resumed", {"title": talk.compiled.script.title})
    if not talk.frame.at:
        await engine.enter(talk)
    else:
        await asking.ask(talk, again=True)
    return True
