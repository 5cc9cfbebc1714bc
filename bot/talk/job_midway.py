"""What technicians say of their jobs while a question about one is open, or a short list."""

import re

from bot.scripts.format import SlotType
from bot.talk import asking, deed_scripts, engine, job_pointed, leaving, options, taps, times, two_jobs
from bot.talk.opening import begin
from bot.talk.readings import Reading
from bot.talk.talk import Talk
from bot.understanding.acts import Act, Acts, says
from bot.understanding.job_words import pattern
from bot.understanding.normal import normal
from bot.understanding.technicians import Deed, Deeds
from bot.why import Rule

_ABOUT_THE_HOME = re.compile(
    r"电话|号码|地址|哪[栋户家个里]|几[栋楼号单]|姓[什啥]|叫[什啥]|贵姓|怎么称呼|啥情况|什么情况|门牌|详情|联系"
)
_LIST = "jobs"  # the script that lists a technician's jobs and shows one
_PROMISE_NOTHING = (Deed.REFUSE, Deed.TRANSFER, Deed.OFF_DUTY, Deed.ARRIVED, Deed.DONE, Deed.UNDO)
_NEXT = (
    Deed.ACCEPT,
    Deed.ON_THE_WAY,
    Deed.CHANGE_ETA,
    Deed.LATE,
    Deed.ARRIVED,
    Deed.LIST,
    Deed.OFF_DUTY,
    Deed.REFUSE,
    Deed.TRANSFER,
)
_LOOKED_UP = ((Deed.ASK, 0.5), (Deed.LIST, 0.8))  # chances of a question, to look up anew what it is about
_LIKELY = 0.12  # chance of a correction, in words that take a refusal back
_SURE_ENOUGH_TO_LEAVE = 0.75  # of a deed, to leave the open question for it
_FAIRLY_SURE = 0.6  # of one that answers no question: 去不了了 电瓶车坏半道了
_ASKS_SURELY = 0.9  # chance of a question, for words of a deed to do nothing
_CHANGES = (Deed.ACCEPT, Deed.REFUSE, Deed.TRANSFER, Deed.TAKE, Deed.DONE)
_STRONG = 0.8  # chance of a deed that names another job than the one that is asked about


async def doing(talk: Talk, acts: Acts) -> Reading | None:
    """Inside a talk about jobs, or a short list: another thing that is done with a job."""
    deeds = talk.turn.heard.deeds
    if deeds is None or talk.frame.mode or _does_nothing(talk, deeds, acts):
        return None
    if slip := _slip(talk, deeds):
        return slip
    if _takes_refusal_back(talk, deeds, acts):
        return Reading(Rule.DEED, 0.94, _accept_instead, str(deeds.best), "script:accept")
    if further := _ends_the_day(talk, deeds) or _goes_on(talk):
        return further
    if not (_may_leave(talk) or _asks_how(talk, deeds)):
        return None
    if talk.frame.script == _LIST and any(deeds.chance(one) >= least for one, least in _LOOKED_UP):
        return _looked_up(talk)
    if deeds.best is Deed.ASK and not _ABOUT_THE_HOME.search(deeds.text):
        return None
    if several := _several(talk):
        return several
    if deeds.best is Deed.UNDO and deeds.job and acts.best is Act.CORRECT:
        return None  # 接错了，是电梯那单: the answer is another one, and nothing was done yet
    return _named_with_its_time(talk, deeds) or _deed(talk, deeds, acts)


def _does_nothing(talk: Talk, deeds: Deeds, acts: Acts) -> bool:
    """Whether the words only sound like a deed: they put off the photos, leave the list, or ask what would follow."""
    if acts.best is Act.WITHDRAW and says("looks_away", acts.text):
        return True  # 不看了，干活去 refuses nothing
    asks = acts.best is Act.QUESTION and acts.chance(Act.QUESTION) >= _ASKS_SURELY
    return (asks and deeds.best in _CHANGES) or _speaks_of_photos(talk, acts)  # 这单要是不接会怎样


def _several(talk: Talk) -> Reading | None:
    """Two jobs that are told of at once, or all that there are."""
    if len(told := two_jobs.told(talk)) > 1:
        return Reading(Rule.DEED, 0.94, lambda talk: two_jobs.begin(talk, told), "", "jobs")
    if jobs := two_jobs.every(talk):
        return Reading(Rule.DEED, 0.94, lambda talk: two_jobs.begin_each(talk, jobs), "", "jobs")
    return None


