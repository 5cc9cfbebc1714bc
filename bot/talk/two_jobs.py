"""“3栋的修好了，5栋那个要换件”: two jobs told in one message. Both are seen to, one after the other."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from bot.talk import engine
from bot.talk.talk import Talk
from bot.understanding.job_words import JobMeant
from bot.understanding.technicians import Deed

_CLAUSE = re.compile(r"[^,，。;；!！\n]+")
_LEADS = re.compile(r"^(?:然后|另外|还有|再就是|接着|对了|和)")
_HEAD = re.compile(r"^(?P<clue>[\u4e00-\u9fff\d-]{0,6}?(?:\d{3,4}|[栋单元楼灯管锁门梯阀窗]))(?:的|那|家)")
_PLACE = re.compile(r"(?:第[一二三四五六七八九十\d]{1,2}|最后一?)[单个件家]的?")
_SURE = 0.3  # of a deed before the next likely one, in a clause that names a job
MOST = 3


@dataclass(slots=True)
class Told:
    """What is done with one job, in the words that tell of it, and the script that does it."""

    words: str
    script: str
    job: JobMeant


def told(talk: Talk) -> list[Told]:
    """What a technician tells of several jobs; fewer than two where the message is about one."""
    clauses = _CLAUSE.findall(talk.turn.heard.text)
    if len(clauses) < 2 or talk.turn.heard.read_deeds is None:
        return []
    found: list[Told] = []
    for clause in clauses:
        script, job = _deed(talk, _LEADS.sub("", clause.strip()), first=not found)
        if script and job and (not found or job != found[-1].job):
            found.append(Told(clause, script, job))
        elif found:
            found[-1].words += f"，{clause}"
    return found if len(found) <= MOST else []


def _deed(talk: Talk, clause: str, *, first: bool) -> tuple[str, JobMeant]:
    """The script for what a clause does, and its job. Of another job than the first an unsure deed opens the job."""
    read = talk.turn.heard.read_deeds
    assert read is not None
    deeds = read(clause)
    found = talk.bot.catalogue.for_deed(deeds.best, talk.turn.person)
    sure = deeds.margin >= _SURE and not deeds.asked
    if not sure and not first and deeds.best not in (Deed.OTHER, Deed.ASK):
        found, sure = talk.bot.catalogue.for_deed(Deed.LIST, talk.turn.person), True
    head = _HEAD.match(clause)
    job = deeds.job or (JobMeant(clue=head["clue"]) if head else JobMeant())
    return (found.script.script if found and sure else ""), job


async def begin(talk: Talk, jobs: Sequence[Told]) -> None:
    """The first job's talk now; each of the others waits below it and comes when that is over."""
    heard = talk.turn.heard
    talk.note("job.one_by_one", {"count": len(jobs), "next": jobs[1].words})
    returning = "digress" if talk.running else ""
    for place, one in reversed(list(enumerate(jobs))):
        # A place in the list counts before anything was done: later, the one that is left is meant, or asked for.
        words = _PLACE.sub("", one.words) if place else one.words
        heard.reword(words)
        await engine.put(talk, one.script, said=words, returning=returning)
        returning = "call"
    await engine.enter(talk)
