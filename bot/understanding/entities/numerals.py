"""Numbers as people write them: 12, 十二, 二十一, 两, 幺零幺, 一百二, 两千三."""

DIGITS = {
    char: value
    for value, chars in enumerate(
        ["零〇oO", "一幺壹", "二两贰", "三叁", "四肆", "五伍", "六陆", "七柒", "八捌", "九玖"]
    )
    for char in chars
}
CHINESE = "零〇一幺二两三四五六七八九十百"
NUMBER = rf"(?:\d{{1,9}}|[{CHINESE}]{{1,9}})"  # with an end, so that a run of digits is passed over once
LARGE = rf"(?:\d{{1,9}}|[{CHINESE}千万]{{1,9}})"  # sums of money


_UNITS = {"十": 10, "百": 100, "千": 1000, "万": 10_000}
_MOST = 999_999_999
_LONGEST = 9  # digits of a number; whatever is longer is no count of anything here


def value(text: str) -> int:
    """12, 十二 and 一二 are all 12, 一百二 is 120; of 六七十 the lower counts. Any match of `LARGE` has a value."""
    if text.isdecimal():
        return int(text[:_LONGEST])
    if not _UNITS.keys() & set(text):
        return int(digits(text)[:_LONGEST])
    total, unit, zero = 0, 1, False
    count: int | None = None
    for char in text:
        if char in _UNITS:
            unit, zero = _UNITS[char], False
            total, count = _with_unit(total, count, unit), None
        elif not count:
            count = _digit(char)
            zero = zero or count == 0
    short = unit // 10 if unit > 10 and not zero else 1
    return min(total + (count or 0) * short, _MOST)


def _with_unit(total: int, count: int | None, unit: int) -> int:
    """What comes before 万 is counted whole: 十二万 is 120000."""
    if unit == _UNITS["万"]:
        return (total + (count or 0) or 1) * unit
    return total + unit * (1 if count is None else count)


def digits(text: str) -> str:
    """Each character as one digit: 五零一 and 501 are "501", 幺三八 is "138"."""
    if text.isdecimal():
        return text
    return "".join(char if char.isdecimal() else str(_digit(char)) for char in text)


def _digit(text: str) -> int:
    if text.isdecimal():
        return int(text)
    if text not in DIGITS:
        raise ValueError(f"no number: {text}")
    return DIGITS[text]
