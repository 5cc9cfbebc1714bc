"""What a technician's message does with a job, and which job it means. Residents' intents have no part in it."""

import re
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cache

from bot.understanding.chances import chances, lifted, ranked
from bot.understanding.data import lines
from bot.understanding.entities.amounts import find_amount
from bot.understanding.entities.ordinals import find_ordinals
from bot.understanding.entities.phones import find_phone
from bot.understanding.features import Cut, features_of
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
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class JobMeant:
    """How a message names a job: by its number or the end of it, its place in a list, words about it."""

    number: str = ""
    ordinals: tuple[int, ...] = ()
    clue: str = ""  # 灯, 云栖苑, 厨房, 5栋, 501

    def __bool__(self) -> bool:
        return bool(self.number or self.ordinals or self.clue)


@dataclass(frozen=True, slots=True)
class Deeds:
    """What one message of a technician does. `materials` and `price_fen` are what a finished job used and cost."""

    text: str
    ranking: tuple[tuple[Deed, float], ...]
    job: JobMeant = JobMeant()
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
        found = dict(zip(map(Deed, self.model.intents), learned, strict=True))
        if ruled := _ruled(shown):
            found = lifted(found, ruled)
        return Deeds(
            text=text,
            ranking=ranked(found),
            job=find_job(shown),
            asked=bool(_ASKED.search(shown)),
            materials=_materials(shown),
            price_fen=_price(shown),
        )


_ASKED = re.compile(
    r"[?？]|[吗么]\s*[啊呀呢。!]*$|什么|怎么|多少|哪|谁|几[点栋单号家]|是不是|能不能|有没有|在不在"
)


def _ruled(shown: str) -> Deed | None:
    return next((deed for deed, pattern in _rules() if pattern.search(shown)), None)


@cache
def _rules() -> tuple[tuple[Deed, re.Pattern[str]], ...]:
    rows = (line.split("\t") for line in lines("trades.tsv"))
    return tuple((Deed(row[0]), re.compile(row[1])) for row in rows)


_JOB = r"(?:单子?|件|家|户|处|个?活|趟|工单|个?单子?|一?个(?![人月小半钟]|[\u4e00-\u9fff]?[阀管灯锁]))"
_NUMBERED = re.compile(
    r"(?<![a-z])bx\s?(?P<number>\d[\d ]{1,7}\d)"
    r"|(?:尾号|单号|工单|订单)[是为:\s]{0,3}(?P<tail>\d{2,8})"
    r"|(?P<named>\d{2,8})\s?[那这]?一?(?:号?单|工单)"
)
# A number by itself is a job's unless it counts something or names a time, a house or a phone.
_FIGURES = re.compile(
    r"(?<![\d.:/-])(?P<number>\d{4,6})(?![\d.:/-])(?!\s?(?:[块元点分时年月号天米度]|小时|栋|楼|单元|室|房|家|户|那家|那户|多))"
)
_CLUE = re.compile(
    rf"(?P<clue>[\u4e00-\u9fffa-z0-9-]{{1,10}}?)(?:那|这)(?:边的?|里的?)?(?:一|个)?{_JOB}|(?P<owned>[\u4e00-\u9fffa-z0-9-]{{1,8}}?)的(?:(?:那|这)?{_JOB}|(?=完|修|弄|搞|好了|到了|先|不接|接|$))"
)
_PLACED = re.compile(
    r"\d{1,3}\s?(?:栋|号楼|幢|座|单元)(?:\d{1,2}单元)?(?:\d{3,4})?|(?<!\d)\d{3,4}(?=室|那家|那户|家)|[一二三四五六七八九十]{1,3}(?:栋|号楼|幢|座)"
)
_BEFORE_CLUE = re.compile(
    r"^(?:不是|就是|是|我|把|将|去|接|抢|转|退|拒|给|看看?|看下|往|到|再|先|还有|那个?|这个?|今天|明天|改|换|让|对|好的?|行|嗯|收到|刚才|刚刚|的|,)+"
)
_NO_CLUE = re.compile(
    r"^(?:这|那|哪|每|几|上|下|前|后|第?[一二三四五六七八九十两\d]{1,2}|最后|有|没有?|新|今天|明天|所有|手上|手头|一|两|好|换|别|其他|都)?$"
)
_NOT = re.compile(r"不是[^,。;]{1,10}[,。;\s]+")


def find_job(shown: str) -> JobMeant:
    """The job that normalised text names; of “不是电梯，是501那家” the second."""
    said = _NOT.sub("", find_phone(shown)[1])
    if found := _NUMBERED.search(said) or _FIGURES.search(said):
        number = next(group for group in found.groups() if group)
        return JobMeant(number=number.replace(" ", ""))
    ordinals = find_ordinals(said)
    return JobMeant(ordinals=ordinals, clue="" if ordinals else _clue(said))


def _clue(said: str) -> str:
    for found in _CLUE.finditer(said):
        clue = _BEFORE_CLUE.sub("", found["clue"] or found["owned"]).removesuffix("的")
        if not _NO_CLUE.match(clue):
            return clue
    placed = _PLACED.search(said)
    return placed[0].replace(" ", "") if placed else ""


_USED = re.compile(
    r"(?<![没不未])(?<!没有)(?:换|用|加|装|配|补)(?:了|上|的是|掉)*(?:一?[个根只条套副把块张节段卷]|[两二三四五六七八九十\d]{1,2}[个根只条套副把块张节段卷米])?(?:新的?|个|一)?"
    r"(?P<part>[\u4e00-\u9fff]{1,10}?)(?=[,。;!\s]|$|就|好了|收|免费|没收|不收|共|花|[一二两三四五六七八九十]?[个根只]|\d)"
)
_NO_PART = re.compile(
    r"^(?:人|东西|啥|什么|班|单|时间|地方|了|好|别|其他|换|一下|上|新|完|时|个|吧|师傅|的|过|是)|师傅|时间"
)


def _materials(shown: str) -> str:
    parts = [found["part"] for found in _USED.finditer(shown) if not _NO_PART.search(found["part"])]
    return "、".join(dict.fromkeys(parts))


_SUM_ALONE = re.compile(
    r"(?:^|[,。;\s])(?P<sum>[一二三四五六七八九十百两]{2,5}|\d{2,4})(?=[,。;\s]|$)"
)  # of “换了个三角阀 三十五”
_CHARGED = re.compile(r"收了?|费用|免费|不收|没收|没要|不要钱|一共|总共")


def _price(shown: str) -> int | None:
    """What a job cost: said with a unit, or as what was taken; “没收钱” is nothing."""
    sum_said = find_amount(shown)
    if sum_said is not None:
        return sum_said
    charged = _CHARGED.search(shown)
    if not charged and _USED.search(shown) and (alone := _SUM_ALONE.search(shown)):
        return find_amount(alone["sum"], alone=True)
    return find_amount(shown[charged.start() :], alone=True) if charged else None