def _deed(talk: Talk, deeds: Deeds, acts: Acts) -> Reading | None:
    """The script that does what the words say, if another than the running one may be meant."""
    least = _FAIRLY_SURE if deeds.best in _PROMISE_NOTHING else _SURE_ENOUGH_TO_LEAVE
    found = deed_scripts.meant(talk, deeds, least=least)
    agrees = acts.agrees or bool(talk.step.confirm)  # 没问题 交, at a summary
    if found is None or (agrees and deeds.best is Deed.ACCEPT and not deeds.job):
        return None
    name = found.script.script
    if any(frame.script == name for frame in talk.state.stack):
        return _another_job(talk, deeds, name)
    sure = 0.93 if deeds.job and not acts.asked else 0.86
    if deeds.best is Deed.HELP or _is_offered(talk, name) or _is_no_time(talk, deeds):
        sure = 0.97
    score = (
        sure * deed_scripts.ranked(talk, deeds)[0][1] ** 0.25
    )  # a likely deed is nearly as good as a certain one

    async def act(talk: Talk) -> None:
        pointed = await job_pointed.ticket(talk, deeds, name)
        await begin(talk, name, pointed, meaning=talk.turn.heard.meaning, beside=deeds.best is Deed.HELP)

    return Reading(Rule.DEED, score, act, str(deeds.best), f"script:{name}")


def _is_no_time(talk: Talk, deeds: Deeds) -> bool:
    """下班 明天不来, 是退单, where a time is asked: whatever day they name, nothing is promised."""
    asked = bool(talk.step.collect) and talk.slot(talk.step).type is SlotType.TIME
    return asked and deeds.best in _PROMISE_NOTHING and deeds.chance(deeds.best) >= _FAIRLY_SURE


def _is_offered(talk: Talk, script: str) -> bool:
    """接 十一点, 拒了 不会电, where options are 接单 and 拒单: what is told with them is heard as well."""
    return any(one.go.startswith(f"s:{script}?ticket=") for one in talk.frame.options)


def _slip(talk: Talk, deeds: Deeds) -> Reading | None:
    """点错了, where it is asked why a job is refused or paused: nothing is done."""
    script = talk.compiled.script
    by_mistake = deeds.best is Deed.UNDO and not deeds.job and pattern("slip").search(deeds.text)
    acts = talk.turn.heard.acts
    if acts and acts.best is Act.CORRECT and acts.clauses:
        return None  # 原因点错了，是住户不在家
    if not by_mistake or not script.triggers.deeds or Deed.UNDO in script.triggers.deeds:
        return None
    return Reading(Rule.GIVES_UP, 0.96, _kept if _refuses(talk) else leaving.cancel, deeds.text, "cancel")


def _refuses(talk: Talk) -> bool:
    refusing = talk.bot.catalogue.for_deed(Deed.REFUSE, talk.turn.person)
    return refusing is not None and talk.frame.script == refusing.script.script


async def _kept(talk: Talk) -> None:
    ticket = talk.frame.slots.get("ticket") or ""
    talk.state.stack.pop()
    talk.say_phrase("job.kept", {"ticket": ticket}, variant=talk.state.talks)


def _ends_the_day(talk: Talk, deeds: Deeds) -> Reading | None:
    """今天不干了 下班, where words for a colleague may be left: there are none, and the day is over."""
    skip = next((one for one in talk.frame.options if one.value == asking.SKIP), None)
    asks_words = bool(talk.step.collect) and talk.slot(talk.step).type is SlotType.TEXT
    duty = talk.bot.catalogue.for_deed(deeds.best, talk.turn.person)
    over = deeds.best is Deed.OFF_DUTY and deeds.chance(Deed.OFF_DUTY) >= _STRONG
    if not (asks_words and skip and duty and over and pattern("duty").search(deeds.text)):
        return None

    async def both(talk: Talk) -> None:
        meaning = talk.turn.heard.meaning
        await taps.pick(talk, skip)
        await begin(talk, duty.script.script, {}, meaning=meaning)

    return Reading(Rule.DEED, 0.97, both, str(Deed.OFF_DUTY), f"script:{duty.script.script}")


