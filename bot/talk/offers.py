"""Options that stand outside of a talk, and the one that a message means."""

import re
from datetime import timedelta

from bot.talk import naming, options
from bot.talk.state import Offered
from bot.talk.talk import Talk
from bot.understanding.acts import Act
from bot.understanding.values import Understanding


async def standing(talk: Talk) -> list[Offered]:
    """What is on offer outside of a talk: in the newest message that has it, said in the talk or pushed since."""
    heard = talk.turn.heard
    number = naming.ordinal(heard.text) is not None or _names_a_place(talk)
    if number and (newer := await talk.effects.last_offers(talk.turn, since=talk.state.heard_at)):
        return newer
    if chosen(talk, talk.state.offers):
        return talk.state.offers
    if talk.bot.catalogue.for_keyword(heard.text.strip(), talk.turn.person):
        return []  # "接单" with two jobs open: its script asks which one, the newest message does not decide
    short = number or len(heard.text.strip()) <= 8
    return await talk.effects.last_offers(talk.turn) if short else []


def _names_a_place(talk: Talk) -> bool:
    """Whether the message is no more than a place in a list: 头一个, 最后那个."""
    heard = talk.turn.heard
    acts = heard.acts if len(heard.text.strip()) <= _PLACE else None
    return acts is not None and len(acts.ordinals) == 1


def chosen(talk: Talk, offered: list[Offered]) -> Offered | None:
    """The option of a list that the message names by its number, its words or its place."""
    if found := naming.offered(talk.turn.heard.text, offered):
        return found
    acts = talk.turn.heard.acts
    named = options.by_place(acts, offered) if acts and _names_a_place(talk) else []
    return named[0] if len(named) == 1 else None


_STILL_SHOWN = timedelta(minutes=30)
_PLACE = 8  # characters of a place in a list and no more


async def meant(talk: Talk, meaning: Understanding) -> Offered | None:
    """The option of the newest pushed message that words in a sentence mean: “修得挺好的，师傅很麻利”."""
    if meaning.action == "answer" and meaning.intent not in ("unknown", "smalltalk"):
        return None
    news = [one for one in await talk.effects.last_offers(talk.turn) if one.keywords]
    return naming.loosely(talk.turn.heard.text, news)


def hinted(talk: Talk, meaning: Understanding) -> Offered | None:
    """The option under what was said last that words in a doubtful sentence mean: 要等到明天啊, 能不能现在派保安."""
    if meaning.action == "answer" and meaning.intent not in ("unknown", "smalltalk"):
        return None
    acts, at = talk.turn.heard.acts, talk.state.heard_at
    if acts is None or acts.best is Act.THANKS or at is None or talk.turn.now - at > _STILL_SHOWN:
        return None
    return naming.loosely(talk.turn.heard.text, [one for one in talk.state.offers if one.keywords])


def instead(talk: Talk, meaning: Understanding) -> Understanding | None:
    """都不是，访客停车: none of what was asked about, and what is wanted stands behind."""
    heard = talk.turn.heard
    if not talk.state.offers or heard.understand is None:
        return None
    rest = behind_a_no(heard.text)
    if not rest:
        return None
    alone = heard.understand(rest)
    if meaning.action == "answer" and meaning.intent == alone.intent:
        return None
    heard.reword(rest)
    return alone


def behind_a_no(text: str) -> str:
    """访客停车 of “都不是，访客停车”; "" where nothing that may mean something stands behind."""
    found = _NEITHER.match(text.strip()[:_HEAD])
    rest = text.strip()[found.end() :] if found else ""
    return rest if len(naming.plain(rest)) >= _REST else ""


_NEITHER = re.compile(
    r"^(?:哎|唉|啊|嗯|哦)?(?:都不是|不是的?|都不对|不对|不|没有)(?:[啊呀吧了，,。！!\s]+)(?:我(?:问的?|说的?|要)?(?:是|就是)?)?"
)
_HEAD = 24  # characters in which nothing of what was offered is meant
_REST = 3  # characters that may mean something
