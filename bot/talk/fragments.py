"""Who types slowly sends a sentence in pieces: 厨房 … 那个龙头 … 一直滴. Together they say what none says alone."""

from datetime import timedelta

from bot.talk.talk import Talk
from bot.understanding.values import Understanding

SOON = timedelta(minutes=3)  # a piece later than this is a new thought
LONGEST = 60  # characters of pieces that are kept
TOLD = ("repair_report", "complaint")  # what is told as a story; a question is asked in one go


def together(talk: Talk, meaning: Understanding) -> Understanding:
    """What the message means with the pieces before it, when they tell a story; else what it means alone."""
    whole = _joined(talk)
    if whole is None or whole.action != "answer" or whole.intent not in TOLD:
        return meaning
    if meaning.action == "answer" and meaning.intent != whole.intent:
        return meaning
    talk.turn.heard.reword(whole.text)
    return whole


def _joined(talk: Talk) -> Understanding | None:
    state, heard = talk.state, talk.turn.heard
    recent = state.heard_at is not None and talk.turn.now - state.heard_at <= SOON
    if not (state.said and recent and heard.understand) or len(state.said) > LONGEST:
        return None
    return heard.understand(f"{state.said}，{heard.text}")
