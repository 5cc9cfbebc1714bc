"""Danger first: hazards are found by rules of their own, before and apart from everything learned."""

import re
from dataclasses import dataclass
from functools import cache

from bot.understanding.data import lines

# What is said before a hazard. Where something is said to be happening after all ("昨天修过，现在整根断了"),
# what was remembered or feared before that does not count; what is supposed still does.
_AFTER_ALL = r"现在|刚才|刚刚|突然|这会儿?|此刻|正在|已经|真的(?!是)|结果|没想到|今[天早晚儿]"
_SUPPOSED = re.compile(
    r"(?:万一|如果|要是|一旦|假如|假设|真要是?|要真的?|哪天|难道要等|非要等|等到|再这样|预防|防范|怎样防|怎么防)[^。!?;]{0,24}$"
)
_REMEMBERED = re.compile(
    r"(?:担心|(?<![恐害])怕(?!是|不是)|容易|可能(?:会|要|导致|引|造成|发生)|会不会|以防|防止|避免|以免|免得|省得|新闻|电影|电视[里上]|游戏里|梦[见到]|隐患|差点|险些|去年|前年|上次|上回|那次|上个?月|上周"
    r"|上个?礼拜|上个?星期|前几天|前两天|前阵子?|前段时间|曾经?|之前|以前|从前|早些年|小时候|昨晚|昨天|前天|听说|演练|演习|讲座(?![上里现室厅])|培训(?![班室现中])|知识|怎么逃"
    r"|报名|体验|课|早晚|迟早|经常|多次|每次|三天两头|(?<!一)动不动|老是|(?<![大暴]雨)(?<!风)导致|引发|造成|学习|想学)"
    rf"(?:(?!{_AFTER_ALL})[^。!?;]){{0,24}}$"
)
# What happened before, often or elsewhere, said in the midst of the hazard: "电梯昨天困过人".
_INSIDE = re.compile(
    rf"(?:昨[天晚]|前天|上次|上回|经常|三天两头|老是|(?<!一)动不动|每次|去年|之前|困过|会不会|要是|如果|万一|新闻|电影|外地|梦[见到]|没有?(?:砸|打|伤|碰|压|撞|夹)(?:到|着|中)?人)(?:(?!{_AFTER_ALL}).)*$"
)
# Compared ("跟着火似的") or exaggerated ("跌得要跳楼").
_LIKE = re.compile(
    r"(?:没有?|没有?(?:看[见到]|见[着到]|闻[见到着]|听[见到]|发现)(?:有|什么|啥|任何)?|不|会|跟|(?<!好)像|[烫热跌气笑愁忙累贵急穷渴饿臭冷]得[^。,]{0,2}(?:要|快|想|能|可以)要?|(?:逼|吵|烦|折磨|闹|折腾|噪音)得[^。,]{0,6}|(?:笑|气|愁|乐|美)(?:死|到|得)[^。,]{0,3})$"
)
_SAFE_NOW = re.compile(
    r"(?<![屋家房店])里(?:面|头|边)?(?:也|都|现在)?没(?:有)?(?:关|困|载)?(?:着)?人(?![应理说答回管接开])|没(?:有)?(?:人(?:被)?)?困(?:住)?(?:着)?人?|没人在里面|没(?:有)?人受伤|虚惊|演习|演练|已经(?:扑灭|救出|灭了|关了总阀|送医)|已平安|特此感谢|万分感谢|(?:感激|感谢(?:你们|项目|物业|保安|各位|大家))(?=.{3})"
    r"|多亏(?:你|了)|表扬|点赞|锦旗|想学|培训(?![班室现中])|讲座(?![上里现室厅])|(?<!不是)(?<!没有)误报|误会一场|(?:弄|搞|看|闻)错了|查(?:了|出来|清楚)是[^。]{0,12}没关"
    r"|(?<!以为)没事了[^。]{0,8}$"
    r"|不是(?:煤气|燃气|天然气|着火|起火|失火|火灾|烟)味?(?:道)?[,。 ]*"
    r"(?:而?是|就是|应该是|原来是)[^。,]{0,6}(?:臭|香|豆腐|榴莲|炒|做饭|烧菜|烤|油烟|霞|灯|蒸汽|水汽|雾|灰|油漆|胶)"
    r"|哈哈|(?<!不是)(?<!没)(?<!没在)开玩笑"
)
_NO_DRILL = re.compile(r"(?:不是|并非|可不是|不像)(?:在)?(?:搞|做)?(?:什么)?(?:演习|演练)")
_TOLD_ABOUT = re.compile(
    r"^(?:了|着|起来|下去|下来|进去)?一样|^(?:下去|下来|进去|倒|到|伤)?过(?!来|去|不|道)|^[^。!?;]{0,8}?(?:怎么得了|谁负责|谁担责|谁来?赔|真的假的|真的吗|是真的|那次|那天|之后要|之后说|的调查|能坐|(?<!瀑布)(?<!喷泉)(?<!下雨)似的|抢修|两天才|三回"
    r"|过三|过一?次|应该按|去哪打针|自己买|什么时候来水|的时候要|的原因|的概率|怎么进|怎么赔|怎么预防|正确做法|要砸死人的|注意事项|(?:烧|泡|砸|弄)坏的|过后|以后|事故|[^。!?;]{0,4}(?:让|要|找|叫)[^。,]{0,4}赔|后来|死人才|受灾|的那(?:次|回|面|户|家|个|件)|的事[情儿]?[,，]?(?:后|怎|处|咋|你|说了)|[^。!?;]{0,8}(?:前天|昨天|上周|上个?月)的事)"
)
_TIMES_PAST = re.compile(r"[两三四五六七八九十几多\d]次")
_NOW = re.compile(
    r"快|立刻|立即|马上|赶紧|赶快|正在|现在|还在|救|紧急|危险|刚才|刚刚|刚回|突然|请求|封锁|疏散|火速|不停|怎么办|来人|来看"
)
_ENDINGS = str.maketrans("咯啦", "了了")
_LETTER = 70  # characters from which a text is a letter, where hazards are more often told than happening


