"""How alike two pieces of text are: by what they share, by what they name in other words, by their sound."""

import re
from functools import cache, lru_cache
from itertools import pairwise

from bot.understanding.data import lines
from bot.understanding.entities.numerals import CHINESE, digits, value
from bot.understanding.normal import normal

_IDLE = re.compile(
    r"(?:我们?|你们?|您|咱们?)(?:就|想|要|是)?|[那这](?:就|还|么)?|帮我|麻烦|请|应该|好像|可能|大概|还是|就是|就|"
    r"是|选|挑|算|归|属于?|要|给|把|[吧呀啊呢哦嗯哎啦哈嘛了呗]|的?(?:那|这|一)?(?:个|件|单|位|种|类|条|项|次|篇|样|户|处|台)"
    r"(?:事|活|的)?|的事?|说的"
)
MARKS = re.compile(r"[\s，。！？、,.!?~～…“”\"'（）()【】\[\]：:；;\-—·/]+")
_NUMERAL = re.compile(r"[零〇一二两三四五六七八九十百]+(?=栋|号|单元|楼|层|室|月|幢|座|期)")
NEGATIVE = re.compile(r"[不没别无莫未]")
_OFFERED_BOTH = re.compile(r"(.)[不没]\1")  # 能不能, 要不要: a question denies nothing
DENIED_BEFORE = re.compile(
    r"(?:[不没别莫未]|并非)(?:是|要|选|用|算|在|想|去|有|太|怎么|很|大|够|接|敢|肯|愿|愿意|打算|准备|说|说要|说过要|看)?(?:[给替帮让叫][我他她您你])?$"
)
_NUMBER = re.compile(r"(\d+)(?: (?=\d\b))?(栋|号楼|号|单元|楼|层|室|月|幢|座|期)?")
_SPELT = re.compile(rf"(?<![{CHINESE}千])[一二三四五六七八九][零〇][一幺二两三四五六七八九](?![{CHINESE}千])")
_RUN = re.compile(r"[一-鿿]+|[^一-鿿]+")
_UNIT = {"号楼": "栋", "幢": "栋", "座": "栋", "层": "楼"}

CONTAINED = 0.9  # a whole name of the option stands in the message
_SAME_THING = 0.55
_FEW = 6
_LONG = 5
_THIN = 0.8  # weight of a word of which one character is left: 等 of 等件
_SPOKEN = 5.5  # weight of what says so much that such a word names nothing in it
_BRIEF = 4  # characters of a message that may be a part of a name


def likeness(clause: str, word: str) -> float:
    """How much of the one stands in the other, or that both name the same thing in other words."""
    said, named = tokens_of(clause), tokens_of(word)
    if said.keys().isdisjoint(named.keys()) and things_of(clause).keys().isdisjoint(things_of(word).keys()):
        return 0.0  # as nearly always
    if _denying(clause) != _denying(word):
        return 0.0
    shared = sum(min(weight, named[token]) for token, weight in said.items() if token in named)
    overlap = 0.0
    of_all, of_word = sum(said.values()), sum(named.values())
    if shared and not (of_word < _THIN and of_all > _SPOKEN and len(bare_words(word)) > 1):
        of_said, of_named = shared / of_all, shared / of_word
        overlap = min(0.7 * max(of_said, of_named) + 0.3 * min(of_said, of_named), CONTAINED - 0.02)
    said_things, named_things = things_of(clause), things_of(word)
    things = [min(said_things[one], _LONG) for one in said_things.keys() & named_things.keys()]
    return max(overlap, min(_SAME_THING + 0.03 * (sum(things) - 2), 0.8) if things else 0.0)


@lru_cache(maxsize=4096)
def things_of(text: str) -> dict[int, int]:
    """What a text names by the words of alike.tsv, with the length of the longest word for it.

    A single character counts only where little else is said, and nothing counts that is denied.
    """
    bare = bare_words(text)
    table, short = _alike_words(), len(_IDLE.sub("", bare)) <= _FEW
    found: dict[int, int] = {}
    for start in range(len(bare)):
        for size in range(1 if short else 2, 6):
            word = bare[start : start + size]
            if start + size > len(bare) or word not in table:
                continue
            if not NEGATIVE.search(word) and DENIED_BEFORE.search(bare[max(start - 4, 0) : start]):
                continue
            for group in table[word]:
                found[group] = max(found.get(group, 0), size)
    return found


