"""Answering what is asked back: why this is asked, what it costs, how long it takes. The open question stays open."""

from bot.talk import asking, digressions
from bot.talk.opening import begin
from bot.talk.talk import Talk
from bot.understanding.acts import Act, Asked

_OWN = 0.45  # of an intent of the running script, for a question to be part of its story
_LIKELY = 0.55
_ARTICLES = "faq"
_MAYBE = 0.2
SUSPICION = "suspicion"  # the script that asks whether somebody is in danger


async def answer(talk: Talk) -> None:
    """What the script knows, then what another script or an article knows; then the open question again."""
    acts, meaning = talk.turn.heard.acts, talk.turn.heard.meaning
    about = acts.about if acts else None
    if about is Asked.WHY and talk.step.why:
        await _say(talk, talk.step.why)
        return
    free = False
    found = digressions.wanted(talk, free=free)
    if found and meaning and talk.step.digress == "allow" and meaning.intent != "contact":
        await begin(talk, found.script.script, {}, meaning=meaning)
        return
    if about and (text := talk.compiled.script.answers.get(about)):
        await _say(talk, text)
        return
    if _in_articles(talk) and talk.step.digress == "allow":
        await begin(talk, _ARTICLES, {}, meaning=meaning)
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
    own = talk.compiled.script.triggers.intents
    chance = sum(score for intent, score in meaning.ranking if intent in own)
    return chance >= _OWN and len(acts.text) > 8 and acts.best is not Act.QUESTION


def _in_articles(talk: Talk) -> bool:
    meaning = talk.turn.heard.meaning
    if meaning is None or not talk.bot.catalogue.knows(_ARTICLES):
        return False
    running = {frame.script for frame in talk.state.stack}
    return _ARTICLES not in running and dict(meaning.ranking).get(_ARTICLES, 0.0) >= _MAYBE


async def _say(talk: Talk, text: str) -> None:
    talk.notes.append(talk.fill(text))
    await asking.ask(talk, again=True)
