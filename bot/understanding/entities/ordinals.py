"""Which of a list is meant by its place in it: 第二个, 2, 选3, 最后那个, 倒数第二个, 一和三."""

import re

from bot.understanding.entities.numerals import value

MIDDLE = 0
_MOST = 20  # a bare number beyond is no place in any list
_N = r"(\d{1,2}|[一二两三四五六七八九十]{1,3})"
_THING = (
    r"(?:个|项|条|件|单|种|家|套|位|张|篇|款|样|类|户|行|排"
    r"|号单|号|选项|步|只|把|道|门|处|场|间|份|栏|本|桩|趟|封|笔|台|辆|部|幅|种|批|组|格|天(?!花))"
)
_CHOOSE = r"(?:我?们?(?:就|想|要|那就|应该)?(?:选择?|拣|挑|要|说的是|是)?|就|那就)"
_PICK = r"我?们?(?:就|想|要)?(?:选择?|拣|挑)"
_END = r"(?:的|那个|这个|吧|啦|了|啊|呀|哦|就行|就好|[。.!,、) ])*"
_NUMBERED = re.compile(
    rf"第\s?{_N}\s?(?!(?:次|遍|天|周|年|层|楼|季|期|人民|时间|回))(?:{_THING}|(?=和|跟|、|$|[吧啦了,。 ]))|{_N}号单"
)
_FROM_END = re.compile(
    rf"(?:倒数|倒着数|(?:从|打)?(?:下面?|底下|后面?|末尾|最后)(?:往[上前])?数|往[上前]数)(?:的|起)?第?{_N}{_THING}?"
)
_SEVERAL = re.compile(
    rf"^{_CHOOSE}(?P<end>前|后|头|末)面?[这那]?(?P<many>[2-9二两三四五])(?:个|项|条|件|样|种|位|家)(?:都(?:要|选|是|行|可以|有))?{_END}$"
)
_WHOLE = re.compile(
    rf"^(?:{_CHOOSE}{_N}(?:号单|号选项|号|项)?|{_PICK}{_N}{_THING})(?:吧|啦|就行|就好|[。.!,、) ])*$"
)
_LISTED = re.compile(rf"^{_CHOOSE}(?:第?{_N}{_THING}?(?:[和跟、,与 ]|以及)+)+第?{_N}{_THING}?{_END}$")
_ONE = re.compile(_N)
_NOUN = r"[面边头]?[的那这一]*[个项条件单种家套位张篇款样类户行排者台份处]?[^,。;!?]{0,4}?"
_FIRST = re.compile(
    rf"^{_CHOOSE}最?(?:(?:前|上|顶上|打头|开头|靠前|靠上){_NOUN}|(?:排|头)(?:第?一|一)(?:个|件|项|条|单|位|家|种|样|户|套|笔|栏|本|篇)?(?:[^,。;!?月]{{1,3}})?){_END}$"
)
_NEWEST = re.compile(rf"^{_CHOOSE}最(?:新|近)(?:出)?(?:的那?|那|这|一)+{_NOUN}{_END}$")
_LAST = re.compile(rf"^{_CHOOSE}(?:最?(?:后|下|底下|末|末尾|靠后|靠下|尾巴上){_NOUN}){_END}$")
_BETWEEN = re.compile(rf"^{_CHOOSE}(?:最)?(?:中间|当中|正中){_NOUN}{_END}$")
# What has such a word and is no place in a list.
_OTHERWISE = re.compile(
    r"前[天台门年两几阵段不]|前面(?![的这那]*(?:一?[个件条项单位家种台笔])|[的那]?$)|[后头末][二两三四五几](?:[天日晚周年月]|个月)|前一(?:步|天|晚)|后[天来门悔半院续再]|上个[月周星礼]|下个[月周星礼]|上[午周次回月门个海班来去述级厕]|上一|下[午周次回月个班雨水载来去方]|下一|以[前后上下]|之[前后]|楼[上下]"
    r"|后面(?:再|还|能|可以)|前面(?:的?(?:路|那栋|楼)|那?步|还)|下面(?:漏|渗)|后来|头[疼痛晕]"
)


def find_ordinals(shown: str) -> tuple[int, ...]:
    """Places from 1 on; from the end -1, -2; `MIDDLE` for the one in the middle. Empty when none is named."""
    text = shown.strip(" ,。.!、)")
    if found := _FROM_END.search(text):
        return (-value(found[1]),)
    if _LISTED.match(text):
        return tuple(dict.fromkeys(value(one) for one in _ONE.findall(text)))
    if found := _WHOLE.match(text):
        place = value(found[1] or found[2])
        return (place,) if place <= _MOST else ()
    if found := _SEVERAL.match(text):
        many = value(found["many"])
        return tuple(range(1, many + 1) if found["end"] in "前头" else range(-many, 0))
    numbered = tuple(dict.fromkeys(value(one[1] or one[2]) for one in _NUMBERED.finditer(text)))
    return numbered or _by_word(text)


def _by_word(text: str) -> tuple[int, ...]:
    if len(text) > 12:
        return ()
    for pattern, place in ((_FIRST, 1), (_NEWEST, 1), (_LAST, -1), (_BETWEEN, MIDDLE)):
        if pattern.match(text):
            return () if _OTHERWISE.search(text) else (place,)
    return ()
