"""Words of time that were dictated and written as something else that sounds so: 名天上五 is 明天上午."""

from functools import cache, lru_cache

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


@lru_cache(maxsize=1024)
def times_by_sound(shown: str) -> str:
    """Normalised text with the words of time in place of what only sounds like them.

    Several readings of one message ask for it.
    """
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
    return tuple(map(_sound, text))


@lru_cache(maxsize=8192)
def _sound(character: str) -> str:
    from models.readings import lazy_pinyin  # a tenth of a second, and only who is misheard needs it

    return "".join(lazy_pinyin(character))


@cache
def _known() -> dict[tuple[str, ...], str]:
    return {_sounds(name): name for name in _TIMES}
