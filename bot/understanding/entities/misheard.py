"""Words of time that were dictated and written as something else that sounds so: 名天上五 is 明天上午."""

from functools import cache

_TIMES = (
    *(
        "大后天",
        "今天",
        "明天",
        "后天",
        "今晚",
        "明早",
        "明晚",
        "上午",
        "下午",
        "中午",
        "晚上",
        "早上",
        "早晨",
        "傍晚",
    ),
    *(f"{week}{day}" for week in ("周", "星期") for day in "一二三四五六日天末"),
    *("以后", "之后", "之前"),
)
_SIZES = (3, 2)  # characters of such a word
_LONGEST = 16  # characters: more than that is no bare time


def times_by_sound(shown: str) -> str:
    """Normalised text with the words of time in place of what only sounds like them."""
    if len(shown) > _LONGEST:
        return shown
    sounds, known = _sounds(shown), _known()
    heard, at = "", 0
    while at < len(shown):
        name = next((known[part] for size in _SIZES if (part := sounds[at : at + size]) in known), "")
        heard += name or shown[at]
        at += len(name) or 1
    return heard


def _sounds(text: str) -> tuple[str, ...]:
    from pypinyin import lazy_pinyin  # a third of a second, and only who is misheard needs it

    return tuple(sound for one in text for sound in lazy_pinyin(one))


@cache
def _known() -> dict[tuple[str, ...], str]:
    return {_sounds(name): name for name in _TIMES}