@lru_cache(maxsize=4096)
def _denying(text: str) -> bool:
    """Whether a text denies, what is one word for something ("没修好", "别让人知道") aside."""
    bare = _OFFERED_BOTH.sub("", bare_words(text))
    for start in range(len(bare)):
        for size in range(5, 1, -1):
            if bare[start : start + size] in _alike_words():
                bare = bare[:start] + "　" * size + bare[start + size :]
    return bool(NEGATIVE.search(bare))


@lru_cache(maxsize=4096)
def tokens_of(text: str) -> dict[str, float]:
    """What a text names, by weight: pairs of characters, numbers, single characters, and what they stand for."""
    shown = numbered(normal(text))
    found = {number + _UNIT.get(unit, unit): 2.0 for number, unit in _NUMBER.findall(MARKS.sub(" ", shown))}
    bare = _IDLE.sub("", MARKS.sub(" ", shown))
    for part in bare.split():
        letters = _NUMBER.sub(" ", part)
        for run in letters.split():
            for pair in map("".join, pairwise(run)):
                found[pair] = 1.0
            for letter in run:
                found.setdefault(letter, 0.4)
    return found


@cache
def _alike_words() -> dict[str, tuple[int, ...]]:
    table: dict[str, tuple[int, ...]] = {}
    for number, line in enumerate(lines("alike.tsv")):
        for word in line.split("\t"):
            table[word] = (*table.get(word, ()), number)
    return table


@lru_cache(maxsize=4096)
def bare_words(word: str) -> str:
    return MARKS.sub("", numbered(normal(word)))


def numbered(shown: str) -> str:
    """Counted buildings, floors and months in figures, a room spelt by its digits: 五栋 is 5栋, 五零一 is 501."""
    spelt = _SPELT.sub(lambda found: digits(found[0]), shown)
    return _NUMERAL.sub(lambda found: str(value(found[0])), spelt)


def sounds_like(shown: str, words: tuple[str, ...]) -> bool:
    """Whether a name of the option is heard in a short message that writes it otherwise: "家理的", "水馆那单"."""
    bare = MARKS.sub("", shown)
    if not 2 <= len(bare) <= 10:
        return False
    heard = f" {_sounds(bare)} "
    if any(map(heard.__contains__, _sounding(words))):
        return True
    if len(bare) > _BRIEF or not words:
        return False
    stripped = _IDLE.sub("", bare)
    return len(stripped) >= 2 and f" {_sounds(stripped)} " in f" {_sounds(bare_words(words[0]))} "


@lru_cache(maxsize=4096)
def _sounding(words: tuple[str, ...]) -> tuple[str, ...]:
    """How the names of an option sound, each between spaces: the same options are offered all day."""
    return tuple(f" {_sounds(word)} " for word in map(bare_words, words) if 2 <= len(word) <= 8)


def _sounds(text: str) -> str:
    """A figure sounds as it is read, one by one: 五动 is 5栋."""
    runs = _RUN.findall(text)
    return " ".join(_sounds_of(run) if "一" <= run[0] <= "鿿" else _read_out(run) for run in runs)


def _read_out(figures: str) -> str:
    return " ".join(figures.translate(_FIGURES).split())


_READ = ("ling", "yi", "er", "san", "si", "wu", "liu", "qi", "ba", "jiu")
_FIGURES = {ord(str(figure)): f" {sound} " for figure, sound in enumerate(_READ)}


@lru_cache(maxsize=4096)
def _sounds_of(characters: str) -> str:
    from models.readings import lazy_pinyin  # a tenth of a second, and only who is misheard needs it

    return " ".join(lazy_pinyin(characters))
