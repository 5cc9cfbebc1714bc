"""Numbers of matters as people write them: F1001, t 1001, 投诉T1001怎么样了."""

import re
from collections.abc import Collection
from functools import lru_cache

from bot.understanding.normal import plain

_CODE = re.compile(r"(?<![a-z])(?P<letter>[a-z]) ?(?P<figures>\d{4,9})(?!\d)")
# What stands beside a number that is asked after, and tells nothing of its own.
_BESIDE = re.compile(
    r"你好|您好|我|要|想|的|那个|帮|请|麻烦|查|看|问|催|一下|下|谢谢|预约|服务|投诉|建议|进度|进展|结果|单子?|编号|号码?|件|事|"
    r"现在|怎么样|处理得?|办得?|到哪一?步?|有没有|有|没|回复|答复|取消|撤销|撤回|是|了|[吗呢啊吧呀 ,:#?!。]"
)


def find_code(text: str, letters: Collection[str]) -> str:
    """The first number that begins with one of the letters (upper case), as it is kept: T1001; "" for none."""
    found = (match for match in _CODE.finditer(plain(text)) if match["letter"].upper() in letters)
    return next((f"{match['letter']}{match['figures']}".upper() for match in found), "")


@lru_cache(maxsize=1024)
def letter_of(text: str) -> str:
    """The letter (upper case) of the number that the whole message is or asks after; "" for any other message."""
    if not any(map(str.isdigit, text)):
        return ""
    shown = plain(text)
    found = _CODE.search(shown)
    if found is None or _BESIDE.sub("", shown[: found.start()] + shown[found.end() :]):
        return ""
    return found["letter"].upper()