@dataclass(frozen=True, slots=True)
class Hazard:
    """What normalised text reports as happening now. A `sure` one leaves the recogniser nothing to doubt."""

    kind: str
    sure: bool


@dataclass(frozen=True, slots=True)
class _Rule:
    kind: str
    sure: bool
    pattern: re.Pattern[str]
    unless: re.Pattern[str] | None


def danger(shown: str) -> str | None:
    """The kind of hazard that normalised text reports as happening now, or None."""
    found = hazard(shown)
    return found.kind if found else None


def hazard(shown: str) -> Hazard | None:
    """`danger`, and whether it is told so plainly that nothing else can be meant."""
    shown = _NO_DRILL.sub("", shown.translate(_ENDINGS))
    if _SAFE_NOW.search(shown):
        return None
    if is_letter(shown) and (_TIMES_PAST.search(shown) or not _NOW.search(shown)):
        return None
    named = (rule for rule in _rules() if rule.pattern.search(shown))  # most name nothing, and that is quick
    return next((Hazard(rule.kind, rule.sure) for rule in named if _happens(rule, shown)), None)


def is_letter(shown: str) -> bool:
    """Whether the text is so long that it tells a story."""
    return len(shown) >= _LETTER


def _happens(rule: _Rule, shown: str) -> bool:
    if rule.unless and rule.unless.search(shown):
        return False
    return any(_now(shown, match) for match in rule.pattern.finditer(shown))


def _now(shown: str, match: re.Match[str]) -> bool:
    before, after = shown[: match.start()], shown[match.end() :]
    told = any(pattern.search(before) for pattern in (_SUPPOSED, _REMEMBERED, _LIKE))
    return not (told or _INSIDE.search(match[0]) or _TOLD_ABOUT.search(after))


@cache
def _rules() -> tuple[_Rule, ...]:
    rows = ((line + "\t\t").split("\t")[:3] for line in lines("danger.tsv"))
    return tuple(
        _Rule(
            kind.rstrip("!"), kind.endswith("!"), re.compile(pattern), re.compile(unless) if unless else None
        )
        for kind, pattern, unless in rows
    )
