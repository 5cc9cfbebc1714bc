"""Options that stand outside of a talk, and the one that a message means."""

from bot.talk import slots
from bot.talk.state import Offered
from bot.talk.talk import Talk
from bot.understanding.values import Understanding


async def standing(talk: Talk) -> list[Offered]:
    """What is on offer outside of a talk: in the newest message that has it, said in the talk or pushed since."""
    heard = talk.turn.heard
    number = slots.ordinal(heard.text) is not None
    if number and (newer := await talk.effects.last_offers(talk.turn, since=talk.state.heard_at)):
        return newer
    if slots.offered(heard.text, talk.state.offers):
        return talk.state.offers
    if talk.bot.catalogue.for_keyword(heard.text.strip(), talk.turn.person):
        return []  # "接单" with two jobs open: its script asks which one, the newest message does not decide
    short = number or len(heard.text.strip()) <= 8
    return await talk.effects.last_offers(talk.turn) if short else []


async def meant(talk: Talk, meaning: Understanding) -> Offered | None:
    """The option of the newest pushed message that words in a sentence mean: “修得挺好的，师傅很麻利”."""
    if meaning.action == "answer" and meaning.intent not in ("unknown", "smalltalk"):
        return None
    news = [one for one in await talk.effects.last_offers(talk.turn) if one.keywords]
    return slots.loosely(talk.turn.heard.text, news)
