"""The moment that a sentence asks for or offers; what is past, refused, replaced or habitual is none."""

import re
from dataclasses import replace
from datetime import datetime, timedelta
from functools import lru_cache
from typing import NamedTuple
from zoneinfo import ZoneInfo

from bot.understanding.entities.phrases import WHOLE_DAY, Phrase, merged_hours, phrases_of
from bot.understanding.entities.piece import moment
from bot.understanding.entities.recurring import find_recurring
from bot.understanding.values import TimeWindow

_SHANGHAI = ZoneInfo("Asia/Shanghai")
_HINT = re.compile(
    r"[天日号周拜期末早晚午点时钟后月底:/旦庆诞夕宵夜旬年隔次节]|饭[后前过]|完[午中晚]饭|放学|下了班|清明|重阳|初[一二三四五六七八九十]|中秋|双[十1]|\d\s*[-~]\s*\d"
)
_PAST_BEFORE = re.compile(
    r"(?:过[了完]|刚[才刚]|[去前往历早]年|(?<![早晚])上(?![班课学门午来去厕])个?|每个?|每逢|工作日|平[时日常]|天天|一到|经常|总是|老是|自从|从|昨[天日晚夜儿]|前[天日晚]|上(?:周|星期|礼拜)[一二三四五六日天]?|约[好定]的?|说[好定]的?|[订定]好的?|原来约的?|原本|原定|约的是|打从|截止|截至|写的|写着|(?:租|卡|期|合同|费|签)[到至])[^,。;]{0,2}$"
)
_PAST_AFTER = re.compile(
    r"^(?:钟)?(?:就(?:开始|在|有|该|已经|停|没|把|起|上班|走|回|出院|出差|开学|搬|是|元旦|过年|要(?![来修装换]|$|[,。!]))|[^,。;]{0,6}(?:[来看修]过|[来修换装弄办][完好]了)|多?(?:了|还(?:在|有)|才(?!下班|到家|回|有空|在家|有人|有时间|能|得空|休息|方便|可以))|(?:来|到|修|装|换|报|打|买|交|约|订|停|发|走|说|坏|漏|断|堵|跳)(?:过|的(?!话|时候))|一过|刚(?!好)|[^,。;]{0,4}发现|怎么[没还又]|[也还]没(?!空)|过来[修换装看]的(?!话|时候)|开始(?:吵|闹|漏|停)|的(?:发票|账单|收据|飞机|火车|高铁|航班)|(?:下班(?!以?[后前]|之[后前]|[再回到来])|睡|起床|敲门)|(?:上班[吗么不]|放假|营业)|交房?租|到期|过期|截止|为止|愉快|快乐|会更好|见)"
)
_REFUSED_BEFORE = re.compile(r"(?:别|不要|不用|(?<!是)不是|(?<!行)不行|除了?|[等挨熬]不(?:到|了|及))(?:在)?$")
_REFUSED_AFTER = re.compile(
    r"^[^,。;!?吗么]{0,6}?(?:(?<!行)不行(?![吗么嘛])|没空|没时间|(?<!在)不在|没人|(?:别|不要|不用|勿)(?:来|打|敲|按|上门)|再(?:联系|约|告诉|定时间|通知)|(?<![方便])不方便|来不了|不得空|[要都得]上班|[要得](?:接|送|开会|出门|出差|带|陪|考|办事|加班|上课|做饭|烧饭|用[水电]|洗澡|赶[车飞火高])|有事|太晚|太早|除外|赶不上|赶不到|赶不过|来不及|赶不及|怕是(?:悬|不|难|够呛)|有?点?悬(?![的挂空])|够[呛戗]|没办法|(?:弄|修|干|做|搞|整|忙)不(?:完|成|了|好|过来)|(?:有|下|降|刮)(?:[大暴小]?[雨雪风]|台风|寒潮|雷阵雨|温))|^[^,。;!?]{0,8}?(?:出差|加班|在外地|值班|旅游)"
)
# “师傅说三点到，现在还没来”: what was promised, by one who has not come.
_PROMISED = re.compile(r"说|约|答应|通知")
_NOT_COME = re.compile(
    r"[^。;!?]{0,14}?(?:还没[来到见]|还不来|没见人|人呢|没影|没有?人来|没动静|没消息|没下文|放鸽子|爽约)"
)
_VISITS_END, _SOON = 1230, timedelta(hours=2)  # minutes of a day; the evening clock that is near
_BACK = 10  # characters before a moment that can say it is none
_SETTLED = re.compile(r"(?:来吧|可以吧?|行吧?|好了?|没问题)[,\s我]")  # “明天来吧，上午没空”
_REPLACED_AFTER = re.compile(
    r"^[^。;]{0,14}?(?:改成|改到|改为|换成|换到|推迟到|提前到|挪到|不对|延到|调到|,那?还是|[,。 ]不不?[,。 ])"
)
_OFFER_AFTER = re.compile(
    r"^[^。;!?]{0,8}?(?:来|可以|行|都在|有人|在家|方便|上门|有空|过来|派|修|看|到|吧|我在|装|换|能|交接|交房|开门|见面|碰头)"
)
_OFFER_BEFORE = re.compile(
    r"(?:最好|能不能|可以|可不可以|约|改到?|[改推延挪换]成|[推延挪换前迟]到|就|等|定|订|大概|还是|要不)(?:在|是)?$"
)
# At night nobody offers a time by what is done then (“半夜装修”), only by asking somebody to come.
_DAYTIME = (360, 1320)
_COME_AFTER = re.compile(r"^[^,。;!?]{0,2}(?:来|上门|过来)(?![敲吵电])")
_ASKED = re.compile(r"(?:能|可以)(?!不)[^,。;!?]{0,6}[吗不么?]|(?:行|成|可以|方便|得)(?:吗|不|么|唔)")
_OR = re.compile(r"(?:或者?|要么|要不)是?$")
_OFFERED_NEXT = re.compile(r"^(?:过?来|可以|行|有人|在家|有空|上门|方便|我在)")

