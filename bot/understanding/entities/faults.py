"""What is broken or to be installed, where, and how urgent the sentence says it is."""

import re
from functools import cache
from typing import NamedTuple

from bot.understanding.data import lines

_BROKEN = re.compile(
    r"坏|漏|堵|渗|滴|裂|掉|断|松|(?<![禁水电校购饭月门])卡(?=[住死着壳得了在]|$)|爆|碎|破|锈|歪|翘|塌|脱|糊|烧|冒烟|冒火|冒水|跳闸|短路|失灵|故障|异响|不灵|不亮|不热|不转|不动|不响|不通|不上|不了|不着|不冷|不制|不出|不进|不吸|不显示|"
    r"没反应|没信号|没电|没水|没网|打不开|打不着|关不|推不|开不|返水|返臭|返味|反水|反味|反臭|止不住|流水|打火(?!机|不)|漫|闪|死机|停运|不走|不工作|不好使|不好用|不能用|用不了|变形|脱落|弹开|夹|鼓包|发霉|"
    r"空鼓|缺|少了|没了|掀|砸|不下|掉线|跳了|慢|太小|一直(?:转|响|流)|嗡嗡|哐|咣|没显示|没画面|困|关人|停在|不平|晃|潮|生锈|老化|堵塞|憋了|臭"
)
_MEND = re.compile(
    r"修|维修|报修|检修|抢修|更换|换(?!成|个人|手机|号|绑|房|物业|到|电话)|安装|装(?!修|作|饰)|安(?=[个上一窗门灯插锁玻])|疏通|通一下|拆|加固|加氟|清洗|保养|调一下|调试|补(?!交|缴|办|贴|充)|刷墙|量窗|对接|来看|看看|看一下|看跳闸|看宽带|搞一下|弄一下"
)
_FINE = re.compile(r"(?:修|弄|换|搞)好(?!的)[^,。的坏漏]{0,3}了|已经好了|很亮|谢谢师傅|真好|点赞|表扬|辛苦")
_STILL = re.compile(r"又|还是|没修好|不亮|再修|仍")
_MONEY = re.compile(
    r"[水电气暖]费|[水电]卡|电梯费|维修基金|维修资金|公摊|账单|充值|充了|缴|交费|多少钱|收费|单价|欠费"
)
_PEOPLE = re.compile(r"抽烟|吵|噪音|扰民|遛狗|乱停|占|垃圾没|态度|味道太大|油烟味")
_CLAUSES = re.compile(r"[,。;!?,\n]|\s{1,}(?=\D)")

_URGENT = re.compile(
    r"(?<![不别没])(?<!不是很)(?<!不太)(?<!不用)(?<!不要)(?<!别太)(?:急急|着急|赶紧|赶快|立刻|立即|立马|火速|加急|特急|万分紧急|十万火急|很急|急死|救命|快点[来派修叫过赶]|快来|快派|速来|速派|快点快点"
    r"|紧急(?!呼叫|出口|通道|联系|通知|按钮|集合|疏散|停|电话|照明|制动)"
    r"|马上(?!就?[要到过满开毕高放入搬期]|就(?!来|派|修|过)|回))"
)
_NOT_URGENT = re.compile(r"不[是很太用要]{0,2}(?:着急|紧急|急)|别(?:着)?急|性子急")


class Fault(NamedTuple):
    """What the words themselves say of a fault; neither numbers nor the hour change it."""

    category: str | None
    place: str | None
    urgent: bool


def find_fault(text: str, *, mending: bool) -> Fault:
    """All three of normalised `text`; `mending` as for `find_category`."""
    return Fault(find_category(text, mending=mending), find_place(text), is_urgent(text))


def find_category(text: str, *, mending: bool) -> str | None:
    """The category of what is to be mended or installed in normalised `text`.

    `mending` says that the sentence as a whole is about a repair, so that naming the thing is enough.
    """
    if _FINE.search(text) and not _STILL.search(text):
        return None
    if not mending and (_MONEY.search(text) or _PEOPLE.search(text)):
        return None
    clauses = [clause for clause in _CLAUSES.split(text) if clause]
    faulty = [clause for clause in clauses if _BROKEN.search(clause) or _MEND.search(clause)]
    for clause in (*faulty, *(clauses if mending or faulty else ())):
        if category := _category(clause):
            return category
    return "other" if mending and _LOOSE.search(text) else None


_LOOSE = re.compile(r"(?:坏|断|掉|松|裂|破|倒)了")


def _category(clause: str) -> str | None:
    return next((name for name, pattern in _table("faults.tsv") if pattern.search(clause)), None)


def find_place(text: str) -> str | None:
    """Where it is, as a short Chinese name; None when no place is named."""
    return next((name for name, pattern in _table("places.tsv") if pattern.search(text)), None)


def is_urgent(text: str) -> bool:
    """Only explicit words count, and not when they are denied."""
    return bool(_URGENT.search(_NOT_URGENT.sub("", text)))


@cache
def _table(name: str) -> tuple[tuple[str, re.Pattern[str]], ...]:
    rows = (line.split("\t") for line in lines(name))
    return tuple((row[0], re.compile(row[1])) for row in rows)
