"""Things that were dictated and written as something else that sounds so: 暖其, 谁管, 骂桶.

Only who was not understood otherwise is heard so, for it takes the table of sounds.
"""

import re
from functools import cache

from bot.understanding.data import lines

_HAN = re.compile(r"[一-鿿]{2,}")
_LIKE = re.compile(r"^(zh|ch|sh)|(?<=[aei])ng$|^l(?=[aeiouv])|^hu(?=[aeio])")
_SAME = {"zh": "z", "ch": "c", "sh": "s", "ng": "n", "l": "n", "hu": "f"}


def by_sound(shown: str) -> str:
    """Normalised text with the names of things in place of what only sounds like them."""
    return _HAN.sub(lambda found: _heard(found[0]), shown)


def _heard(run: str) -> str:
    sounds = _sounds(run)
    if len(sounds) != len(run):
        return run
    for at in range(len(run)):
        for size in (4, 3, 2):
            name = _things().get(sounds[at : at + size]) if at + size <= len(run) else None
            if name and run[at : at + size] != name:
                return run[:at] + name + _heard_rest(run[at + size :])
    return run


def _heard_rest(rest: str) -> str:
    return _heard(rest) if len(rest) > 1 else rest


@cache
def _things() -> dict[tuple[str, ...], str]:
    return {_sounds(name): name for line in lines("sounds.txt") for name in line.split()}


def _sounds(text: str) -> tuple[str, ...]:
    """A syllable a character, those that dialects do not tell apart as one."""
    from pypinyin import lazy_pinyin  # a third of a second, and only who is misheard needs it

    return tuple(_LIKE.sub(lambda found: _SAME[found[0]], one) for one in lazy_pinyin(text))
