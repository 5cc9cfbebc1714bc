"""Which of the options shown an answer means: by place, by name, in other words, by a yes or a no."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache

from bot.scripts.format import CANCEL, END
from bot.talk import asking, naming
from bot.talk.state import Offered
from bot.understanding.acts import Act, Acts, says
from bot.understanding.heads import head
from bot.understanding.likeness import NEGATIVE, sounds_like
from bot.understanding.matching import CONTAINED, matches
from bot.understanding.normal import normal, said_once
from services import clock

_TIED = 0.08  # two options nearer than this are asked back
_DOUBTED = 0.35  # what is left of a likeness where the words ask
_STEERING = (asking.MORE, asking.CHANGE)
_HOLDS_BACK = frozenset(
    {
        Act.DONT_YET,
        Act.WAIT,
        Act.QUESTION,
        Act.CORRECT,
        Act.WITHDRAW,
        Act.NO,
        Act.LATER,
        Act.REFUSE,
        Act.DONT_KNOW,
        Act.FALSE_ALARM,
    }
)


@dataclass(frozen=True, slots=True)
class Meant:
    """An option with the likeness (0 to 1) by which it was found; `rivals` are those that lie too near."""

    offer: Offered
    likeness: float
    rivals: tuple[Offered, ...] = ()


def by_place(acts: Acts, options: Sequence[Offered]) -> list[Offered]:
    """第二个, 最后那个, 一和三: what is named by its place among what can be chosen."""
    listed = [one for one in options if one.value not in (asking.SKIP, *_STEERING)] or list(options)
    found = []
    for place in acts.ordinals:
        at = len(listed) // 2 if place == 0 else place - 1 if place > 0 else len(listed) + place
        if place > 0 and len(options) > len(
            listed
        ):  # the number that was shown counts the skipping option too
            at, among = place - 1, list(options)
        else:
            among = listed
        if 0 <= at < len(among) and among[at] not in found:
            found.append(among[at])
    return found


def are_named(acts: Acts, options: Sequence[Offered], now: datetime) -> bool:
    """Whether the whole name of an option stands in the words."""
    named = [names_of(one) for one in options if one.value != asking.MORE]
    return bool(matches(_dated(acts.text, now), named, least=CONTAINED))


def by_name(acts: Acts, options: Sequence[Offered], now: datetime, *, subjects: bool = False) -> Meant | None:
    """The option that the words name best; what they deny or only ask about is not meant.

    Where the options are `subjects`, to ask about one is to want it: 经理叫什么 among 公司介绍 and 我们的团队.
    """
    named = [one for one in options if one.value != asking.MORE]
    found = matches(_dated(acts.text, now), [names_of(one) for one in named])
    if not found:
        return None
    best = named[found[0].place]
    if affirms(best) and (says("hearsay", acts.text) or says("undecided", acts.text)):
        return None  # 我朋友说要去, 不一定能去
    doubted = not subjects and _only_asks(acts, best)
    likeness = found[0].score * (_DOUBTED if doubted else 1.0)
    if is_binding(best) and not may_bind(acts, best):
        return None
    whole = found[0].score >= CONTAINED  # and what is only like another is no rival of a whole name
    rivals = tuple(
        named[one.place]
        for one in found[1:3]
        if found[0].score - one.score < _TIED and (one.score >= CONTAINED or not whole)
    )
    return Meant(best, likeness, rivals)


_FIRST = re.compile(
    r"^(?:那就|那|就|先|只|我们?|要|想|给我|帮我)*(?:修|报|弄|看|办|处理|搞|催|取消|退|撤)(?P<part>[^，,。\s]{1,3}?)(?:那[个件条]|的|先|吧|了|就行|就好)*$"
)


def by_part(acts: Acts, options: Sequence[Offered]) -> Offered | None:
    """The one option in which the thing stands that is to come first: 先修灯 means 灯不亮."""
    found = None if acts.asked else _FIRST.match(naming.plain(normal(acts.text)))
    listed = [one for one in options if one.value not in (asking.SKIP, asking.NO, *_STEERING)]
    return _only([one for one in listed if found and found["part"] in one.text]) if found else None


def names_of(offer: Offered) -> tuple[str, ...]:
    """What names the option in a sentence; a bare yes or no of its keywords is no name."""
    return _naming(offer.text, tuple(offer.keywords))


_MONTH = re.compile(r"\d{4}年(\d{1,2}月)(?!\d)")  # 10月 of “2026年10月 213.01元”
_FIRST_WORD = re.compile(r"^[^\s（(：:,，]{2,8}(?=[\s（(：:,，])")  # 韩梅 of “韩梅 137****2222”


@lru_cache(maxsize=4096)
def _naming(text: str, keywords: tuple[str, ...]) -> tuple[str, ...]:
    first, month = _FIRST_WORD.match(text), _MONTH.match(text)
    return (
        text,
        *((first[0],) if first else ()),
        *((month[1],) if month else ()),
        *(word for word in keywords if not any(_is_head(word, kind) for kind in _HEADS)),
    )


def _only_asks(acts: Acts, offer: Offered) -> bool:
    """Whether the words ask about the option: “能不能催一下” wants it, “…那个” means it."""
    if not acts.asked and not (acts.best is Act.QUESTION and acts.margin > _SURELY):
        return False
    if _WANTS.search(acts.text) or _POINTS.search(acts.text):
        return False
    if any(says("asks_for", one.strip()) for one in (acts.text, *acts.clauses)):
        return False  # 有没有停车的地方, where what is wanted is asked
    return not any(_ASKING_NAME.search(word) and word in acts.text for word in (offer.text, *offer.keywords))


def _dated(text: str, now: datetime) -> str:
    """上个月 and 这个月 as the month they are, for lists of months."""
    here = clock.local(now)
    before = (here.month - 2) % 12 + 1
    return _THIS_MONTH.sub(f"{here.month}月", _LAST_MONTH.sub(f"{before}月", text))


_LAST_MONTH = re.compile(r"上个?月")
_THIS_MONTH = re.compile(r"[这本]个?月")
_WANTS = re.compile(
    r"(?:能不能|可不可以|能否|可以)(?:帮|给|让|再|快|催|麻烦)?.{1,8}[啊吗呀吧]?$|帮我|麻烦|(?:行不行|行吗|可以吗|可以不|成吗|好不好|好吗)(?:$|[,，。?？])"
)
_POINTS = re.compile(r"(?:那个|这个|那件|那单|那次|那条|那笔)[。！!]*$")
_ASKING_NAME = re.compile(r"[干做]?(?:什么|啥)的?$|在哪|多少|怎么|为什么|凭[啥什]|[吗呢]$")
_SURELY = 0.5
_HEADS = ("yes", "no", "none", "wrong")


def word_for_word(clause: str, shown: Sequence[Offered]) -> Offered | None:
    """The option that a clause is, in its own words: 我同意啊, 都说了同意, 不绑; 好 alone is none."""
    if len(clause) > _LONGEST_OPTION:
        return None
    if says("said_so", clause):
        return agreeing(shown)
    if says("binds_not", clause):
        return refusing(shown)
    bare = _BARE.fullmatch(naming.plain(clause))
    said = said_once(bare["said"]) if bare else ""
    return next((one for one in shown if said and said in _own_words(one.text, one.keywords)), None)


@lru_cache(maxsize=4096)
def _own_words(text: str, keywords: tuple[str, ...]) -> frozenset[str]:
    """What an option is called, and the words that mean it and hold a no: 用不着 where 不约了，是吗 is asked."""
    denying = (one for one in keywords if len(one) > _A_WORD and NEGATIVE.search(one))
    return frozenset(map(naming.plain, (text, *denying)))


_A_WORD = 2  # characters: 不去 alone may be a no to many questions
_LONGEST_OPTION = 24  # characters
_BARE = re.compile(
    r"(?:我们?|本人|也|都|那就?|当然|全部|好的?|嗯+|行|可以)*(?P<said>.+?)(?:了|的|啊|呀|吧|呢|哦|嘛|啦|呗|谢谢)*"
)


def is_binding(offer: Offered) -> bool:
    """Whether the option is a yes, which may only be taken from clear words."""
    return not offer.light and (offer.value == asking.YES or affirms(offer))


def may_bind(acts: Acts, offer: Offered) -> bool:
    """Whether words that name such an option really agree: they are the name and what goes with an order, no more.

    “那就提交吧” agrees; “我妈说要提交”, “上次提交过” and “等一下再提交” only speak of it.
    """
    if acts.agrees:
        return True
    if acts.asked or acts.conditional:
        return False
    said = naming.plain(normal(acts.text))
    if acts.negated or acts.best in _HOLDS_BACK:
        return acts.best in _SAYS_NO and _is_ordered_by_a_no(said, offer)
    named = [said.partition(one) for one in map(naming.plain, names_of(offer)) if one in said]
    ordered = (_ORDERS.fullmatch(before) and _ENDS_ORDER.fullmatch(after) for before, _, after in named)
    return any(ordered) if named else not _SPOKEN_OF.search(said)  # meant in other words


def _is_ordered_by_a_no(said: str, offer: Offered) -> bool:
    """用不着了, 嗯，甭来了 where 不约了，是吗 is asked: the no is the option's own, with what goes with an order."""
    names = [one for one in map(naming.plain, names_of(offer)) if len(one) > 1 and NEGATIVE.search(one)]
    named = [said.partition(one) for one in names if one in said]
    return any(_ORDERS.fullmatch(before) and _ENDS_ORDER.fullmatch(after) for before, _, after in named)


