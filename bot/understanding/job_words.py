"""Which job a technician's message names, and what it tells of materials and the price; no job is known here."""

import re
from dataclasses import dataclass
from functools import cache

from bot.understanding.data import lines
from bot.understanding.entities.amounts import find_amount
from bot.understanding.entities.ordinals import find_ordinals
from bot.understanding.entities.phones import find_phone
from bot.understanding.likeness import things_of

_CLAUSE = re.compile(r"[,。;!\s]+")
_REFERENCE = re.compile(r"(?<!\?P)<([a-z_]+)>")  # no (?P<group>


@dataclass(frozen=True, slots=True)
class JobMeant:
    """How a message names a job: by its number or the end of it, its place in a list, words about it."""

    number: str = ""
    ordinals: tuple[int, ...] = ()
    clue: str = ""  # 灯, 云栖苑, 厨房, 5栋, 501

    def __bool__(self) -> bool:
        return bool(self.number or self.ordinals or self.clue)


def find_job(shown: str) -> JobMeant:
    """The job that normalised text names; of “不是电梯，是501那家” the second."""
    said = pattern("denied").sub("", find_phone(shown)[1])
    if found := pattern("numbered").search(said) or pattern("figures").search(said):
        number = next(group for group in found.groups() if group)
        return JobMeant(number=number.replace(" ", ""))
    ordinals = find_ordinals(said)
    return JobMeant(ordinals=ordinals, clue="" if ordinals else _clue(said))


def _clue(said: str) -> str:
    for found in pattern("clue").finditer(said):
        said_so = found["clue"] or found["owned"]
        if pattern("own_trade").match(said_so):
            continue
        clue = pattern("before_clue").sub("", said_so).removesuffix("的")
        names = (
            found["clue"] or things_of(clue) or any(map(str.isdigit, clue))
        )  # 水管的 does, 渗下来的 does not
        if names and not pattern("no_clue").match(clue):
            return clue
    placed = pattern("placed").search(said)
    return placed[0].replace(" ", "") if placed else ""


def of_this_job(shown: str) -> str:
    """Normalised text without the clauses about the job after it: “修好了，接下来去灯那家”."""
    first, *others = _CLAUSE.split(shown)
    return ",".join([first, *(one for one in others if not pattern("next").search(one))])


def find_materials(shown: str) -> str:
    names = ("used_before", "used", "used_counted")
    parts = [found["part"] for name in names for found in pattern(name).finditer(shown)]
    return "、".join(dict.fromkeys(part for part in parts if not pattern("no_part").search(part)))


def find_price(shown: str) -> int | None:
    """What a job cost: said with a unit, or as what was taken; “没收钱” is nothing.

    块 that counts things, numbers of houses and the price of each of several are no sums.
    """
    if pattern("each").search(shown):
        return None
    said = pattern("no_sum").sub(" ", pattern("counts_things").sub(" ", of_this_job(shown)))
    sum_said = find_amount(said)
    if sum_said is not None:
        return sum_said
    charged = pattern("charged").search(said)
    taken = find_amount(said[charged.start() :], alone=True) if charged else None
    if taken is None and find_materials(shown) and (alone := pattern("sum_alone").search(said)):
        return find_amount(alone["sum"], alone=True)
    return taken


def find_pause(shown: str) -> str:
    """How long a job is said to wait, as a time from now: 两天后 of “还没到货，再推两天”; "" for nothing."""
    found = pattern("pause").search(shown)
    return f"{found['before'] or found['after']}后" if found else ""


@cache
def pattern(name: str) -> re.Pattern[str]:
    """The pattern of that name in jobs.tsv."""
    return re.compile(_REFERENCE.sub(lambda found: _rows()[found[1]], _rows()[name]))


@cache
def _rows() -> dict[str, str]:
    return dict(line.split("\t", 1) for line in lines("jobs.tsv"))
