"""What is broken or to be installed, where, and how urgent the sentence says it is."""

import re
from functools import cache
from typing import NamedTuple

from bot.understanding.data import lines

_FINE = re.compile(r"(?:修|弄|换|搞)好(?!的)[^,。的坏漏]{0,3}了|已经好了|很亮|谢谢师傅|真好|点赞|表扬|辛苦")
_STILL = re.compile(r"又|还是|没修好|不亮|再修|仍")
_MONEY = re.compile(
    r"[水电气暖]费|[水电]卡|电梯费|维修基金|维修资金|公摊|账单|充值|充了|缴|交费|多少钱|收费|单价|欠费"
)
_PEOPLE = re.compile(r"抽烟|吵|噪音|扰民|遛狗|乱停|占|垃圾没|麻将|态度|味道太大|油烟味")
_ABOUT_IT = re.compile(r"自己|抄|[保质][修保]")  # what the next one cannot do without
# A reading, a warranty, or leave to do it oneself.
_NO_FAULT = re.compile(
    r"抄[错串表]|还在保修|(?:保修|质保)期?(?:吗|么|多久|几年|多长)|(?:能不能|可不可以|可以|能)自己[^,。]{0,2}[换装修改拆]"
)
_SENT_FOR = re.compile(r"(?:表|灯|管|机|[锁门闸])(?:是不是)?坏了|来人?[修换装]|报修|修一下|[帮给]我?[修换装]")
_RULES = re.compile(
    r"报备|备案|审批|允许|规定|手续|许可|押金|报装|装在哪|装在[^,。]{0,8}吗|(?:怎么|如何)(?:办理|申请)|什么时候检修|年检"
)
_PROPOSED = re.compile(r"建议|提议|加装|增设|增加|多装|找谁|哪家|(?:附近|哪里|哪儿|周边)[^,。]{0,3}有")
_MISTAKEN = re.compile(r"不是[^,。;]{1,12},(?=而?是)")  # “不是灯坏了，是插座没电”
_BESIDE = re.compile(r".{1,10}?(?:旁边?|边上|附近|后面|隔壁|下面|底下|下方)的?")  # “燃气灶旁边的插座”
_NOW = re.compile(r"现在|这次|但|可是|不过|另外|结果")
_CLAUSES = re.compile(r"[,。;!?,\n]|\s{1,}(?=\D)")

_HURRY = re.compile(r"[急赶立火速救快马]")  # without one of these nothing is urgent
_URGENT = re.compile(
    r"急急|着急|赶紧|赶快|立刻|立即|立马|火速|加急|急需|急用|急着用|特急|万分紧急|十万火急|急死|救命|快点[来派修叫过赶]|快来|快派|速来|速派|快点快点"
    r"|[很好太真挺](?:特别)?急(?![性诊刹])|特别急|非常急|比较急|(?<![^\s,。!?])急(?=[!,。~?\s]|$)"
    r"|紧急(?!呼叫|出口|通道|联系|通知|按钮|集合|疏散|停|电话|照明|制动)"
    r"|(?<!说)马上(?:就)?(?:能|给|让|叫|喊|帮|安排|派|处理|解决|过来|上门|来|修|抢修|赶|把|联系|到场|弄|换|(?=[,。!~]|$))"
)
_NOT_URGENT = re.compile(
    r"不(?:是)?(?:很|太|特别|那么|怎么|算|[用必要须](?:太|那么|这么)?)?(?:着急|紧急|急)|没(?:有)?(?:那么|这么|多|什么)(?:着急|急)"
    r"|(?<!特)别太?(?:着)?急|(?:着|急)什么急?|(?:刚才?|刚刚|当时|一|太过)着急|性子急|急性子?|急脾气"
    r"|(?:不用|不必|不要|不需要|没必要|别)(?:你们|那么|这么|太|现在|说)?(?:马上|立刻|赶紧|赶快|立即|立马)"
    r"|(?<![帮给替叫让])我(?:们|就|也|只好)?(?:赶紧|赶快|立刻|立马|立即|马上)"
)


class Fault(NamedTuple):
    """What the words themselves say of a fault; neither numbers nor the hour change it."""

    category: str | None
    place: str | None
    urgent: bool

    def beside(self, heard: "Fault") -> "Fault":
        """With what `heard` says besides, of the same words as they sound."""
        return Fault(self.category or heard.category, self.place or heard.place, self.urgent)


