"""Who types slowly sends a sentence in pieces: 厨房 … 那个龙头 … 一直滴. Together they say what none says alone."""

from datetime import timedelta

from bot.talk.state import Offered
from bot.talk.talk import Talk
from bot.understanding.acts import Act
from bot.understanding.values import Understanding

SOON = timedelta(minutes=3)  # a piece later than this is a new thought
LONGEST = 60  # characters of pieces that are kept
_GOES_ON = (Act.INFORM, Act.YES, Act.URGE)
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


def goes_on(talk: Talk) -> Offered | None:
    """The one thing that was just asked about (“您是想办「报修」吗？”), when more of it is told instead of a yes."""
    heard, asked = talk.turn.heard, [one for one in talk.state.offers if one.go.startswith("s:")]
    acts, whole = heard.acts, _joined(talk)
    if len(asked) != 1 or whole is None or acts is None or acts.asked:
        return None
    told = heard.meaning is None or heard.meaning.intent in ("unknown", "smalltalk", whole.ranking[0][0])
    if not told or acts.best not in _GOES_ON:
        return None
    wanted = talk.bot.catalogue.for_intent(whole.ranking[0][0], talk.turn.person)
    if wanted is None or not asked[0].go.startswith(f"s:{wanted.script.script}"):
        return None
    heard.reword(whole.text)
    talk.state.said = whole.text
    return asked[0]


def _joined(talk: Talk) -> Understanding | None:
    state, heard = talk.state, talk.turn.heard
    recent = state.heard_at is not None and talk.turn.now - state.heard_at <= SOON
    if not (state.said and recent and heard.understand) or len(state.said) > LONGEST:
        return None
    return heard.understand(f"{state.said}，{heard.text}")