_SAYS_NO = (Act.NO, Act.YES, Act.REFUSE, Act.WITHDRAW)
_SPOKEN_OF = re.compile(r"说|之前|以前|上次|上回|[^经不]过|先放|让我|邻居|他们|她们|人家|别人|群里|误")
_ORDERS = re.compile(
    r"(?:我们?|咱们?|你们?|您|本人|那|就|便|请|帮我|给我|替我|麻烦|现在|马上|赶紧|赶快|直接|快|这就|可以|好的?|太好|行|嗯+[呐呢]?|对[的头]?|名额|是的?|ok|选|点|"
    r"要|想|需要|愿意|继续|接着|决定|确定|确认|完全|全部|都|已阅读|看过了?|没问题|信息|无误|一切|还是|吧|了|啊)*"
)
_ENDS_ORDER = re.compile(
    r"(?:吧|了|着|啊|呀|哦|到|去|来|嘛|呗|好了|一下|掉|它|这个|这单|这套|上面的?|以上|条款|内容|即可|就行|就好|就是了|没问题|对|好的?|嗯|谢谢?|多谢|麻烦了?|辛苦了?|"
    r"您|你|师傅|管家|报名|报修|提交|绑定|修|房子|房屋|这次|那个|活动|的|单子|单)*"
)


