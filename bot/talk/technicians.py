"""What technicians say of their jobs outside of a talk: read before all that residents could mean."""

import re

from bot.talk import deed_scripts, digressions, job_pointed, taps, two_jobs
from bot.talk.opening import begin
from bot.talk.state import Offered
from bot.talk.steering import menu_phrase
from bot.talk.talk import Talk
from bot.understanding.acts import Act
from bot.understanding.job_words import pattern
from bot.understanding.technicians import Deed, Deeds
from bot.values import Option
from bot.why import Rule

_OWN_HOME = re.compile(r"我家|自家|自己家|我们家|家里|咱家|我住|报修|[我自]己?那套")
_ACCEPTS = ("s:job_accept?", "s:job_take?")
_FAIRLY = 0.7
_FOR_RESIDENTS = (
    "activity_signup",
    "announcement",
    "fee_query",
    "merchant",
    "survey",
)  # lists of another kind
_IDLE = ("smalltalk", "unknown")
_LIKELIEST, _LIKELY = 0.4, 0.12  # chances of deeds that are offered where none is sure


async def act(talk: Talk) -> bool:
    """Outside of a talk: do what a technician says of a job. False where it is no word about jobs."""
    deeds = talk.turn.heard.deeds
    if deeds is None or digressions.is_keyword(talk):
        return False
    if await _agreed(talk):
        return True
    if len(several := two_jobs.told(talk)) > 1:
        talk.took(Rule.DEED)
        await two_jobs.begin(talk, several)
        return True
    found = deed_scripts.meant(talk, deeds)
    if found is None:
        return _lost(talk, deeds)
    if deeds.best is Deed.LIST and _asks_as_a_resident(talk):
        return False
    talk.took(Rule.DEED)
    if deeds.best in (Deed.TAKE, Deed.ACCEPT) and not deeds.job and await _taken_from_news(talk):
        return True
    pointed = await job_pointed.ticket(talk, deeds, found.script.script)
    await begin(talk, found.script.script, pointed, meaning=talk.turn.heard.meaning)
    if jobs := two_jobs.every(talk):
        talk.turn.replies.clear()  # nothing but the question which one
        await two_jobs.begin_each(talk, jobs)
    return True


async def _agreed(talk: Talk) -> bool:
    """好, 收到, 👌 and no more, after a message that offers a job: the job is taken."""
    acts = talk.turn.heard.acts
    if acts is None or not acts.agrees or acts.rest or talk.state.offers or _does_other(talk):
        return False
    offers = await talk.effects.last_offers(talk.turn)
    offer = next((one for one in offers if one.go.startswith(_ACCEPTS)), None)
    if offer is None:
        return False
    talk.took(Rule.MEANT_OPTION)
    return await taps.option(talk, offer.go)


def _does_other(talk: Talk) -> bool:
    """接着干 sounds like a yes, and goes on with what waits."""
    deeds = talk.turn.heard.deeds
    return deeds is not None and deeds.best is Deed.RESUME and deeds.chance(Deed.RESUME) >= _FAIRLY


def _asks_as_a_resident(talk: Talk) -> bool:
    """附近有什么活动 asks for no jobs, 今天有什么活 does."""
    meaning = talk.turn.heard.meaning
    if pattern("own_work").search(talk.turn.heard.text):
        return False
    sure = meaning is not None and meaning.action == "answer" and meaning.confidence >= _FAIRLY
    return sure and meaning is not None and meaning.intent in _FOR_RESIDENTS


async def _taken_from_news(talk: Talk) -> bool:
    """抢, 我离得近 我去: takes the job of the newest message, where that offers one to whoever is first."""
    take = talk.bot.catalogue.for_deed(Deed.TAKE, talk.turn.person)
    offers = await talk.effects.last_offers(talk.turn)
    start = f"s:{take.script.script}?" if take else "\0"
    offer = next((one for one in offers if one.go.startswith(start)), None)
    return offer is not None and await taps.option(talk, offer.go, said=talk.turn.heard.text)


def _lost(talk: Talk, deeds: Deeds) -> bool:
    """Neither a deed nor clearly a matter of their own home: the technicians' menu, no guess among others."""
    meaning = talk.turn.heard.meaning
    if (
        meaning is None
        or meaning.danger not in (None, "other")
        or talk.state.parked
        or _begins_own(talk, deeds)
    ):
        return False
    about_work = deeds.best is not Deed.OTHER
    repairs = meaning.intent.startswith("repair_") and not _OWN_HOME.search(deeds.text)
    mistaken = about_work and (repairs or digressions.is_begun_by_word(talk))
    if meaning.action == "answer" and not mistaken and not _puts_off(talk, deeds):
        return False
    if deeds.asked and not about_work and meaning.action == "ask":
        return False
    talk.took(Rule.DEED_UNSURE)
    if _puts_off(talk, deeds):
        talk.say_phrase("job.no_hurry", variant=talk.state.talks)
    elif not _ask_which(talk, deeds):
        talk.say_phrase(menu_phrase(talk), variant=talk.state.lost)
        talk.state.lost += 1
    return True


def _puts_off(talk: Talk, deeds: Deeds) -> bool:
    """等我把这家弄完再说: nothing is done and nothing is asked yet."""
    acts, meaning = talk.turn.heard.acts, talk.turn.heard.meaning
    if deeds.best is not Deed.OTHER:
        return False
    idle = meaning is None or meaning.action != "answer" or meaning.intent in _IDLE
    waits = acts is not None and acts.best in (Act.LATER, Act.WAIT)
    return (idle and waits) or bool(pattern("pauses_for").search(deeds.text))


def _begins_own(talk: Talk, deeds: Deeds) -> bool:
    """Whether the message begins with a word that starts a script, which no talk about jobs explains better."""
    begun = talk.bot.catalogue.for_keyword(talk.turn.heard.text.strip(), talk.turn.person)
    return begun is not None and (deeds.best is Deed.OTHER or bool(begun.script.triggers.deeds))


def _ask_which(talk: Talk, deeds: Deeds) -> bool:
    """Ask which of two or three deeds is meant. False when none is likely."""
    ranked = deed_scripts.ranked(talk, deeds)
    if not ranked or not ranked[0][0] or ranked[0][1] < _LIKELIEST:
        return False
    likely = [name for name, chance in ranked[:3] if name and chance >= _LIKELY]
    meaning = talk.turn.heard.meaning
    reports = meaning is not None and meaning.intent == "repair_report"
    own = talk.bot.catalogue.for_intent("repair_report", talk.turn.person) if reports else None
    if own and own.script.script not in likely:
        likely.append(own.script.script)  # their own home may be meant after all
    offers = [Offered(_title(talk, name), go=f"s:{name}?p=1") for name in likely]
    reply = talk.phrase("bot.which", variant=talk.state.talks)
    offers += [Offered(one.text, go=one.id, keywords=one.keywords) for one in reply.options]
    talk.state.said, talk.state.offers = deeds.text, offers
    talk.show(reply.text, [Option(one.text, one.go) for one in offers])
    return True


def _title(talk: Talk, name: str) -> str:
    return talk.bot.catalogue.newest(name).script.title
