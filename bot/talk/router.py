"""Deciding what a message is for: an option, a command, the open question, another talk, or nothing we know.

The order is the product: danger first, then what was tapped, then commands, then the running talk, then new ones.
"""

import re

from bot.talk import (
    afterwards,
    aging,
    alerting,
    answers,
    asking,
    digressions,
    engine,
    fragments,
    leaving,
    manners,
    offers,
    photos,
    questions,
    signals,
    spelling,
    stories,
    taps,
    technicians,
)
from bot.talk.arbitration import arbitrate
from bot.talk.disambiguation import which
from bot.talk.opening import begin, offer_resume
from bot.talk.state import Offered
from bot.talk.steering import aside, ordered, steer
from bot.talk.talk import Talk
from bot.understanding.acts import Act, Acts, says
from bot.understanding.signs import only_signs, words_of_signs
from bot.understanding.values import Understanding
from bot.values import Kind
from bot.why import Rule

LIKELY = 0.4  # of the best of several intents, to ask in mid-talk which one is meant
LOST = 3  # messages in a row that nobody understood before people are offered
RESUME = re.compile(r"^(?:继续|接着)[填办来报说]?[吧呀啊]?[。！!]?$")


async def route(talk: Talk) -> None:
    """Answer one message. Afterwards turn.replies and state say everything there is to say and keep."""
    heard = talk.turn.heard
    aging.lay_aside_what_is_old(talk)
    await aging.yield_to_news(talk)
    await photos.forget_lost(talk)
    if heard.kind in (Kind.FOLLOW, Kind.SCAN):
        await signals.scanned(talk, heard.key, followed=heard.kind is Kind.FOLLOW)
    elif heard.kind is Kind.MENU:
        await signals.menu(talk, heard.key)
    elif heard.kind is Kind.IMAGE:
        talk.took(Rule.PHOTO)
        await photos.received(talk)
    elif heard.kind is Kind.LOCATION:
        await signals.location(talk)
    elif heard.kind is Kind.TEXT:
        await _text(talk)
    else:
        talk.took(Rule.NO_WORDS)
        await signals.leave_recording(talk)
        await aside(talk, signals.OTHER_KINDS.get(heard.kind, "bot.other"))
    engine.flush(talk)
    if talk.loud and not talk.turn.replies:
        await _break_silence(talk)


async def _break_silence(talk: Talk) -> None:
    """A script that ends without a word is no dead end, and a question that is open is asked again."""
    if talk.running:
        await asking.ask(talk, again=True)
        engine.flush(talk)
    else:
        talk.say_phrase("bot.ok", variant=talk.state.talks)


async def _text(talk: Talk) -> None:
    heard = talk.turn.heard
    talk.took(Rule.TAPPED)
    if heard.option_id and await taps.option(talk, heard.option_id):
        return
    spelling.take_pinyin(talk)
    if await alerting.danger(talk) or await alerting.needs_somebody(talk):
        return
    if talk.running and _says_nothing(heard.text):
        await _wordless(talk)
        return
    if talk.running:
        await _in_talk(talk)
        return
    if steering := ordered(talk):
        talk.took(Rule.COMMAND)
        await steer(talk, steering)
        return
    if option_id := await taps.earlier(talk):
        talk.took(Rule.EARLIER_OPTION)
        await taps.shown_before(talk, option_id)
        return
    if offer := offers.chosen(talk, await offers.standing(talk)):
        talk.took(Rule.STANDING_OPTION)
        await taps.option(talk, offer.go)
        return
    if _says_nothing(heard.text):
        await _wordless(talk)
    else:
        await _out_of_the_blue(talk)


def _says_nothing(text: str) -> bool:
    """Emoji and faces that stand for no word: neither an answer nor a wish."""
    return only_signs(text) and not words_of_signs(text).strip()


async def _wordless(talk: Talk) -> None:
    talk.took(Rule.STICKER)
    if talk.running:
        await aside(talk, "slot.sign")
    else:
        talk.say_phrase("bot.sticker", variant=talk.state.lost)
        talk.state.lost += 1


async def _in_talk(talk: Talk) -> None:
    """A typed message while a question is open: what it is, is decided by all that it may be."""
    decision = await arbitrate(talk)
    if (decision is None or decision.taken.score < _FAINT) and (report := afterwards.shown(talk)):
        engine.leave(talk)
        await afterwards.take_up(talk, report)
        await _after_report(talk)
        return
    if manners.is_misheard(talk) and not (decision and decision.taken.rule is Rule.PROTEST):
        talk.note("bot.misheard")
    if decision is not None:
        talk.took(decision.taken.rule)
        talk.turn.why.readings = [one.weighed() for one in (decision.taken, *decision.others)]
        await decision.taken.act(talk)
        return
    await _unheard(talk)


async def _unheard(talk: Talk) -> None:
    """Nothing takes it: the words that started the talk ask it anew, a guess is asked back, else what was wrong."""
    if digressions.repeated(talk):
        talk.took(Rule.ONCE_MORE)
        await _once_more(talk)
        return
    if calm := questions.tells_calmly(talk):
        talk.took(Rule.NO)
        await taps.pick(talk, calm)
        return
    await talk.effects.not_understood(talk.turn, talk.frame.script, talk.frame.at)
    if manners.is_abusive(talk):
        talk.took(Rule.ABUSE)
        await aside(talk, "bot.abuse")
    elif not stories.tells_on(talk) and _which_aside(talk):
        talk.took(Rule.WHICH)
    elif await answers.would_correct(talk) and await answers.correct(talk):
        talk.took(Rule.CORRECTION)
    elif (stories.tells_on(talk) or _asks(talk)) and stories.keep_words(talk):
        talk.took(Rule.TOLD_MORE)
        await stories.say_kept(talk)
    else:
        talk.took(Rule.UNFIT)
        await answers.refuse(talk, None)