def find_fault(text: str, *, mending: bool) -> Fault:
    """All three of normalised `text`; `mending` as for `find_category`."""
    return Fault(find_category(text, mending=mending), find_place(text), is_urgent(text))


def find_category(text: str, *, mending: bool) -> str | None:
    """The category of what is to be repaired or installed in normalised `text`.

    `mending` says that the sentence as a whole is about a repair, so that naming the thing is enough.
    """
    if _ABOUT_IT.search(text) and _NO_FAULT.search(text):
        return None
    if "不是" in text:
        text = _MISTAKEN.sub("", text)
    clauses = [clause for clause in _CLAUSES.split(text) if clause]
    if _FINE.search(text) and not _STILL.search(text):
        clauses = _after_the_mended(clauses)
    elif not mending and _about_something_else(text):
        return None
    cues = ("broken",) if not mending and _PROPOSED.search(text) else ("broken", "wish")
    faulty = [clause for clause in clauses if any(_cue(kind).search(clause) for kind in cues)]
    for clause in (*faulty, *(clauses if mending or faulty else ())):
        if category := _category(clause):
            if category == "electric" and _DARK.search(clause) and _is_public(text):
                return "public_light"
            return "elevator" if clause.startswith("门") and "电梯" in text else category
    return "other" if mending and any(_LOOSE.search(clause) for clause in clauses) else None


def _about_something_else(text: str) -> bool:
    """Money, people or rules; but somebody unhappy with people may still ask for a mender."""
    if _RULES.search(text):
        return True
    return bool(_MONEY.search(text) or _PEOPLE.search(text)) and not _SENT_FOR.search(text)


def _after_the_mended(clauses: list[str]) -> list[str]:
    """“上次的灯修好了，这次是马桶堵了”: what is said of now, after what has been fixed."""
    for at, clause in enumerate(clauses):
        if at and _NOW.match(clause) and _cue("broken").search(clause) and not _FINE.search(clause):
            return clauses[at:]
    return []


_LOOSE = re.compile(r"(?<!手机)(?<!电脑)(?<![晕摔昏跌人])(?:坏|断|掉|松|裂|破|倒)了")
_DARK = re.compile(r"[灯黑]")
_HOME = re.compile(r"我家|家里|屋里|屋内|室内")
_PUBLIC = frozenset(
    ("电梯厅", "楼道", "单元门口", "大堂", "地下车库", "路面", "花园", "儿童乐园", "健身区", "大门", "地下室")
)
_HOLDING = frozenset(("water", "electric", "hvac", "appliance", "network"))  # “橱柜里的水管” is no cupboard


def _is_public(text: str) -> bool:
    return find_place(text) in _PUBLIC and not _HOME.search(text)


def _category(clause: str) -> str | None:
    """Of the thing beside another, else of the thing, else of what is the matter."""
    beside = _BESIDE.match(clause)
    thing = _thing(clause)
    if beside and not (thing == "public_light" and "灯" in clause[beside.end() :]):
        thing = _thing(clause[beside.end() :]) or thing
    return thing or next((name for name, pattern in _table("symptoms.tsv") if pattern.search(clause)), None)


def _thing(clause: str) -> str | None:
    for name, pattern in _table("faults.tsv"):
        if found := pattern.search(clause):
            held = _thing(clause[found.end() :]) if name == "other" else None
            return held if held in _HOLDING else name
    return None


def find_place(text: str) -> str | None:
    """Where it is, as a short Chinese name; None when no place is named."""
    return next((name for name, pattern in _table("places.tsv") if pattern.search(text)), None)


def is_broken(text: str, *, wish: bool = True) -> bool:
    """Whether normalised `text` says that something is broken, or with `wish` that it is to be mended."""
    return any(_cue(kind).search(text) for kind in (("broken", "wish") if wish else ("broken",)))


def is_urgent(text: str) -> bool:
    """Only explicit words count, and not when they are denied."""
    return bool(_HURRY.search(text) and _URGENT.search(_NOT_URGENT.sub("", text)))


@cache
def _table(name: str) -> tuple[tuple[str, re.Pattern[str]], ...]:
    rows = (line.split("\t") for line in lines(name))
    return tuple((row[0], re.compile(row[1])) for row in rows)


@cache
def _cue(kind: str) -> re.Pattern[str]:
    """Everything that says `kind`: that something is broken, or that a change is wished."""
    rows = (line.split("\t") for line in lines("cues.tsv"))
    return re.compile("|".join(row[1] for row in rows if row[0] == kind))