# What befell somebody today, or is asked of today: no wish for today.
_HAPPENED = re.compile(
    r"[^,。;!?]{0,10}?(?:[又还怎]|坏|漏|停|堵|断|掉|爆|塌|响|吵|没[水电气暖网来人开]|不[亮热转通灵行]|[修换弄装][好完了]|[来报交打]过|刚|发现|开始"
    r"|下[雨雪]|上班|放假|营业|休息|有活动|几[号点度]|天气|星期几|周几)"
)

# What is to do where the first does not: 下星期三吧，不行就星期四.
_SECOND_BEST = re.compile(
    r"(?:[,，。;\s]|吧)+(?:要是|如果|实在)?(?:那天|到时)?不行(?:的话)?(?:就|再|那就|换)[^?]*$"
)


def hints_at_time(text: str) -> bool:
    """Whether normalised `text` holds anything of which a time could be made."""
    return _HINT.search(text) is not None


class When(NamedTuple):
    """The window that is meant; without one perhaps the words of a day that cannot be told or is none."""

    window: TimeWindow | None
    unusable: str = ""


def find_time(text: str, now: datetime, *, alone: bool = False) -> TimeWindow | None:
    """The window in normalised `text` (rooms and phones blanked), read from `now` in Shanghai.

    With `alone` a mere "上午" or "三点" counts, as the answer to "when".
    """
    return find_when(text, now, alone=alone).window


@lru_cache(maxsize=256)
def time_of(text: str, minute: datetime) -> TimeWindow | None:
    """`find_time`, remembered: the same options are read for everybody who is asked in the same minute."""
    return find_time(text, minute)


