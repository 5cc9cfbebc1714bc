"""Who types slowly sends a sentence in pieces: 厨房 … 那个龙头 … 一直滴. Together they say what none says alone."""

import re
from datetime import timedelta

from bot.talk import naming
from bot.talk.state import Offered
from bot.talk.talk import Talk
from bot.understanding.acts import Act, says
from bot.understanding.entities import find_fault, is_broken
from bot.understanding.gist import joined
from bot.understanding.normal import normal
from bot.understanding.values import Understanding

SOON = timedelta(minutes=3)  # a piece later than this is a new thought
_PIECE = 6  # characters of a piece of a sentence
LONGEST = 60  # characters of pieces that are kept
_GOES_ON = (Act.INFORM, Act.YES, Act.URGE)
_WITH_WORDS = re.compile(r"s:.*[?&]p=1")  # starts a script with the words that were asked about
_LIKELY, _AHEAD = 0.25, 0.15  # of what the pieces together mean, and before the next
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


def is_piece(talk: Talk, meaning: Understanding) -> bool:
    """Whether the message is the beginning of a sentence, or its next piece: 我家, 阳台, 的窗户."""
    text, acts = talk.turn.heard.text.strip(), talk.turn.heard.acts
    if acts is None or acts.asked or len(naming.plain(text)) > _PIECE or is_broken(normal(text)):
        return False
    if text.startswith("的") or says("piece", text):
        return True
    if meaning.action == "answer" and meaning.intent not in ("unknown", "smalltalk"):
        return False
    return find_fault(normal(text), mending=True).place is not None


def listen(talk: Talk) -> None:
    """Keep the piece with those before it, and let them go on."""
    state, text = talk.state, talk.turn.heard.text.strip()
    first = not (state.said and _is_recent(talk))
    state.said = text if first else joined(state.said, text)
    talk.say_phrase("bot.listening", variant=0 if first else 1 + len(state.said) % 2)


def goes_on(talk: Talk) -> Offered | None:
    """Which of the things just asked about (“您是想办「报修」吗？”) is meant, when more is told instead of a tap."""
    heard, asked = talk.turn.heard, [one for one in talk.state.offers if _WITH_WORDS.match(one.go)]
    acts, whole = heard.acts, _joined(talk)
    if not asked or whole is None or acts is None or acts.asked or acts.best not in _GOES_ON:
        return None
    if heard.meaning and heard.meaning.action == "answer" and heard.meaning.intent not in dict(whole.ranking):
        return None
    found = _likeliest(talk, whole, asked)
    if found is not None and _wants_other(talk, found):
        return None
    if found is not None:
        heard.reword(whole.text)
        talk.state.said = whole.text
    return found


def _wants_other(talk: Talk, found: Offered) -> bool:
    """看看活动 is clear by itself: it goes on with nothing that was asked before."""
    meaning = talk.turn.heard.meaning
    if meaning is None or meaning.action != "answer" or meaning.intent in ("unknown", "smalltalk", *TOLD):
        return False
    clear = talk.bot.catalogue.for_intent(meaning.intent, talk.turn.person)
    return clear is not None and clear.script.script != _starts(found)


def _likeliest(talk: Talk, whole: Understanding, asked: list[Offered]) -> Offered | None:
    """The one that the pieces together surely mean; None when two are nearly as likely."""
    chances: list[tuple[float, Offered]] = []
    for intent, chance in whole.ranking:
        wanted = talk.bot.catalogue.for_intent(intent, talk.turn.person)
        offer = next((one for one in asked if wanted and _starts(one) == wanted.script.script), None)
        if offer is not None:
            chances.append((chance, offer))
    if not chances:
        return None
    second = chances[1][0] if len(chances) > 1 else 0.0
    sure = chances[0][0] >= _LIKELY and chances[0][0] - second >= (_AHEAD if len(asked) > 1 else 0.0)
    return chances[0][1] if sure else None


def _starts(offer: Offered) -> str:
    return offer.go.removeprefix("s:").partition("?")[0]


def _joined(talk: Talk) -> Understanding | None:
    state, heard = talk.state, talk.turn.heard
    if not (state.said and _is_recent(talk) and heard.understand) or len(state.said) > LONGEST:
        return None
    return heard.understand(joined(state.said, heard.text.strip()))


def _is_recent(talk: Talk) -> bool:
    """Whether the last message is so near that this one may go on with it."""
    at = talk.state.heard_at
    return at is not None and talk.turn.now - at <= SOON