async def _once_more(talk: Talk) -> None:
    """The words that start this very script: a fresh list, another job by its number, or the question again."""
    if talk.compiled.script.quick or any(one.isdigit() for one in talk.turn.heard.text):
        await begin(talk, talk.frame.script, {}, meaning=talk.turn.heard.meaning)
    else:
        await asking.ask(talk, again=True)


def _asks(talk: Talk) -> bool:
    """Whether a question was put that nothing answers: staff will read it."""
    acts = talk.turn.heard.acts
    return acts is not None and acts.asked


def _which_aside(talk: Talk) -> bool:
    """In the middle of a talk: the message may want one of two other things. Ask, and offer to go on here."""
    meaning = talk.turn.heard.meaning
    if meaning is None or meaning.action != "ask" or talk.step.digress == "never":
        return False
    intent, likely = meaning.ranking[0]
    if likely < LIKELY or intent in ("unknown", "smalltalk"):
        return False  # a clumsy answer is still an answer: better to ask the question again
    if sum(score for _, score in meaning.ranking[:2]) < digressions.VERY_SURE:
        return False
    running = {frame.script for frame in talk.state.stack}
    found = talk.bot.catalogue.for_intent(meaning.ranking[0][0], talk.turn.person)
    if found is None or found.script.script in running or len(talk.state.stack) >= engine.DEEPEST:
        return False
    which(
        talk,
        meaning,
        Offered(talk.phrase("bot.go_on", {"title": talk.compiled.script.title}).text, go="c:resume"),
    )
    talk.frame.options = list(talk.state.offers)
    return True


async def _out_of_the_blue(talk: Talk) -> None:
    heard = talk.turn.heard
    catalogue, who = talk.bot.catalogue, talk.turn.person
    if await technicians.act(talk):
        return
    if afterwards.speaks_of_report(talk) and await afterwards.take_up(talk):
        await _after_report(talk)
        return
    if questions.is_all_clear(talk):
        talk.took(Rule.ALL_CLEAR)
        await questions.call_back(talk)
        return
    if questions.tells_of_alert(talk):
        talk.took(Rule.DANGER)
        await questions.add_to_alert(talk)
        return
    if heard.acts and (leaving.gives_up_first(heard.acts) or _ends_it(heard.acts)):
        talk.took(Rule.GIVES_UP)
        talk.say_phrase("bot.ok", variant=talk.state.talks)
        return
    if found := catalogue.for_keyword(heard.text.strip(), who):
        talk.took(Rule.KEYWORD)
        await begin(talk, found.script.script, {}, meaning=heard.meaning)
        return
    if talk.state.parked and RESUME.match(heard.text.strip()):
        talk.took(Rule.RESUME)
        await taps.control(talk, "resume")
        return
    if not any(one.isalnum() for one in heard.text):
        await _wordless(talk)
        return
    if heard.meaning is None or manners.is_outburst(talk):
        await _lost(talk)
        return
    await _by_meaning(talk, heard.meaning)


async def _after_report(talk: Talk) -> None:
    """What is said of a report that is handed in, once its receipt is open again."""
    if talk.running and talk.frame.script == afterwards.RECEIPT:
        await _in_talk(talk)
    else:
        talk.took(Rule.ANY_WORDS)


_ENDING = 8  # characters of a word with which a talk is over
_FAINT = 0.72  # score of a reading, for words of a report that is handed in to be read as such instead


def _ends_it(acts: Acts) -> bool:
    """没了, 没别的了, behind something that is done."""
    return (
        acts.best is Act.NONE
        and len(acts.text) <= _ENDING
        and not acts.asked
        and says("nothing_else", acts.text)
    )


async def _by_meaning(talk: Talk, meaning: Understanding) -> None:
    """A message outside of any talk that no word by itself decides: what it goes on with, or what it wants."""
    heard = talk.turn.heard
    if instead := offers.instead(talk, meaning):
        meaning = instead
    if reply := await offers.meant(talk, meaning):
        talk.took(Rule.MEANT_OPTION)
        await taps.option(talk, reply.go, said="" if digressions.is_question(talk) else heard.text)
        return
    if hint := offers.hinted(talk, meaning) or fragments.goes_on(talk):
        talk.took(Rule.MEANT_OPTION)
        await taps.option(talk, hint.go, said=heard.text)
        return
    if fragments.is_piece(talk, meaning):
        talk.took(Rule.PIECE)
        fragments.listen(talk)
        return
    meaning = fragments.together(talk, meaning)
    if questions.is_danger_suspected(talk):
        talk.took(Rule.SUSPICION)
        await questions.ask_danger(talk)
        return
    if meaning.action == "ask":
        talk.took(Rule.WHICH)
        which(talk, meaning)
        return
    found = (
        talk.bot.catalogue.for_intent(meaning.intent, talk.turn.person)
        if meaning.action == "answer"
        else None
    )
    if found:
        talk.took(Rule.INTENT)
        await begin(talk, found.script.script, {}, meaning=meaning)
    else:
        talk.state.said = meaning.text
        await _lost(talk)


async def _lost(talk: Talk) -> None:
    state = talk.state
    if manners.is_abusive(talk):
        talk.took(Rule.ABUSE)
        talk.say_phrase("bot.abuse", variant=state.lost)
        state.lost += 1
        return
    talk.took(Rule.LOST)
    await talk.effects.not_understood(talk.turn, "", "")
    if state.parked:
        offer_resume(talk, state.parked[-1])
        return
    state.lost += 1
    talk.say_phrase("bot.lost" if state.lost >= LOST else "bot.unknown", variant=state.lost)
