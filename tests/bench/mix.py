"""The true mix: what people send in a day, each kind by people who are just there, beside the floor.

Every kind has people of its own, who were brought to that point of their talk by messages that are not timed. A kind
is played in three parts, each followed by the floor; the figure is the median of the three ratios.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from statistics import mean, median

from tests.bench import people, pushes

PARTS = 3
FIRST_OPTION = 1001  # the number of the first option that anybody is ever shown
STRANGER, RESIDENT, TECHNICIAN = "stranger", "resident", "technician"

Say = Callable[[int], pushes.Said]


@dataclass(frozen=True, slots=True)
class Sort:
    """A sort of message: who sends it, what was said before, and the words by the number of the person."""

    name: str
    who: str
    words: Say
    before: tuple[Say, ...] = ()


def _says(*texts: str) -> Say:
    return lambda person: pushes.Said(texts[person % len(texts)].format(n=person, hour=1 + person % 5))


def _taps(text: str, place: int) -> Say:
    return lambda person: pushes.Said(text, FIRST_OPTION + place)


_FAULT = _says(*people.FAULTS)
_BEGIN = _says(people.BEGIN)
_TIME = _says("明天下午{hour}点", "后天上午{hour}点半", "周六下午{hour}点来")
_BINDING = (_says("绑定"), _says("同意"), _says("青禾花园一期"))
SORTS = (
    Sort("a greeting", RESIDENT, _says("你好", "在吗", "您好")),
    Sort("a stranger's greeting", STRANGER, _says("你好", "您好", "hello")),
    Sort("a first report", RESIDENT, _FAULT),
    Sort("a stranger's first report", STRANGER, _FAULT),
    Sort("a time, tapped", RESIDENT, _taps("明天上午", 1), (_FAULT,)),
    Sort("a time, in words", RESIDENT, _TIME, (_FAULT,)),
    Sort(
        "a correction",
        RESIDENT,
        _says("不对，改成后天上午{hour}点", "电话换成139{n:08d}"),
        (_BEGIN, _FAULT, _TIME),
    ),
    Sort(
        "a correction of the receipt",
        RESIDENT,
        _says("改成后天上午{hour}点", "电话换成139{n:08d}"),
        (_FAULT, _TIME),
    ),
    Sort("a question in between", RESIDENT, _says("要钱吗", "师傅多久能到", "为什么要问时间"), (_FAULT,)),
    Sort("the end of a report", RESIDENT, _says("提交", "对的，提交吧", "没问题"), (_BEGIN, _FAULT, _TIME)),
    Sort("a place to bind", STRANGER, _says("同意"), (_says("绑定"),)),
    Sort("a house", STRANGER, _says("{hour}栋1单元302"), _BINDING),
    Sort("a name", STRANGER, _says("我叫王芳{n}"), (*_BINDING, _says("{hour}栋1单元302"))),
    Sort(
        "a complaint", RESIDENT, _says("我要投诉楼上半夜装修，吵得睡不着", "保洁好几天没打扫楼道了，要投诉")
    ),
    Sort("fees", RESIDENT, _says("物业费还欠多少", "我这个月要交多少钱", "看看我家账单")),
    Sort("progress", RESIDENT, _says("修到哪一步了", "师傅什么时候来", "我报修的那个怎么样了")),
    Sort("a question of the house", RESIDENT, _says("装修要办什么手续", "停车月卡多少钱", "快递柜在哪")),
    Sort(
        "a technician accepts", TECHNICIAN, _says("好的，半小时到", "接单，下午{hour}点过去", "收到 马上来")
    ),
    Sort(
        "a technician finishes",
        TECHNICIAN,
        _says("修好了，换了个垫圈", "好了 收工", "搞定了，没收钱"),
        (_says("好的，半小时到"), _says("到了")),
    ),
)


class Cast:
    """Hands out people nobody has met yet, and numbers their messages."""

    def __init__(self, first: int, size: int) -> None:
        self._resident, self._stranger, self._technician = first, people.STRANGERS, people.TECHNICIANS
        self._size = size
        self._number = 0

    def of(self, who: str) -> list[int]:
        """As many people as a sort has, of the kind."""
        first = {STRANGER: self._stranger, RESIDENT: self._resident, TECHNICIAN: self._technician}[who]
        last = first + self._size
        if who == STRANGER:
            self._stranger = last
        elif who == RESIDENT:
            self._resident = last
        else:
            self._technician = last
        return list(range(first, last))

    def say(self, persons: list[int], words: Say) -> list[pushes.Request]:
        self._number += 1
        return [pushes.said(person, 500_000 + self._number, words(person)) for person in persons]


def residents(size: int) -> int:
    """How many residents the sorts need, each with people of their own."""
    return size * sum(sort.who == RESIDENT for sort in SORTS)


def others(size: int) -> list[int]:
    """The numbers of the strangers and technicians."""
    strangers = size * sum(sort.who == STRANGER for sort in SORTS)
    return [
        *range(people.STRANGERS, people.STRANGERS + strangers),
        *range(people.TECHNICIANS, people.TECHNICIANS + technicians(size)),
    ]


def technicians(size: int) -> int:
    """How many technicians the sorts need; each has a job."""
    return size * sum(sort.who == TECHNICIAN for sort in SORTS)


def played(cast: Cast, send: Callable[[bool, list[pushes.Request]], float]) -> Iterator[tuple[str, float]]:
    """Each sort with its ratio to the floor, then their mean. `send` gives answers a second, of the floor if True."""
    ratios: list[float] = []
    for sort in SORTS:
        persons = cast.of(sort.who)
        for words in sort.before:
            send(False, cast.say(persons, words))
        requests = cast.say(persons, sort.words)
        parts = [requests[number::PARTS] for number in range(PARTS)]
        ratio = median(send(False, part) / send(True, part) for part in parts)
        ratios.append(ratio)
        yield sort.name, ratio
    yield "lowest of the mix", min(ratios)
    yield "mean of the mix", mean(ratios)