def agreeing(options: Sequence[Offered]) -> Offered | None:
    """The option that a yes means."""
    return next((one for one in options if one.value == asking.YES), None) or _only(
        [one for one in options if affirms(one)]
    )


def refusing(options: Sequence[Offered]) -> Offered | None:
    """The option that a no means."""
    plain = next((one for one in options if one.value == asking.NO), None)
    return (
        plain or _only([one for one in options if denies(one) and not affirms(one)]) or _other_of_two(options)
    )


def denying(options: Sequence[Offered]) -> Offered | None:
    """The one option that a 不是 stands for, be it that a yes may stand for it as well: 不是，我要报修."""
    plainly = [one for one in options if any(word.startswith("不是") for word in (one.text, *one.keywords))]
    return _only(plainly) or _only([one for one in options if denies(one)])


def _other_of_two(options: Sequence[Offered]) -> Offered | None:
    """Where one option does it and one does not, a no means the one that does not."""
    doing = ending(options) or _only([one for one in options if affirms(one)])
    others = [one for one in options if one is not doing and one.value not in (asking.SKIP, *_STEERING)]
    return _only(others) if doing else None


def leaving(options: Sequence[Offered], *, agreed: bool = False) -> Offered | None:
    """The option with which a short list is done: 没事了, 就看看. What a 好的 would begin needs an agreement."""
    done = ("没事了", "知道了", "不用了", "没别的", "先这样", "好的", "就看看")
    ends = (one for one in options if agreed or one.text in done or one.to in (END, CANCEL))
    return next((one for one in ends if any(word in (one.text, *one.keywords) for word in done)), None)


