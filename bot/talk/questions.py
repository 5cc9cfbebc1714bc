"""Answering what is asked back: why this is asked, what it costs, how long it takes. The open question stays open."""

import re

from bot.talk import asking, digressions
from bot.talk.opening import begin
from bot.talk.talk import Talk
from bot.understanding.acts import Asked
from bot.understanding.values import Understanding

_OWN = 0.45  # of an intent of the running script, for a question to be part of its story
_LIKELY = 0.55
_ARTICLES = "faq"
_MAYBE = 0.2
_CLEARLY = 0.9
_SHORT = 8
_WISHES = re.compile(
    r"能不能|能否|可不可以|要是|最好|希望|不如"
)  # how ideas are worded, question mark or not
SUSPICION = "suspicion"  # the script that asks whether somebody is in danger


async def answer(talk: Talk) -> None:
    """What the script knows, then what another script or an article knows; then the open question again."""
    acts, meaning = talk.turn.heard.acts, talk.turn.heard.meaning
    about = acts.about if acts else None
    if about is Asked.WHY and talk.step.why:
        await _say(talk, talk.step.why)
        return
    found = digressions.wanted(talk, free=False)
    known = talk.compiled.script.answers.get(about) if about else None
    elsewhere = found and meaning and talk.step.digress == "allow" and _leads_away(meaning, about, known)
    if found and elsewhere:
        await begin(talk, found.script.script, {}, meaning=meaning, beside=True)
        return
    if known:
        await _say(talk, known)
        return
    if _in_articles(talk) and talk.step.digress == "allow":
        await begin(talk, _ARTICLES, {"question": talk.turn.heard.text.strip()}, beside=True)
        return
    if talk.step.why:
        await _say(talk, talk.step.why)
        return
    talk.note("bot.cannot_say")
    await asking.ask(talk, again=True)


async def explain(talk: Talk) -> None:
    """Why this is asked, and that people can be asked instead."""
    if talk.step.why:
        await _say(talk, talk.step.why)
        return
    talk.note("bot.needed")
    await asking.ask(talk, again=True)


async def ask_danger(talk: Talk) -> None:
    """Ask whether somebody is in danger, before anything else."""
    await begin(talk, SUSPICION, {}, meaning=talk.turn.heard.meaning)


def tells_its_own_story(talk: Talk) -> bool:
    """Whether a question belongs to the story that is told: “楼上天天半夜吵，有没有人管？” in a complaint."""
    meaning, acts = talk.turn.heard.meaning, talk.turn.heard.acts
    if meaning is None or acts is None:
        return False
    if talk.step.collect and talk.slot(talk.step).reads == "question":
        return True
    own = talk.compiled.script.triggers.intents
    if "suggestion" in own and _WISHES.search(acts.text) and len(acts.text) > _SHORT:
        return True
    chance = sum(score for intent, score in meaning.ranking if intent in own)
    likeliest = meaning.ranking[0][0] in own
    return (chance >= _OWN or likeliest) and len(acts.text) > _SHORT


def _leads_away(meaning: Understanding, about: Asked | None, known: str | None) -> bool:
    """Whether the question clearly belongs to another talk: “要钱吗” does not ask for one's own bill."""
    if meaning.intent == "contact" and about is Asked.WHY:
        return False
    if about is Asked.COST and len(meaning.text) <= _SHORT:
        return False
    return meaning.confidence >= (_CLEARLY if known else _LIKELY)


def _in_articles(talk: Talk) -> bool:
    meaning = talk.turn.heard.meaning
    if meaning is None or not talk.bot.catalogue.knows(_ARTICLES):
        return False
    running = {frame.script for frame in talk.state.stack}
    return _ARTICLES not in running and dict(meaning.ranking).get(_ARTICLES, 0.0) >= _MAYBE


async def _say(talk: Talk, text: str) -> None:
    talk.notes.append(talk.fill(text))
    await asking.ask(talk, again=True)
