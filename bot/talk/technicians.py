"""What technicians say of their jobs: read before all that residents could mean, and led to the jobs' scripts."""

import re

from bot.scripts.catalogue import Compiled
from bot.scripts.format import SlotType
from bot.talk import asking, deed_scripts, digressions, engine, job_told, slots, taps, two_jobs
from bot.talk.opening import begin
from bot.talk.readings import Reading
from bot.talk.state import Offered
from bot.talk.steering import menu_phrase
from bot.talk.talk import Talk
from bot.understanding.acts import Act, Acts, says
from bot.understanding.job_words import pattern
from bot.understanding.technicians import Deed, Deeds
from bot.values import Option
from bot.why import Rule

_OWN_HOME = re.compile(r"我家|自家|自己家|我们家|家里|咱家|我住|报修|[我自]己?那套")
_ABOUT_THE_HOME = re.compile(r"电话|号码|地址|哪[栋户家个里]|几[栋楼号单]|姓什么|怎么称呼")
_ACCEPTS = ("s:job_accept?", "s:job_take?")
_FAIRLY = 0.7
SURE = 0.35  # of a deed before the next likely one, for it to be what was meant
_FOR_RESIDENTS = (
    "activity_signup",
    "announcement",
    "fee_query",
    "merchant",
    "survey",
)  # lists of another kind
_IDLE = ("smalltalk", "unknown")
_LIKELIEST, _LIKELY = 0.4, 0.12  # chances of deeds that are offered where none is sure
_SURE_ENOUGH_TO_LEAVE = 0.75  # of a deed, to leave the open question for it
_STRONG = 0.8  # chance of a deed that names another job than the one that is asked about
_TELLS = 0.87  # of materials and a price told while something else is asked


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
    found = _script(talk, deeds)
    if found is None:
        return _lost(talk, deeds)
    if deeds.best is Deed.LIST and _asks_as_a_resident(talk):
        return False
    talk.took(Rule.DEED)
    if deeds.best in (Deed.TAKE, Deed.ACCEPT) and not deeds.job and await _taken_from_news(talk):
        return True
    await begin(talk, found.script.script, {}, meaning=talk.turn.heard.meaning)
    if jobs := two_jobs.every(talk):
        talk.turn.replies.clear()  # nothing but the question which one
        await two_jobs.begin_each(talk, jobs)
    return True


async def _agreed(talk: Talk) -> bool:
    """好, 收到, 👌 and no more, after a message that offers a job: the job is taken."""
    acts = talk.turn.heard.acts
    if acts is None or not acts.agrees or acts.rest or talk.state.offers:
        return False
    offers = await talk.effects.last_offers(talk.turn)
    offer = next((one for one in offers if one.go.startswith(_ACCEPTS)), None)
    if offer is None:
        return False
    talk.took(Rule.MEANT_OPTION)
    return await taps.option(talk, offer.go)


def _asks_as_a_resident(talk: Talk) -> bool:
    """附近有什么活动 asks for no jobs, 今天有什么活 does."""
    meaning = talk.turn.heard.meaning
    sure = meaning is not None and meaning.action == "answer" and meaning.confidence >= _FAIRLY
    return sure and meaning is not None and meaning.intent in _FOR_RESIDENTS


async def _taken_from_news(talk: Talk) -> bool:
    """抢, 我离得近 我去: takes the job of the newest message, where that offers one to whoever is first."""
    take = talk.bot.catalogue.for_deed(Deed.TAKE, talk.turn.person)
    offers = await talk.effects.last_offers(talk.turn)
    start = f"s:{take.script.script}?" if take else "\0"
    offer = next((one for one in offers if one.go.startswith(start)), None)
    return offer is not None and await taps.option(talk, offer.go)


def _script(talk: Talk, deeds: Deeds, *, least: float = SURE) -> Compiled | None:
    """The script that the message surely means; deeds that one script does are as good as one."""
    ranked = deed_scripts.ranked(talk, deeds)
    best, chance = ranked[0] if ranked else ("", 0.0)
    second = ranked[1][1] if len(ranked) > 1 else 0.0
    return talk.bot.catalogue.newest(best) if best and chance - second >= least else None


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