_ENDS = re.compile(r"取消|撤|退|解绑|移出|删|不处理|不用处理|不修|不办")
_KEEPS = re.compile(r"^(?:不|先不|别|留|还是|继续|保留|暂不)(?!用处理|处理|修|办)")


def ending(options: Sequence[Offered]) -> Offered | None:
    """The one option that drops or undoes something, such as 撤回; not the one that drops the talk itself."""
    return _only([one for one in options if one.value != asking.NO and drops(one)])


def drops(offer: Offered) -> bool:
    """Whether the option drops or undoes something by its own name: 确定取消, but not 不取消."""
    return bool(_ENDS.search(offer.text)) and not _KEEPS.match(offer.text)


def dropping(options: Sequence[Offered], said: str) -> Offered | None:
    """The option by which 取消 or 算了 drops something: of several it must be named, or they leave the list.

    取消 means 取消这次报修, but 不用了 at 加一位, 移出一位, 没事了 removes nobody. What has stood for long, a home or
    somebody of the household, ends only where that is said: 取消 where 确定解绑吗 is asked leaves it as it is.
    """
    found = ending(options)
    if found and _STANDS.search(found.text) and not _ends_it(found, naming.plain(said)):
        return refusing(options) if len(options) <= _YES_AND_NO else leaving(options)
    told = _is_said_of(found, naming.plain(said)) or says("undoes", said) if found else False
    if found is None or len(options) <= _YES_AND_NO or told:
        return found
    return leaving(options) or found


_STANDS = re.compile(r"解绑|移出|删")
_ENDS_IT = re.compile(r"绑|解除|移|删")


def _ends_it(offer: Offered, said: str) -> bool:
    """Whether the words say what the option does, by one of its names or its verb."""
    named = any(len(word) >= 2 and word in said for word in (offer.text, *offer.keywords))
    return named or _ENDS_IT.search(said) is not None


def _is_said_of(offer: Offered, said: str) -> bool:
    """Whether a name of the option stands in the words, or begins as they do."""
    return names(offer, said[:2]) or any(len(word) >= 2 and word in said for word in offer.keywords)


_YES_AND_NO = 2


def by_sound(said: str, options: Sequence[Offered]) -> Offered | None:
    """The one option that a message of a word or two sounds like: 未生间."""
    bare = naming.plain(normal(said))
    found = [
        one
        for one in options
        if abs(len(bare) - len(one.text)) <= 1 and sounds_like(bare, (one.text, *one.keywords))
    ]
    return _only(found)


def affirms(offer: Offered) -> bool:
    return any(_is_head(word, "yes") for word in (offer.text, *offer.keywords))


def denies(offer: Offered) -> bool:
    return any(_is_head(word, "no") for word in (offer.text, *offer.keywords))


def names(offer: Offered, word: str) -> bool:
    return any(word in naming.plain(one) for one in (offer.text, *offer.keywords))


@lru_cache(maxsize=8192)
def _is_head(word: str, kind: str) -> bool:
    found = head(normal(word))
    return found.kind == kind and not found.rest


def _only(found: list[Offered]) -> Offered | None:
    return found[0] if len(found) == 1 else None
