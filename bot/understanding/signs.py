"""Emoji and the platform's own codes for stickers, read as the words that they stand for."""

import re
from functools import cache

from bot.understanding.data import lines
from bot.understanding.normal import squeezed

# Skin tones, the joiner and the marks of presentation change how a sign looks and not what it says.
_LOOKS = re.compile("[\U0001f3fb-\U0001f3ff\ufe0e\ufe0f\u200d\u2640\u2642]")
_KEYCAP = re.compile("([0-9])\ufe0f?\u20e3")
_TEN = "\U0001f51f"
_CODES = re.compile(r"\[[^\[\]\s]{1,12}(?: [^\[\]\s]{1,12})?\]|/:[:a-zA-Z0-9,@!<>&;~$()*?'|+.-]{1,10}")
_EMOJI = re.compile(
    "[\U0001f000-\U0001faff\u2600-\u27bf\u2b00-\u2bff\u2190-\u21ff\u2300-\u23ff\u3030\u303d\u2049\u203c]+"
)
_STARS = "⭐★🌟✨"


def words_of_signs(text: str) -> str:
    """`text` with each known sign as a word of its own, keycaps as digits, and every other sign left out."""
    text = squeezed(text)
    if text.isascii() and "[" not in text and "/:" not in text:
        return text
    text = _LOOKS.sub("", _KEYCAP.sub(r"\1", text).replace(_TEN, "10"))
    pattern, meanings = _signs()
    text = pattern.sub(lambda found: f" {meanings[found[0].lower()]} ", text)
    return _EMOJI.sub(_star_or_nothing, _CODES.sub(_code_or_nothing, text))


def only_signs(text: str) -> bool:
    """Whether the message is nothing but emoji and codes of the platform's faces, whatever these mean."""
    text = _LOOKS.sub("", squeezed(text))
    bare = _EMOJI.sub("", _CODES.sub(_code_or_nothing, _signs()[0].sub("", text)))
    return bare != text and not any(one.isalnum() for one in bare)


def _star_or_nothing(found: re.Match[str]) -> str:
    """Stars are counted when something is rated, so they stay."""
    return "".join(one for one in found[0] if one in _STARS) or " "


def _code_or_nothing(found: re.Match[str]) -> str:
    """A code names a face in two or three words; what else stands in brackets was written by a person."""
    inside = found[0].strip("[]").lower()
    return " " if found[0].startswith("/:") or inside in _faces() else found[0]


@cache
def _signs() -> tuple[re.Pattern[str], dict[str, str]]:
    meanings: dict[str, str] = {}
    for line in lines("signs.tsv"):
        meaning, *signs = line.split("\t")
        meanings.update((_LOOKS.sub("", sign).lower(), meaning) for sign in signs)
    longest_first = sorted(meanings, key=len, reverse=True)
    return re.compile("|".join(map(re.escape, longest_first)), re.IGNORECASE), meanings


@cache
def _faces() -> frozenset[str]:
    return frozenset(word.lower() for line in lines("faces.txt") for word in line.split())