async def doing(talk: Talk, acts: Acts) -> Reading | None:
    """Inside a talk about jobs, or a short list: another thing that is done with a job."""
    deeds = talk.turn.heard.deeds
    if deeds is None or talk.frame.mode or _speaks_of_photos(talk, acts):
        return None
    if _takes_refusal_back(talk, deeds, acts):
        return Reading(Rule.DEED, 0.94, _accept_instead, str(deeds.best), "script:accept")
    if not _may_leave(talk):
        return None
    if deeds.best is Deed.ASK and not _ABOUT_THE_HOME.search(deeds.text):
        return None
    if len(several := two_jobs.told(talk)) > 1:
        return Reading(Rule.DEED, 0.94, lambda talk: two_jobs.begin(talk, several), "", "jobs")
    if jobs := two_jobs.every(talk):
        return Reading(Rule.DEED, 0.94, lambda talk: two_jobs.begin_each(talk, jobs), "", "jobs")
    if deeds.best is Deed.UNDO and deeds.job and acts.best is Act.CORRECT:
        return None  # 接错了，是电梯那单: the answer is another one, and nothing was done yet
    found = _script(talk, deeds, least=_SURE_ENOUGH_TO_LEAVE)
    if found is None or (acts.agrees and deeds.best is Deed.ACCEPT):
        return None
    name = found.script.script
    if any(frame.script == name for frame in talk.state.stack):
        return _another_job(talk, deeds, name)
    sure = 0.93 if deeds.job and not acts.asked else 0.86
    score = (
        sure * deed_scripts.ranked(talk, deeds)[0][1] ** 0.25
    )  # a likely deed is nearly as good as a certain one

    async def act(talk: Talk) -> None:
        await begin(talk, name, {}, meaning=talk.turn.heard.meaning, beside=deeds.best is Deed.HELP)

    return Reading(Rule.DEED, score, act, str(deeds.best), f"script:{name}")


def _speaks_of_photos(talk: Talk, acts: Acts) -> bool:
    """等试完水再拍, where photos are asked, puts off the photos and not the job."""
    if not talk.step.collect or talk.slot(talk.step).type is not SlotType.PHOTOS:
        return False
    return says("photos_later", acts.text)


def _takes_refusal_back(talk: Talk, deeds: Deeds, acts: Acts) -> bool:
    """不是，点错了，我接, where it is asked why a job is refused."""
    refusing = talk.bot.catalogue.for_deed(Deed.REFUSE, talk.turn.person)
    if refusing is None or talk.frame.script != refusing.script.script:
        return False
    turned = acts.best in (Act.CORRECT, Act.NO, Act.WITHDRAW) or acts.chance(Act.CORRECT) >= _LIKELY
    return deeds.best is Deed.ACCEPT and deeds.chance(Deed.ACCEPT) >= _STRONG and turned


async def _accept_instead(talk: Talk) -> None:
    """点错了，这单我接 takes the job; 又能接了，不拒了 only takes the refusal back."""
    if _only_keeps(talk):
        ticket = talk.frame.slots.get("ticket") or ""
        talk.state.stack.pop()
        talk.say_phrase("job.kept", {"ticket": ticket}, variant=talk.state.talks)
        return
    accepting = talk.bot.catalogue.for_deed(Deed.ACCEPT, talk.turn.person)
    assert accepting is not None
    ticket = str(talk.frame.slots.get("ticket") or "")
    values = {"ticket": ticket} if ticket else {}
    await begin(talk, accepting.script.script, values, meaning=talk.turn.heard.meaning)


def _only_keeps(talk: Talk) -> bool:
    """Whether a refusal is taken back without a word that takes the job, or when."""
    said = talk.turn.heard.text
    return bool(pattern("keeps").search(said)) and not pattern("tells_when").search(said)


def _may_leave(talk: Talk) -> bool:
    script, step = talk.compiled.script, talk.step
    if step.digress == "never" or (step.collect and talk.slot(step).type is SlotType.TEXT):
        return False
    return script.quick or bool(script.triggers.deeds)


def _another_job(talk: Talk, deeds: Deeds, name: str) -> Reading | None:
    """The same deed with another job than the one whose time is asked: “5栋那单三点到”."""
    slot = talk.slot(talk.step) if talk.step.collect else None
    asks_time = slot is not None and slot.type is SlotType.TIME
    if slot is not None and slot.source == "jobs.fit":  # 灯那单也接，四点, where it is asked which job
        asks_time = slots.bare_time(talk.turn.heard, talk.turn)[0] is not None
    if not deeds.job or not asks_time or talk.frame.script != name or deeds.chance(deeds.best) < _STRONG:
        return None
    place, said = len(talk.state.stack) - 1, talk.turn.heard.text

    async def again(talk: Talk) -> None:
        await engine.start_over(talk, place, said, "")

    return Reading(Rule.DEED, 0.92, again, str(deeds.best), f"again:{name}")


async def telling(talk: Talk, acts: Acts) -> Reading | None:
    """Materials and the price told while photos of the finished job, or one of the two, are asked."""
    if (
        talk.frame.mode
        or not talk.step.collect
        or acts.asked
        or not job_told.tells(talk, but=talk.step.collect)
    ):
        return None
    if talk.slot(talk.step).type is not SlotType.PHOTOS:
        return None  # the answer is taken, and what is told beside it with it

    async def tell(talk: Talk) -> None:
        told = job_told.fill(talk, but=talk.step.collect)
        for name in told:
            label = talk.compiled.script.slots[name].label or name
            talk.note(
                "bot.noted", {"label": label, "value": talk.words(name) or talk.phrase("job.nothing").text}
            )
        await asking.ask(talk, again=True)

    return Reading(Rule.DEED_TOLD, _TELLS, tell, deeds_words(talk), "told")


def deeds_words(talk: Talk) -> str:
    deeds = talk.turn.heard.deeds
    return deeds.materials if deeds else ""
