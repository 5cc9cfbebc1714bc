"""“3栋的修好了，5栋那个要换件”: two jobs told in one message. Both are seen to, one after the other."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from bot.talk import deed_scripts, engine
from bot.talk.state import Offered
from bot.talk.talk import Talk
from bot.understanding.job_words import JobMeant, find_job, pattern
from bot.understanding.likeness import things_of
from bot.understanding.normal import normal
from bot.understanding.technicians import Deed

_CLAUSES = re.compile(r"[,，。;；!！\n]+|(?<=[\u4e00-\u9fff])\s+(?=[\u4e00-\u9fff\d])")
_PAUSES = re.compile(r"[\s,，。;；!！]+")
_LEADS = re.compile(r"^(?:然后|另外|还有|再就是|接着|对了|和)")
_PLACE = re.compile(r"(?:第[一二三四五六七八九十\d]{1,2}|最后一?)[单个件家]的?")
_ALL_OF_THEM = re.compile(r"^.*?(?:都|全部?|一起)我?")
_HEAD = 4  # characters in which a clause says whose words it tells
_SURE = 0.3  # of a deed before the next likely one, in a clause that names a job
MOST = 3
_DUTY = (Deed.ON_DUTY, Deed.OFF_DUTY)
_BESIDE_DUTY = (
    Deed.REFUSE,
    Deed.TRANSFER,
    Deed.HOLD,
    Deed.SHORT_OF_PARTS,
    Deed.DONE,
    Deed.LIST,
    Deed.ACCEPT,
    Deed.CHANGE_ETA,
)


@dataclass(slots=True)
class Told:
    """What is done with one job, in the words that tell of it, and the script that does it."""

    words: str
    script: str
    job: JobMeant


def told(talk: Talk) -> list[Told]:
    """What a technician tells of several jobs; fewer than two where the message is about one."""
    clauses = [one.strip() for one in _CLAUSES.split(talk.turn.heard.text) if one.strip()]
    if len(clauses) < 2 or talk.turn.heard.read_deeds is None:
        return []
    if each := _each_at_its_time(talk, clauses) or _beside_duty(talk):
        return each
    things = [one for one in clauses if _head(one, loosely=True)]  # 水龙头修好了 灯缺个整流器
    loosely = len(things) > 1 or any(_names_a_job(clause) for clause in clauses)
    found: list[Told] = []
    for clause in clauses:
        script, job = _deed(talk, _LEADS.sub("", clause), first=not found, loosely=loosely)
        if job and pattern("timed").match(normal(clause)):
            script = found[-1].script if found else script or _of_all(talk)
        if script and job and (not found or job != found[-1].job):
            found.append(Told(clause, script, job))
        elif found:
            found[-1].words += f"，{clause}"
    if len(found) == 1 and found[0].words != talk.turn.heard.text:
        found = _before(talk, clauses, found[0])
    return found if len(found) <= MOST else []


def _beside_duty(talk: Talk) -> list[Told]:
    """“下班 今晚那个马桶给老吴”, “我上工了 明天都哪几家”: one's duty, and what is done or asked beside it."""
    read = talk.turn.heard.read_deeds
    assert read is not None
    clauses = [one for one in _PAUSES.split(talk.turn.heard.text) if one]
    duty = [one for one in clauses if pattern("duty").search(one) and read(one).best in _DUTY]
    rest = "，".join(one for one in clauses if one not in duty)
    if not duty or not rest or len(duty) > 1:
        return []
    found = read(rest)
    timed = found.best is not Deed.ACCEPT or pattern("tells_when").search(rest)
    if found.best not in _BESIDE_DUTY or not timed or deed_scripts.margin(talk, found) < _SURE:
        return []
    begins = read(duty[0]).best is Deed.ON_DUTY
    both = [(duty[0], read(duty[0])), (rest, found)]
    return [
        Told(words, script.script.script, deeds.job)
        for words, deeds in (both if begins else reversed(both))
        if (script := talk.bot.catalogue.for_deed(deeds.best, talk.turn.person))
    ]


def _of_all(talk: Talk) -> str:
    """The script that the whole message means: of 水龙头那个十一点半，灯那个下午四点 neither clause says it alone."""
    deeds = talk.turn.heard.deeds
    found = deed_scripts.meant(talk, deeds) if deeds else None
    return found.script.script if found else ""


def _each_at_its_time(talk: Talk, clauses: Sequence[str]) -> list[Told]:
    """“都接 水管半小时 灯三点”: the first clause says what is done with all, the others when."""
    script, _ = _deed(talk, clauses[0], first=True, loosely=False)
    timed = [pattern("timed").match(normal(one)) for one in clauses[1:]]
    if not script or not all(timed) or not pattern("every").search(normal(clauses[0])):
        return []
    does = _ALL_OF_THEM.sub("", clauses[0])
    jobs = [JobMeant(clue=one["clue"]) for one in timed if one]
    return [Told(f"{does}，{words}", script, job) for words, job in zip(clauses[1:], jobs, strict=True)]


