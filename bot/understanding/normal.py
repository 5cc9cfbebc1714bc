"""One form for one meaning: full-width, traditional and Cantonese writing, homophones, repeated marks."""

import re
import unicodedata
from functools import cache, lru_cache

from bot.understanding.data import lines

_REPEATED = re.compile(r"([^\d\sa-zA-Z零〇一幺二两三四五六七八九])\1{2,}")
_SPACES = re.compile(r"[^\S\n]+")
_BREAKS = re.compile(r" ?\n[ \n]*")
FARTHEST = 1000  # characters of a message that are understood; whoever writes more has said it by then


@lru_cache(maxsize=256)  # a turn asks for its sentence twice: is it a command, and what does it mean
def plain(text: str) -> str:
    """`text` in half-width simplified characters, lower case; every character still stands for itself.

    White space is squeezed and the rest cut, here and nowhere else: no reader is given more.
    """
    text = squeezed(unicodedata.normalize("NFKC", squeezed(text)))
    return text.translate(_simplified()).strip().lower()[:FARTHEST]


_TWICE, _LONGEST_TWICE = re.compile(r"^(.{2,6})\1{1,4}$"), 30  # characters


def said_once(text: str) -> str:
    """人工 of 人工人工人工: who is in a hurry says the same more than once."""
    return _TWICE.sub(r"\1", text) if len(text) <= _LONGEST_TWICE else text


def squeezed(text: str) -> str:
    """As much of `text` as is understood, with one mark for each run of white space."""
    return _BREAKS.sub("\n", _SPACES.sub(" ", text))[:FARTHEST]


@lru_cache(maxsize=512)  # a turn asks for it several times: of the message, and of what it is compared with
def normal(text: str) -> str:
    """`plain`, with dialect words, homophones and frequent typos replaced by what was meant."""
    pattern, meant = _phrases()
    text = _REPEATED.sub(r"\1\1", plain(text))
    return pattern.sub(lambda found: meant[found[0]], text)[:FARTHEST]


@cache
def _simplified() -> dict[int, str]:
    traditional, simplified = lines("traditional.txt")
    return dict(zip(map(ord, traditional), simplified, strict=True))


@cache
def _phrases() -> tuple[re.Pattern[str], dict[str, str]]:
    meant = dict(line.split("\t")[:2] for line in lines("phrases.tsv"))
    # By first characters, so that one look passes over all that begin otherwise.
    begun: dict[str, list[str]] = {}
    for phrase in sorted(meant, key=len, reverse=True):
        begun.setdefault(phrase[0], []).append(re.escape(phrase[1:]))
    return re.compile("|".join(f"{re.escape(one)}(?:{'|'.join(rest)})" for one, rest in begun.items())), meant
