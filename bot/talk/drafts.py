"""What was begun and laid aside: at most three drafts."""

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
