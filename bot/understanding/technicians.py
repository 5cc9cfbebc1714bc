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
        learned = chances(self.model, features_of(shown, self.cut))
        found = dict(zip(_classes(self.model.intents), learned, strict=True))
        if ruled := _ruled(shown):
            found = lifted(found, ruled)
        return Deeds(
            text=text,
            ranking=ranked(found),
            job=find_job(shown),
            asked=bool(pattern("asked").search(shown)),
            materials=find_materials(shown),
            price_fen=find_price(shown),
        )


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
