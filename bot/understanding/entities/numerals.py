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


def value(text: str) -> int:
    """12, 十二 and 一二 are all 12. Raises ValueError for what is no number."""
    if text.isdecimal():
        return int(text)
    if "十" not in text and "百" not in text:
        return int("".join(str(_digit(char)) for char in text))
    hundreds, _, rest = text.rpartition("百")
    tens, ten, ones = rest.rpartition("十")
    total = 100 * (_digit(hundreds) if hundreds else bool(_))
    total += 10 * (_digit(tens.lstrip("零")) if tens.lstrip("零") else bool(ten))
    return total + (_digit(ones.lstrip("零")) if ones.lstrip("零") else 0)


def digits(text: str) -> str:
    """Each character as one digit: 五零一 and 501 are "501", 幺三八 is "138"."""
    return "".join(char if char.isdecimal() else str(_digit(char)) for char in text)


def _digit(text: str) -> int:
    if text.isdecimal():
        return int(text)
    if text not in DIGITS:
        raise ValueError(f"no number: {text}")
    return DIGITS[text]
