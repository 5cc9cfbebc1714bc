"""Things that were dictated and written as something else that sounds so: 暖其, 谁管, 骂桶."""

from functools import cache

from bot.understanding.data import lines

_SIZES = (4, 3, 2)  # characters of a name


def by_sound(shown: str) -> str:
    """Normalised text with the names of things in place of what only sounds like them."""
    syllables, things = _syllables(), _things()
    sounds = tuple(syllables.get(one, one) for one in shown)
    heard, at = "", 0
    while at < len(shown):
        name = next((things[part] for size in _SIZES if (part := sounds[at : at + size]) in things), "")
        heard += name or shown[at]
        at += len(name) or 1
    return heard


@cache
def _syllables() -> dict[str, str]:
    rows = (line.split("\t") for line in lines("syllables.tsv"))
    return {character: sound for sound, characters in rows for character in characters}


@cache
def _things() -> dict[tuple[str, ...], str]:
    known = _syllables()
    names = (name for line in lines("sounds.txt") for name in line.split())
    return {tuple(known[one] for one in name): name for name in names}