def _goes_on(talk: Talk) -> Reading | None:
    """“对 下一家4栋那个我20分钟到”, at the summary: it is confirmed, and the next matter is taken up."""
    heard = talk.turn.heard
    first, _, rest = normal(heard.text).replace(",", " ").partition(" ")
    yes = options.agreeing(talk.frame.options) if talk.step.confirm and rest else None
    if yes is None or heard.read is None or heard.read_deeds is None or not heard.read(first).agrees:
        return None
    deeds = heard.read_deeds(rest)
    found = deed_scripts.meant(talk, deeds)
    if found is None or deeds.best not in _NEXT or found.script.script == talk.frame.script:
        return None

    async def both(talk: Talk) -> None:
        await taps.pick(talk, yes)
        heard.reword(rest)
        await begin(talk, found.script.script, {}, said=rest, meaning=heard.meaning)

    return Reading(Rule.DEED, 0.97, both, rest, f"script:{found.script.script}")


def _looked_up(talk: Talk) -> Reading:
    """10202那户电话多少, said to the list: the job itself tells."""
    said = talk.turn.heard.text

    async def again(talk: Talk) -> None:
        await engine.start_over(talk, len(talk.state.stack) - 1, said, "")

    return Reading(Rule.DEED, 0.93, again, str(Deed.ASK), f"again:{_LIST}")


def _speaks_of_photos(talk: Talk, acts: Acts) -> bool:
    """等试完水再拍, where photos are asked, puts off the photos and not the job."""
    if not talk.step.collect or talk.slot(talk.step).type is not SlotType.PHOTOS:
        return False
    return says("photos_later", acts.text)


def _takes_refusal_back(talk: Talk, deeds: Deeds, acts: Acts) -> bool:
    """不是，点错了，我接, where it is asked why a job is refused."""
    if not _refuses(talk):
        return False
    if "不" not in deeds.text and deeds.best is Deed.ACCEPT and deeds.chance(Deed.ACCEPT) >= _STRONG:
        return True  # 哦又行了 我去 is no reason to refuse
    turned = acts.best in (Act.CORRECT, Act.NO, Act.WITHDRAW) or acts.chance(Act.CORRECT) >= _LIKELY
    return deeds.best is Deed.ACCEPT and deeds.chance(Deed.ACCEPT) >= _STRONG and turned


async def _accept_instead(talk: Talk) -> None:
    """点错了，这单我接 takes the job; 又能接了，不拒了 only takes the refusal back."""
    if _only_keeps(talk):
        await _kept(talk)
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


def _asks_how(talk: Talk, deeds: Deeds) -> bool:
    """找高主管, 怎么转单: answered beside any question, those of residents as well."""
    free = bool(talk.step.collect) and talk.slot(talk.step).type is SlotType.TEXT
    return (
        deeds.best is Deed.HELP
        and deeds.chance(Deed.HELP) >= _STRONG
        and talk.step.digress != "never"
        and not free
    )


def _may_leave(talk: Talk) -> bool:
    script, step = talk.compiled.script, talk.step
    if step.digress == "never" or (step.collect and talk.slot(step).type is SlotType.TEXT):
        return False
    return script.quick or bool(script.triggers.deeds)


def _named_with_its_time(talk: Talk, deeds: Deeds) -> Reading | None:
    """王芳那家 三点, where it is asked which job, or when another is seen to: the same is done with that one."""
    slot = talk.slot(talk.step) if talk.step.collect else None
    asked = slot is not None and (slot.type is SlotType.TIME or slot.source == "jobs.fit")
    if not asked or not deeds.job or not pattern("timed").match(normal(deeds.text)):
        return None
    place, said = len(talk.state.stack) - 1, f"{talk.frame.vars.get('said') or ''}，{deeds.text}".strip("，")

    async def again(talk: Talk) -> None:
        talk.turn.heard.reword(said)
        await engine.start_over(talk, place, said, "")

    return Reading(Rule.DEED, 0.96, again, str(deeds.job.clue), "again")


def _another_job(talk: Talk, deeds: Deeds, name: str) -> Reading | None:
    """The same deed with another job than the one whose time is asked: “5栋那单三点到”."""
    slot = talk.slot(talk.step) if talk.step.collect else None
    asks_time = slot is not None and slot.type is SlotType.TIME
    if slot is not None and slot.source == "jobs.fit":  # 灯那单也接，四点, where it is asked which job
        asks_time = times.bare_time(talk.turn.heard, talk.turn)[0] is not None
    if not deeds.job or not asks_time or talk.frame.script != name or deeds.chance(deeds.best) < _STRONG:
        return None
    place, said = len(talk.state.stack) - 1, talk.turn.heard.text

    async def again(talk: Talk) -> None:
        await engine.start_over(talk, place, said, "")

    return Reading(Rule.DEED, 0.92, again, str(deeds.best), f"again:{name}")
