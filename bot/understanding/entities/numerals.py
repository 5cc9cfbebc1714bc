"""Numbers as people write them: 12, 十二, 二十一, 两, 幺零幺."""

DIGITS = {
    char: value
    for value, chars in enumerate(
        ["零〇oO", "一幺壹", "二两贰", "三叁", "四肆", "五伍", "六陆", "七柒", "八捌", "九玖"]
    )
    for char in chars
}
CHINESE = "零〇一幺二两三四五六七八九十百"
NUMBER = rf"(?:\d+|[{CHINESE}]+)"


_UNITS = {"十": 10, "百": 100}
_LONGEST = 9  # digits of a number; whatever is longer is no count of anything here


def value(text: str) -> int:
    """12, 十二 and 一二 are all 12; of 六七十 the lower counts. Any match of `NUMBER` has a value."""
    if text.isdecimal():
        return int(text[:_LONGEST])
    if not _UNITS.keys() & set(text):
        return int(digits(text)[:_LONGEST])
    total, count = 0, None
    for char in text:
        if unit := _UNITS.get(char):
            total, count = total + unit * (1 if count is None else count), None
        elif not count:
            count = _digit(char)
    return total + (count or 0)


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
