"""What a technician's message does with a job, and which job it means. Residents' intents have no part in it."""

import re
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cache

from bot.understanding.chances import chances, lifted, ranked
from bot.understanding.data import lines
from bot.understanding.features import Cut, features_of
from bot.understanding.job_words import JobMeant, find_job, find_materials, find_price, pattern
from bot.understanding.normal import normal
from bot.understanding.recogniser import Model
from bot.understanding.signs import words_of_signs

_CLAUSES = re.compile(r"[,。;!?\s]+")
_MOST_CLAUSES = 6
_CLEAR = 0.35  # of a chance before the next one
_CERTAIN = 0.9  # of a clause, to count before others


class Deed(StrEnum):
    """What is done with a job, or with one's own duty."""

    ACCEPT = "accept"
    ON_THE_WAY = "on_the_way"
    LATE = "late"
    ARRIVED = "arrived"
    SHORT_OF_PARTS = "short_of_parts"
    HOLD = "hold"
    DONE = "done"
    REFUSE = "refuse"
    TRANSFER = "transfer"
    TAKE = "take"  # 抢单
    LIST = "list"
    UNDO = "undo"
    ON_DUTY = "on_duty"
    OFF_DUTY = "off_duty"
    CHANGE_ETA = "change_eta"
    PHOTO = "photo"
    RESUME = "resume"
    ASK = "ask"  # about a job: its address, its people, its charge
    REMARK = "remark"  # what staff should know of a job: the resident wants no repair, the cause is upstairs
    HELP = "help"  # how this works: 怎么接单, 怎么请假, 拒单扣钱吗
    OTHER = "other"


# Deeds that another clause of the same message may do beside them, and those that promise alike.
_IDLE = frozenset((Deed.OTHER, Deed.ASK, Deed.LIST, Deed.HELP, Deed.REMARK, Deed.PHOTO))
_QUESTIONS = frozenset((Deed.ASK, Deed.LIST))
_KINDS = {
    Deed.ON_THE_WAY: Deed.ACCEPT,
    Deed.CHANGE_ETA: Deed.ACCEPT,
    Deed.TAKE: Deed.ACCEPT,
    Deed.SHORT_OF_PARTS: Deed.HOLD,
    Deed.TRANSFER: Deed.REFUSE,
}


@dataclass(frozen=True, slots=True)
class Deeds:
    """What one message of a technician does. `materials` and `price_fen` are what a finished job used and cost."""

    text: str
    ranking: tuple[tuple[Deed, float], ...]
    job: JobMeant = field(default_factory=JobMeant)
    asked: bool = False
    materials: str = ""
    price_fen: int | None = None

    @property
    def best(self) -> Deed:
        return self.ranking[0][0]

    @property
    def margin(self) -> float:
        """How far the best stands before the next."""
        return self.ranking[0][1] - (self.ranking[1][1] if len(self.ranking) > 1 else 0.0)

    def chance(self, deed: Deed) -> float:
        return next((chance for one, chance in self.ranking if one is deed), 0.0)


@dataclass(frozen=True, slots=True)
class DeedReader:
    """Reads technicians' messages with a learned `model`; immutable and safe to share."""

    model: Model = field(repr=False)
    cut: Cut = field(repr=False)

    def read(self, text: str) -> Deeds:
        shown = normal(words_of_signs(text))
        found, sure = self._chances(shown)
        best = max(found, key=lambda one: found[one])
        doubted = not sure or best in _QUESTIONS or found[best] < _CERTAIN
        told = self._told(shown, only_done=sure) if doubted else None
        if told and (told is best or not sure or best in _QUESTIONS):
            found = lifted(found, told)
        return Deeds(
            text=text,
            ranking=ranked(found),
            job=find_job(shown),
            asked=bool(pattern("asked").search(shown)),
            materials=find_materials(shown),
            price_fen=find_price(shown),
        )

    def _chances(self, shown: str) -> tuple[dict[Deed, float], bool]:
        """Each deed with its chance, and whether no other comes near the likeliest."""
        learned = chances(self.model, features_of(shown, self.cut))
        found = dict(zip(_classes(self.model.intents), learned, strict=True))
        if ruled := _ruled(shown):
            return lifted(found, ruled), True
        best, second, *_ = sorted(found.values(), reverse=True)
        return found, best - second >= _CLEAR

    def _told(self, shown: str, *, only_done: bool) -> Deed | None:
        """What the clauses do where the whole is unclear or asks: 接 of “接 明天上午 住户啥电话”.

        `only_done`, they do something for certain, for the message is a question otherwise.
        """
        clauses = [one for one in _CLAUSES.split(shown) if one]
        if not 1 < len(clauses) <= _MOST_CLAUSES:
            return None
        says = [one for one in clauses if not pattern("leave").search(one)]
        read = [self._chances(one) for one in says if not (only_done and pattern("asked").search(one))]
        done = [(deed := max(found, key=lambda one: found[one]), found[deed]) for found, sure in read if sure]
        acted = [(deed, chance) for deed, chance in done if deed not in _IDLE]
        for least in (_CERTAIN,) if only_done else (0.0, _CERTAIN):
            surest = [deed for deed, chance in acted if chance >= least]
            if surest and len({_KINDS.get(one, one) for one in surest}) == 1:
                return surest[0]
        if only_done:
            return None
        return Deed.ASK if done and not acted and {deed for deed, _ in done} == {Deed.ASK} else None


@cache
def _classes(names: tuple[str, ...]) -> tuple[Deed, ...]:
    """The classes of the model as deeds."""
    return tuple(map(Deed, names))


def _ruled(shown: str) -> Deed | None:
    return next((deed for deed, pattern in _rules() if pattern.search(shown)), None)


@cache
def _rules() -> tuple[tuple[Deed, re.Pattern[str]], ...]:
    rows = (line.split("\t") for line in lines("trades.tsv"))
    return tuple((Deed(row[0]), re.compile(row[1])) for row in rows)
