"""Which of a technician's open jobs a sentence names: by its number, a room, a place, words about it."""

import re
from collections.abc import Sequence
from itertools import pairwise

from bot.scripts import texts
from bot.understanding.job_words import JobMeant, find_job, of_this_job, pattern
from bot.understanding.matching import matches
from bot.understanding.normal import normal
from dialogs.actions import job_times
from services.repairs.views import JobView

_DIGITS = re.compile(r"\d{3,}")
_GIVEN_TO = re.compile(r"(?:给|让|叫|派|由|换|跟|和|喊|找)(?P<whom>[\u4e00-\u9fff]{2,4})")
_NAMED = 0.8
_SHORTEST_TAIL = 3
_LIKELY = 0.5
_BRIEF = 24  # characters: of a longer message, what looks like a name may be none
_CLOSE = 0.1  # jobs whose scores lie so near to the best are meant as much


def named(said: str, jobs: Sequence[JobView]) -> list[JobView] | None:
    """The jobs that the words may mean, none when they name one that is not there; None where they name no job."""
    shown = pattern("own_trouble").sub(" ", of_this_job(normal(said)))
    timed = job_times.pointed(shown, jobs)
    found = _named(shown, jobs)
    if not timed:
        return found
    return [one for one in timed if found and one in found] or timed


def _named(shown: str, jobs: Sequence[JobView]) -> list[JobView] | None:
    """By a number, a house, a place in the list, a thing."""
    digits = _DIGITS.findall(re.sub(r"\s", "", shown))
    found = [one for one in jobs if any(part in (one.room, _figures(one)) for part in digits)]
    if found:
        return _closer(shown, found)
    meant = find_job(shown)
    named = _meant(meant, jobs) if meant else []
    if named or (meant and len(shown) <= _BRIEF):
        return _closer(shown, named)
    return _told_of(shown, jobs) or None


def _closer(shown: str, found: list[JobView]) -> list[JobView]:
    """Of several the one whose thing is named as well: 6栋马桶 of two jobs in building 6."""
    if len(found) < 2:
        return found
    told = [one for one in found if any(word in shown for word in _things(one))]
    return told or found


def _things(one: JobView) -> list[str]:
    """Pairs of signs in what is broken, as they were written; those that stand in any report are none."""
    pairs = {pair for text in (one.category, one.description) for pair in map("".join, pairwise(text))}
    return [pair for pair in pairs if not pattern("in_any_report").search(pair)]


def of_others(said: str, jobs: Sequence[JobView]) -> bool:
    """303的催我 我没这单: of a job that somebody else has, or nobody."""
    return bool(pattern("not_mine").search(normal(said))) and not any(one.room in said for one in jobs)


def every(said: str) -> bool:
    return any(pattern("every").search(one) for one in normal(said).split())


def is_late(said: str) -> bool:
    """Whether somebody comes later than they said: of the job that is due."""
    return bool(pattern("comes_late").search(normal(said)))


def colleague(said: str, names: Sequence[str]) -> int | None:
    """The place of the one colleague to whom the words give a job: 转给张伟, 让小刘去, 张伟会弄."""
    whole = [place for place, name in enumerate(names) if name in said]
    if len(whole) == 1:
        return whole[0]
    for found in _GIVEN_TO.finditer(said):
        for length in range(len(found["whom"]), 1, -1):  # 老何 of 老何说好了
            listed = matches(found["whom"][:length], [(name,) for name in names])
            ranked = [one for one in listed if one.score >= _NAMED]
            if len(ranked) == 1:
                return ranked[0].place
    return None


def _meant(meant: JobMeant, jobs: Sequence[JobView]) -> list[JobView]:
    if meant.number:
        return [one for one in jobs if _has_tail(one, meant.number)]
    if meant.ordinals:
        places = [place - 1 if place > 0 else len(jobs) + place for place in meant.ordinals]
        return [jobs[place] for place in places if 0 <= place < len(jobs)]
    if told := [one for one in jobs if _was_told(one, meant.clue)]:
        return told
    return _alike(meant.clue, jobs)


def _told_of(said: str, jobs: Sequence[JobView]) -> list[JobView]:
    """The jobs of which the sentence tells without naming one: 灯修好了, 李敏家到了, 马桶通了, 窗户把手换好了."""
    found = _alike(said, jobs)
    written = [
        len(_written(one) & set(said)) for one in found
    ]  # 灯 stands in 电路灯具, and is only like 电梯
    if found:
        return [one for one, shared in zip(found, written, strict=True) if shared == max(written)]
    shared = [sum(word in said for word in _things(one)) for one in jobs]
    return [one for one, count in zip(jobs, shared, strict=True) if count and count == max(shared)]


def _alike(said: str, jobs: Sequence[JobView]) -> list[JobView]:
    ranked = matches(said, [_words(one) for one in jobs])
    best = ranked[0].score if ranked else 0.0
    return [jobs[one.place] for one in ranked if one.score >= max(_LIKELY, best - _CLOSE)]


def _was_told(one: JobView, clue: str) -> bool:
    """Whether the report has these very words: 马桶 in 马桶水箱一直进水. One sign or a figure is part of too many."""
    return len(clue) > 1 and not re.search(r"\d", clue) and clue in f"{one.place} {one.description}"


def _written(one: JobView) -> set[str]:
    return set(f"{one.category}{one.place}{one.contact_name}")


def _figures(one: JobView) -> str:
    return one.number.removeprefix("BX")


def _has_tail(one: JobView, number: str) -> bool:
    """With or without the last figure, which only checks the others: of BX10973, 1097 is enough."""
    own = _figures(one)
    return len(number) >= _SHORTEST_TAIL and (own.endswith(number) or own[:-1].endswith(number))


def _words(one: JobView) -> tuple[str, ...]:
    house = texts.house(one.house) if one.house else ""
    said = (f"{house}{one.place}", one.category, one.community, one.description, one.contact_name)
    return tuple(word for word in said if word)