def find_when(text: str, now: datetime, *, alone: bool = False) -> When:
    """`find_time`, and what was said of a day that nobody can keep: “2月30日”, “过几天”, “11月20号” in December."""
    text = _SECOND_BEST.sub("", text, count=1)
    if not hints_at_time(text):
        return When(None)
    now = now.astimezone(_SHANGHAI)
    if again := find_recurring(text, now, alone=alone):
        return When(again)
    every = phrases_of(text, now)
    phrases = [one for one in every if not _ruled_out(text, one, alone=alone)]
    known = [one for one in phrases if not _is_lost(one)]
    unusable = _unusable(text, phrases, known)
    if unusable or not known:
        return When(None, unusable)
    return When(_asked_for(text, now, every, known, alone=alone))


def _is_lost(phrase: Phrase) -> bool:
    return phrase.day is not None and phrase.day.lost != ""


def _unusable(text: str, phrases: list[Phrase], known: list[Phrase]) -> str:
    """The day that was said and is none, unless another day stands beside it."""
    if any(one.day or one.at for one in known):
        return ""
    for one in phrases:
        if (
            one.day
            and one.day.lost
            and (one.hours or one.day.lost == "date" or (one.day.lost == "vague" and not known))
        ):
            return text[one.day.start : one.day.end]
    return ""


def _asked_for(
    text: str, now: datetime, every: list[Phrase], phrases: list[Phrase], *, alone: bool
) -> TimeWindow | None:
    phrases = _on_the_day_refused(text, every, phrases)
    chosen = _completed(_with_half(text, _chosen(text, phrases), phrases), phrases)
    chosen = _narrowed(text, chosen, phrases)
    if (
        chosen.day is None
        and chosen.at is None
        and not (alone or any(_offered(text, one) for one in phrases))
    ):
        return None
    return _window(chosen, now)


def _ruled_out(text: str, phrase: Phrase, *, alone: bool) -> bool:
    before, after = text[max(0, phrase.start - _BACK) : phrase.start], text[phrase.end :]
    return bool(
        (_PAST_BEFORE.search(before) and not (before.endswith("从") and text[phrase.start] in "明后下"))
        or _PAST_AFTER.search(after)
        or _REFUSED_BEFORE.search(before)
        or (_NOT_COME.match(after) and _PROMISED.search(text, 0, phrase.start))
        or (_REFUSED_AFTER.search(after) and not _SETTLED.match(after))
        or (text[phrase.start : phrase.end].startswith("今") and _is_told(text, phrase))
        or (
            phrase.hours is None
            and not alone
            and not _is_lost(phrase)
            and text[phrase.end - 1] == "前"
            and not _OFFER_AFTER.search(after)
        )
    )


def _is_told(text: str, phrase: Phrase) -> bool:
    """“今天电梯又坏了”: a bare today that is followed by what happened, not by what may be done."""
    return phrase.hours is None and not _offered(text, phrase) and bool(_HAPPENED.match(text, phrase.end))


def _chosen(text: str, phrases: list[Phrase]) -> Phrase:
    """The last after a change of mind, else the most exact, else the first."""
    for at in range(len(phrases) - 1):
        if _REPLACED_AFTER.search(text[phrases[at].end : phrases[at + 1].start + 1]):
            return phrases[-1]
    return max(phrases, key=lambda one: (one.weight, *_wanted(text, one), -one.start))


def _wanted(text: str, phrase: Phrase) -> tuple[bool, bool]:
    """Whether a question or an offer follows at once: of two moments as exact that is the one meant."""
    after = text[phrase.end :]
    other = _OR.search(text[: phrase.start]) is not None
    return bool(_ASKED.match(after)), bool(_OFFERED_NEXT.match(after)) and not other


def _completed(chosen: Phrase, phrases: list[Phrase]) -> Phrase:
    """Takes a missing day or hour from the other phrases: “下午来，明天” and “两点半，就今天下午”."""
    if chosen.at:
        return chosen
    for other in phrases:
        if other is chosen or other.at:
            continue
        if chosen.day is None and other.day is not None:
            chosen = chosen._replace(day=other.day)
            if chosen.hours and other.hours:
                chosen = chosen._replace(hours=merged_hours(chosen.hours, other.hours) or chosen.hours)
        if chosen.hours is None and other.hours is not None and (other.day is None):
            chosen = chosen._replace(hours=other.hours)
    return chosen


