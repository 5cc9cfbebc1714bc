"""Flats as people write them, in one normal form: building-unit-room ("3-2-501") or building-room ("B-1203")."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from bot.understanding.entities.numerals import digits, value

_N = "0-9零〇一幺二两三四五六七八九十"
_BUILDING = (
    r"(?P<building>[a-z]?\d{1,3}|[a-z]|[零一幺二三四五六七八九十]{1,3})"
    rf"\s*(?:号楼|栋楼|号院|[栋幢座]|#楼?|楼(?=\d)|[动洞懂冻](?=[{_N}]{{1,3}}单))"
)
_UNIT = r"(?P<unit>\d{1,2}|[零一幺二三四五六七八九十]{1,3})\s*(?:单元|单|门|梯|-|#)"
_PLATE = r"(?:(?:门牌|房间|房)号?(?:码|是|为)?[\s:]?)?"  # 二单元，门牌号1004
_FLOOR = rf"(?:(?:[{_N}]{{1,3}}|顶)[楼层][,的\s]?)?"
_ROOM = r"(?P<room>\d{3,4}|[零〇一幺二三四五六七八九]{3,4})(?![\d零〇一幺二三四五六七八九])"
_GAP = r"[\s,,、的\-—–]{0,3}"
_NOT_AFTER = (
    r"(?!\s*(?:[块元岁米斤度%年]|平(?!时)|天(?!花)|次(?!卧)|路(?!由)|分(?!水)"
    r"|个[人月]|号线|公里|万|毫升|多[块元平]|号?车位|号?泊位))"
)

_SPOKEN = re.compile(rf"(?<![\da-z]){_BUILDING}{_GAP}(?:{_UNIT}{_GAP})?{_FLOOR}{_PLATE}{_ROOM}{_NOT_AFTER}")
_DASHED = re.compile(
    r"(?<![\da-z.\-/])(?P<building>[a-z]\d{0,2}|\d{1,2})\s*[-—–]\s*(?:(?P<unit>\d{1,2})\s*[-—–]\s*)?"
    rf"(?P<room>[1-9]\d{{2,3}}|(?(unit)0[1-9]\d{{2}}|(?!)))(?![\d.\-—–/]){_NOT_AFTER}"
)
_REVERSED = re.compile(
    rf"(?:(?<![{_N}])(?P<unit_first>\d{{1,2}}|[一二三四五六七八九十]{{1,3}})(?:单元|门)\s*)?(?<![{_N}])(?P<room>\d{{3,4}}|[零〇一幺二三四五六七八九]{{3}})[室房]?[\s,的、]{{0,3}}"
    rf"(?:(?P<unit_between>\d{{1,2}}|[一二三四五六七八九十]{{1,3}})(?:单元|门)[\s,的、]{{0,2}})?(?:就?是|就?在|就|住)?"
    rf"{_BUILDING}(?:{_GAP}(?P<unit>\d{{1,2}}|[零一二三四五六七八九十]{{1,3}})\s*(?:单元|门))?(?!\s*\d)"
)
# Voice recognition writes the dash out, 三杠二杠五零一; others write 3/2/501, which is no date.
_BARRED = re.compile(
    rf"(?<![{_N}a-z/.])(?P<building>[a-z]?\d{{1,2}}|[a-z]|[一二三四五六七八九十]{{1,3}})\s*(?P<bar>[杠/])\s*(?P<unit>\d{{1,2}}|[一二三四五六七八九十]{{1,3}})\s*(?P=bar)\s*(?!20[0-9]{{2}}){_ROOM}(?!/)"
)
# The word before the number, as in a form: 楼栋：6，单元：3，房号：1102.
_LABELS = re.compile(rf"楼[栋号][号是为:\s]|栋号|单元号?(?:是|为|[:\s])*[{_N}]")
_IS = r"(?:是|为|[:\s])*"
_LABELLED = re.compile(
    rf"(?<![\da-z])(?:{_BUILDING}|(?:楼[栋号]号?|栋号){_IS}(?P<building_after>\d{{1,3}}|[a-z]|[一二三四五六七八九十]{{1,3}})){_GAP}"
    rf"(?:单元号?{_IS}(?P<unit>\d{{1,2}}|[一二三四五六七八九十]{{1,3}})|(?P<unit_first>\d{{1,2}}|[一二三四五六七八九十]{{1,3}})单元){_GAP}"
    rf"(?:门牌|房间|房|室)?号?码?{_IS}{_ROOM}{_NOT_AFTER}"
)
_SPACE = re.compile(
    r"(?:车位|泊位|储藏室|停在|柜子?)(?:号码?|编号|是|在|为|[:\s])*$"
)  # B2-118 is no flat there
_CODE = re.compile(
    r"(?:取件码|编号|单号|订单|工单|发票|尾号|快递|货号|型号|条码|运单|验证码|取货码|合同|密码|证号|房产证|序列号|批次|版本|比分|表号|户号|账号|工号|警号|胸牌|胸卡|会员|货架|员工|车牌)[^,。;]{0,6}$"
)

# 拾贰栋叁单元; elsewhere such characters are names and verbs (陆先生, 收拾).
_FORMAL = re.compile(
    r"[壹贰叁肆伍陆柒捌玖拾](?:栋|幢|座|号楼|单元)|(?:栋|幢|号楼|单元)[零壹贰叁肆伍陆柒捌玖]{3}"
)
_PLAIN_DIGITS = str.maketrans("壹贰叁肆伍陆柒捌玖拾", "一二三四五六七八九十")

_BUILT = re.compile(r"[栋幢座号元#]")  # one of these stands in every word for a building
# A room has three figures at least, whatever stands around it.
_NUMBERED = re.compile(rf"\d{{3}}|[{_N}]{{3}}")
_OWN = re.compile(
    r"(?:我家|我们家|我是|我住|本人|住在|家住|我在|自家|自己家|我的房|我这|我[这那]边是)[^,。;]{0,4}$"
)
_OTHERS = re.compile(r"(?:楼上|楼下|隔壁|对门|邻居|邻家|他家|那家|旁边|对面|投诉|举报)[^,。;]{0,4}$")
_REFUSED = re.compile(r"(?:不是|并非|别去|不要去)\s*$")
_REPLACED = re.compile(
    r"不对|不是|错了|说错|打错|写错|改成|改到|换成|换到|搬到|搬了|搬去|现在|更正|应该|哦不|变更|转到"
)
_LATER_ROOM = re.compile(
    r"(?:不对|错了|说错了?|打错了?|写错了?|更正|哦不|应该|不是\s*\d{3,4})[^\d不]{0,8}(?P<room>\d{3,4})(?![\d\-]|\s*[块元年])"
)
_OWN_ROOM = re.compile(
    r"(?:我家|我们家|我是|我住)(?:在|就是|是)?\s*(?P<room>\d{3,4})(?:室|房)?(?![\d\-]|\s*[块元年度平斤瓦多])"
)
_ALONE = re.compile(
    r"(?:(?P<unit>\d{1,2}|[一二三四五六七八九十]{1,2})\s*(?:单元|门|梯|-)\s*)?"
    r"(?P<room>\d{3,4}|[零〇一幺二三四五六七八九]{3,4})(?:室|房|号房|号)?(?!\d|\s*[块元年点])"
)


@dataclass(frozen=True, slots=True)
class _Found:
    room: str
    start: int
    end: int


def find_room(text: str, *, alone: bool = False) -> tuple[str | None, str]:
    """The flat meant in normalised `text`, and the text with every flat and building blanked out.

    With `alone` a mere "501" or "2单元501" counts too, as the answer to "which flat".
    """
    built = _BUILT.search(text)
    if built and _FORMAL.search(text):
        text = text.translate(_PLAIN_DIGITS)
    if not _NUMBERED.search(text):
        return None, _without_buildings(text) if built else text
    found = sorted(_all(text), key=lambda one: one.start)
    room = _chosen(text, found) if found else _apart(text) or (_alone(text) if alone else None)
    return room, _masked(text, found, alone and not found and room is not None)


def _all(text: str) -> Iterator[_Found]:
    taken = [False] * len(text)
    seldom = (
        *((_LABELLED,) if _LABELS.search(text) else ()),
        *((_BARRED,) if "杠" in text or "/" in text else ()),
    )
    for pattern in (_SPOKEN, _DASHED, _REVERSED, *seldom):
        for match in pattern.finditer(text):
            start, end = match.span()
            if any(taken[start:end]) or _CODE.search(text[:start]) or _parked(pattern, match, text):
                continue
            taken[start:end] = [True] * (end - start)
            yield _Found(_joined(match), start, end)


def _parked(pattern: re.Pattern[str], match: re.Match[str], text: str) -> bool:
    return pattern is _DASHED and not match["unit"] and bool(_SPACE.search(text[: match.start()]))


def _joined(match: re.Match[str]) -> str:
    named = match.groupdict()
    unit = named["unit"] or named.get("unit_first") or named.get("unit_between")
    building = match["building"] or named["building_after"]
    parts = [_building(building), unit and str(value(unit)), digits(match["room"])]
    return "-".join(part for part in parts if part)


def _building(text: str) -> str:
    if text[0].isascii() and text[0].isalpha():
        return text.upper()
    return str(value(text))


def _chosen(text: str, found: list[_Found]) -> str:
    """One's own flat before a neighbour's; after a correction the last; otherwise the first."""
    usable = [one for one in found if not _REFUSED.search(text[: one.start])] or found
    own = [one for one in usable if _OWN.search(text[: one.start])]
    named = own or [one for one in usable if not _OTHERS.search(text[: one.start])]
    if not named or (not own and len(named) == 1 and _OWN_ROOM.search(text, named[0].end)):
        return _own_by_neighbour(text, (named or usable)[0])
    first, last = named[0], usable[-1]
    chosen = last if _REPLACED.search(text[first.end : last.start]) else first
    return _corrected(text, chosen)


def _own_by_neighbour(text: str, theirs: _Found) -> str:
    """“楼上3-2-601漏到我家501” is about 3-2-501."""
    own = _OWN_ROOM.search(text)
    return f"{theirs.room.rpartition('-')[0]}-{own['room']}" if own else theirs.room


def _corrected(text: str, chosen: _Found) -> str:
    """“3-2-501，不对，502” is 3-2-502."""
    later = _LATER_ROOM.search(text, chosen.end)
    if not later or _REFUSED.search(text[: later.start("room")]):
        return chosen.room
    return f"{chosen.room.rpartition('-')[0]}-{later['room']}"


def _alone(text: str) -> str | None:
    matches = [one for one in _ALONE.finditer(text) if not _REFUSED.search(text[: one.start()])]
    if not matches:
        return None
    last = matches[-1]
    return "-".join(
        part for part in (last["unit"] and str(value(last["unit"])), digits(last["room"])) if part
    )


_PLACED = re.compile(rf"(?<![\da-z]){_BUILDING}{_GAP}(?:{_UNIT})?")


def _apart(text: str) -> str | None:
    """“漏到我家501了，我们是3栋2单元” is about 3-2-501."""
    own, placed = _OWN_ROOM.search(text), list(_PLACED.finditer(text))
    if not own or len(placed) != 1:
        return None
    unit = placed[0]["unit"]
    parts = [_building(placed[0]["building"]), unit and str(value(unit)), own["room"]]
    return "-".join(part for part in parts if part)


_PLAIN_BUILDING = re.compile(
    rf"[{_N}a-z]{{1,3}}\s*(?:号楼|栋|幢|座|号院|号门|号线|号车棚|号地块|单元)|[{_N}]{{1,2}}#"
)


def _masked(text: str, found: list[_Found], alone: bool) -> str:
    for one in found:
        text = text[: one.start] + "□" * (one.end - one.start) + text[one.end :]
    if alone:
        text = _ALONE.sub(lambda match: "□" * len(match[0]), text)
    return _without_buildings(text)


def _without_buildings(text: str) -> str:
    return _PLAIN_BUILDING.sub(lambda match: "□" * len(match[0]), text)
