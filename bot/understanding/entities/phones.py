"""Telephone numbers: digits only, the new one when a number changes, never an order number."""

import re

from bot.understanding.entities.numerals import digits

_DIGIT = "0-9零〇一幺二三四五六七八九"
_IN_THREES = rf"[{_DIGIT}](?:[,、._·]\s?[{_DIGIT}]{{4}}){{2}}"  # 一三八，零零零零，一二三四
_MOBILE = (
    r"(?:\+?86[-\s]?)?"
    rf"(?P<mobile>[1一幺]\s?[3-9三四五六七八九](?:(?:[-\s]?[{_DIGIT}]){{9}}|{_IN_THREES}))"
)
_FIXED = r"(?P<fixed>\(?0[1-9]\d{1,2}\)?[-\s]?[2-9]\d{2,3}[-\s]?\d{4}|[48]00[-\s]?\d{3}[-\s]?\d{4})"
_PHONE = re.compile(rf"(?<![{_DIGIT}a-z])(?:{_MOBILE}|{_FIXED})(?![{_DIGIT}])")
_LOCAL = re.compile(r"(?<![\da-z\-.])(?P<local>[2-9]\d{2,3}[-\s]?\d{4})(?![\d\-.]|\s*[块元年])")
# Seven figures, two marks between them at most: without those there is no number of any kind.
_LONG = re.compile(rf"[\d{_DIGIT}](?:[^\d{_DIGIT}]{{0,2}}[\d{_DIGIT}]){{6}}")

_CALLED = re.compile(r"(?:座机|固话|电话|号码|致电|拨打|拨|打|联系)[^,。;\d]{0,6}$")
_CODE = re.compile(
    r"(?:订单|单号|编号|运单|快递单|卡号|账号|户号|身份证|流水|尾号|取件码|车牌)[^,。;\d]{0,5}$"
)
_NEW = re.compile(r"(?:新|换成|改成|改为|换为|变成|更新为|变更为|现在|更换为|改用|换到)[^,。;\d]{0,8}$")
_TO_CALL = re.compile(r"(?:电话|打|拨|联系|找)[^,。;\d]{0,6}$")
_SPARE = re.compile(r"(?:备用|打不通|没人?接|不接|不通|再打|才打|也行|另外|或者?|还有)[^。;]{0,20}$")
_OLD = re.compile(r"(?:旧|原来|原先|原|以前|之前|老号|老的|从前|别打|不要打|不是|把)[^,。;\d]{0,8}$")
_GIVEN_UP = re.compile(
    r"^[^\d,。;]{0,3},?\s*(?:已经|早就|现在)?(?:不用了|没电|关机|丢了|停机|停用|作废|打不通(?!就|再|的?话|可以?|打|联系|找)|不是我|注销|那个不用)"
)


def find_phone(text: str, *, alone: bool = False) -> tuple[str | None, str]:
    """The number in normalised `text`, and the text with every number blanked out.

    With `alone` a local number counts without a word such as 电话 before it.
    """
    if not _LONG.search(text):
        return None, text
    matches = [one for one in _PHONE.finditer(text) if not _CODE.search(text[: one.start()])]
    if not matches:
        local = (one for one in _LOCAL.finditer(text) if not _CODE.search(text[: one.start()]))
        matches = [one for one in local if alone or _CALLED.search(text[: one.start()])]
    if not matches:
        return None, text
    chosen = max(reversed(matches), key=lambda one: (_preference(text, one), -one.start()))
    return _number(chosen), _masked(text, matches)


def _preference(text: str, match: re.Match[str]) -> int:
    before = text[: match.start()]
    if _NEW.search(before):
        return 3
    if _OLD.search(before) or _GIVEN_UP.search(text[match.end() :]):
        return 0
    return 2 if _TO_CALL.search(before) and not _SPARE.search(before) else 1


_MARKS = re.compile(r"[-\s(),、._·]")


def _number(match: re.Match[str]) -> str:
    written = match[match.lastgroup or 0]
    return digits(_MARKS.sub("", written))


def _masked(text: str, matches: list[re.Match[str]]) -> str:
    for one in matches:
        text = text[: one.start()] + "□" * (one.end() - one.start()) + text[one.end() :]
    return text