def _narrowed(text: str, chosen: Phrase, phrases: list[Phrase]) -> Phrase:
    """“明晚我在家，七点来”: a clock offered later lies in the half of the day named before."""
    if not chosen.day or not chosen.hours or chosen.hours.clock:
        return chosen
    half = chosen.hours
    for other in phrases:
        if other.day or not other.hours or not other.hours.clock or other.start < chosen.end:
            continue
        hours = merged_hours(half, other.hours)
        inside = (
            hours and half.since is not None and half.since <= (hours.since or 0) <= (half.till or WHOLE_DAY)
        )
        if inside and _offered(text, other):
            return chosen._replace(hours=hours)
    return chosen


def _on_the_day_refused(text: str, every: list[Phrase], left: list[Phrase]) -> list[Phrase]:
    """“明天上午不行，下午可以”: only the half was refused, the day stands."""
    if len(every) == len(left) or any(one.day or one.at for one in left):
        return left
    for one in every:
        if one.day and one.hours and one.end <= left[0].start and _REFUSED_AFTER.search(text[one.end :]):
            return [left[0]._replace(day=one.day._replace(since=None, till=None)), *left[1:]]
    return left


def _with_half(text: str, chosen: Phrase, phrases: list[Phrase]) -> Phrase:
    """“晚上来，最好八点”: a clock without a half of the day takes the one offered before it."""
    for other in phrases:
        if other.day is None and other.end <= chosen.start and _OFFERED_NEXT.search(text[other.end :]):
            hours = merged_hours(other.hours, chosen.hours) if other.hours and chosen.hours else None
            chosen = chosen._replace(hours=hours or chosen.hours)
    return chosen


def _offered(text: str, phrase: Phrase) -> bool:
    clock = phrase.hours is not None and phrase.hours.clock
    if not clock and phrase.hours and not _DAYTIME[0] <= (phrase.hours.since or 0) < _DAYTIME[1]:
        return bool(_COME_AFTER.search(text[phrase.end :]))
    return bool(
        _OFFER_AFTER.search(text[phrase.end :])
        or _OFFER_BEFORE.search(text[max(0, phrase.start - _BACK) : phrase.start])
    ) or (clock and phrase.end - phrase.start >= len(text.strip()) - 2)


def _window(phrase: Phrase, now: datetime) -> TimeWindow | None:
    if phrase.at and phrase.at.at:
        return TimeWindow(phrase.at.at.replace(second=0, microsecond=0))
    day = phrase.day.day if phrase.day and phrase.day.day else now.date()
    hours = phrase.hours
    if hours is None:
        days = phrase.day.days if phrase.day else 1
        return TimeWindow(moment(day, 0, now), moment(day, days * WHOLE_DAY, now) if days else None)
    since, till = hours.since or 0, hours.till
    start, end = moment(day, since, now), None if till is None else moment(day, till, now)
    if (end or start) <= now:
        return _later(phrase, TimeWindow(start, end, onward=hours.onward), now)
    within = hours.within if hours.within is not None and hours.within > since else None
    limit = moment(day, within, now) if within is not None else None
    return TimeWindow(start, end, onward=hours.onward, within=limit)


def _later(phrase: Phrase, window: TimeWindow, now: datetime) -> TimeWindow | None:
    """A moment that is over: the evening one, the next day's or next week's one; with a date said, none.

    Late in the evening only what is near is meant for today: “九点” at ten is nine of the next day.
    """
    hours = phrase.hours
    if hours and hours.clock and not hours.fixed and hours.till is None and 60 <= (hours.since or 0) < 720:
        evening = _moved(window, timedelta(hours=12))
        late = evening.start.hour * 60 + evening.start.minute > _VISITS_END
        if evening.start > now and (not late or evening.start - now <= _SOON):
            return evening
    if phrase.day is None:
        return _moved(window, timedelta(days=1))
    return None


def _moved(window: TimeWindow, by: timedelta) -> TimeWindow:
    return replace(window, start=window.start + by, end=window.end and window.end + by)