def _before(talk: Talk, clauses: Sequence[str], named: Told) -> list[Told]:
    """“修好了，接下来去灯那家”: what is done with the job in hand, before the one that is named."""
    first = clauses[0]
    if named.words.startswith(first) or not pattern("next").search(named.words):
        return [named]
    script, _ = _deed(talk, first, first=True, loosely=False)
    return [Told(first, script, JobMeant()), named] if script not in ("", named.script) else [named]


def _names_a_job(clause: str) -> bool:
    return bool(find_job(normal(clause)) or _head(clause, loosely=False))


def _deed(talk: Talk, clause: str, *, first: bool, loosely: bool) -> tuple[str, JobMeant]:
    """The script for what a clause does, and its job. Of another job than the first an unsure deed opens the job.

    `loosely`, what is done to a thing names its job: 马桶通了, where another clause tells that jobs are spoken of.
    """
    read = talk.turn.heard.read_deeds
    assert read is not None
    deeds = read(clause)
    found = talk.bot.catalogue.for_deed(deeds.best, talk.turn.person)
    sure = deed_scripts.margin(talk, deeds) >= _SURE and not deeds.asked
    if not sure and not first and deeds.best not in (Deed.OTHER, Deed.ASK):
        found, sure = talk.bot.catalogue.for_deed(Deed.LIST, talk.turn.person), True
    named = deeds.job if not pattern("tells_of").search(deeds.job.clue) else JobMeant()
    job = named or JobMeant(clue=_head(clause, loosely=loosely))
    return (found.script.script if found and sure else ""), job


def _head(clause: str, *, loosely: bool) -> str:
    if others := pattern("others").match(clause):
        return others[0]
    if (timed := pattern("timed_job").match(clause)) and clause[timed.end() :]:
        return timed["when"]
    if room := pattern("room_head").match(clause):
        return room["clue"]
    if (whose := pattern("somebodys").match(clause)) and not pattern("tells_of").search(whose["clue"]):
        return whose["clue"]
    if pattern("own_trade").match(clause) or pattern("tells_of").search(clause[:_HEAD]):
        return ""
    for name in ("head", "subject") if loosely else ("head",):
        head = pattern(name).match(clause)
        if head and (things_of(head["clue"]) or any(map(str.isdigit, head["clue"]))):
            return head["clue"]
    return ""


async def begin(talk: Talk, jobs: Sequence[Told]) -> None:
    """The first job's talk now; each of the others waits below it and comes when that is over."""
    heard = talk.turn.heard
    depth, announced = len(talk.state.stack), _announce(talk, len(jobs), jobs[1].words)
    returning = "digress" if talk.running else ""
    for place, one in reversed(list(enumerate(jobs))):
        # A place in the list counts before anything was done: later, the one that is left is meant, or asked for.
        words = _PLACE.sub("", one.words) if place else one.words
        heard.reword(words)
        await engine.put(talk, one.script, said=words, returning=returning)
        returning = "call"
    await engine.enter(talk)
    if each := every(talk):
        talk.turn.replies.clear()  # nothing but the question which one
        talk.notes.clear()
        await begin_each(talk, each)
    _take_back(talk, announced, depth)


def _announce(talk: Talk, count: int, following: str) -> str:
    talk.note("job.one_by_one", {"count": count, "next": following})
    return talk.notes[-1]


def _take_back(talk: Talk, announced: str, depth: int) -> None:
    """Nothing is announced that has been done or begun already. So many talks were open before."""
    engine.flush(talk)
    if len(talk.state.stack) <= depth + 1:
        talk.turn.replies[:] = [
            replace(one, text=one.text.removeprefix(announced).lstrip()) for one in talk.turn.replies
        ]


def every(talk: Talk) -> list[Offered]:
    """The jobs of the open question which one, where all of them are meant: 都接, 两单都修好了."""
    if not talk.running or not talk.step.collect or not talk.compiled.script.triggers.deeds:
        return []
    slot, said = talk.slot(talk.step), normal(talk.turn.heard.text)
    if slot.source != "jobs.fit" or not any(
        pattern("every").search(one) for one in (said, *_PAUSES.split(said))
    ):
        return []
    jobs = [one for one in talk.frame.options if one.value.isdecimal()]
    return jobs if 1 < len(jobs) <= MOST else []


async def begin_each(talk: Talk, jobs: Sequence[Offered]) -> None:
    """The same is done with each job, one after the other."""
    name = talk.step.collect
    frame = talk.state.stack.pop()
    depth, announced = len(talk.state.stack), _announce(talk, len(jobs), jobs[1].text)
    for place, one in reversed(list(enumerate(jobs))):
        returning = frame.returning if place == len(jobs) - 1 else "call"
        said = str(frame.vars.get("said", ""))
        await engine.put(talk, frame.script, slots={name: one.value}, said=said, returning=returning)
    await engine.enter(talk)
    _take_back(talk, announced, depth)
