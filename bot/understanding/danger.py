"""Danger first: hazards are found by rules of their own, before and apart from everything learned."""

import re
from dataclasses import dataclass
from functools import cache

from bot.understanding.data import lines

# A hazard that is feared, remembered or taught is none.
_NOT_NOW = re.compile(
    r"(?:万一|如果|要是|一旦|假如|担心|怕|容易|可能会?|会不会|以防|防止|避免|以免|隐患|差点|险些|哪天|去年|前年|上次|上回|上个?月|上周|前几天|曾经?|之前|以前|从前"
    r"|昨晚|昨天|前天|听说|演练|演习|讲座|培训|知识|怎么逃|报名|体验|课|难道要等|非要等|等到|早晚|迟早|经常|多次|每次|三天两头|动不动|再这样|导致|引发|造成|学习|想学)[^。!?;]{0,24}$|(?:没有?|跟|像|好像)$"
)
_SAFE_NOW = re.compile(
    r"里面没(?:有)?人|没(?:有)?困人|没(?:有)?人受伤|虚惊|演习|演练|已经(?:扑灭|救出|灭了|关了总阀|送医)|已平安|特此感谢|万分感谢|感激|感谢(?:你们|项目|物业|保安|各位|大家)|多亏(?:你|了)|表扬|点赞|想学|培训|讲座"
)
_TOLD_ABOUT = re.compile(
    r"^[^。!?;]{0,8}?(?:怎么得了|谁负责|真的假的|真的吗|是真的|那次|那天|之后要|之后说|的调查|能坐|似的|抢修|两天才|三回"
    r"|过三|过一?次|应该按|去哪打针|自己买|什么时候来水|的时候要)"
)
_TIMES_PAST = re.compile(r"[两三四五六七八九十几多\d]次")
_NOW = re.compile(
    r"快|立刻|立即|马上|赶紧|赶快|正在|现在|还在|救|紧急|危险|刚才|刚刚|突然|请求|封锁|疏散|火速|不停"
)
_ENDINGS = str.maketrans("咯啦", "了了")
_LETTER = 70  # characters from which a text is a letter, where hazards are more often told than happening


@dataclass(frozen=True, slots=True)
class _Rule:
    kind: str
    pattern: re.Pattern[str]
    unless: re.Pattern[str] | None


def danger(shown: str) -> str | None:
    """The kind of hazard that normalised text reports as happening now, or None."""
    shown = shown.translate(_ENDINGS).replace("不是演习", "")
    if _SAFE_NOW.search(shown):
        return None
    if is_letter(shown) and (_TIMES_PAST.search(shown) or not _NOW.search(shown)):
        return None
    return next((rule.kind for rule in _rules() if _happens(rule, shown)), None)


def is_letter(shown: str) -> bool:
    """Whether the text is so long that it tells a story."""
    return len(shown) >= _LETTER


def _happens(rule: _Rule, shown: str) -> bool:
    if rule.unless and rule.unless.search(shown):
        return False
    return any(_now(shown, match) for match in rule.pattern.finditer(shown))


def _now(shown: str, match: re.Match[str]) -> bool:
    return not (_NOT_NOW.search(shown[: match.start()]) or _TOLD_ABOUT.search(shown[match.end() :]))


@cache
def _rules() -> tuple[_Rule, ...]:
    rows = ((line + "\t\t").split("\t")[:3] for line in lines("danger.tsv"))
    return tuple(
        _Rule(kind, re.compile(pattern), re.compile(unless) if unless else None)
        for kind, pattern, unless in rows
    )
