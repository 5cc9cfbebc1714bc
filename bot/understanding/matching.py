"""Which of several options a message means, however it says so: in part, in other words, denied, misheard.

Pure text: an option is the words that name it, its own text first. Nothing here knows a talk.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from itertools import pairwise

from bot.understanding.data import lines
from bot.understanding.entities.numerals import value
from bot.understanding.normal import normal

LONGEST = 120  # characters: whoever writes more tells a story and picks nothing
_IDLE = re.compile(
    r"(?:我们?|你们?|您|咱们?)(?:就|想|要|是)?|[那这](?:就|还|么)?|帮我|麻烦|请|应该|好像|可能|大概|还是|就是|就|"
    r"是|选|挑|算|要|给|把|[吧呀啊呢哦嗯哎啦哈嘛了呗]|的?(?:那|这|一)?(?:个|件|单|位|种|类|条|项|次|篇|样|户|处|台)"
    r"(?:事|活|的)?|的事?|说的"
)
_MARKS = re.compile(r"[\s，。！？、,.!?~～…“”\"'（）()【】\[\]：:；;\-—·/]+")
_CLAUSE = re.compile(r"[\s，。！？、,.!?；;]+|(?=但是|不过|而是)")
_NUMERAL = re.compile(r"[零〇一二两三四五六七八九十百]+(?=栋|号|单元|楼|层|室|月|幢|座|期)")
_DENIED = re.compile(r"不是|不要|不选|并非|不用|别|不算|不去|没有|不在|不想")
_DENIED_AFTER = re.compile(r"不用|不要|就不|不行|除外|不是|不算|没事|挺好")
_NEGATIVE = re.compile(r"[不没别无莫未]")
_OFFERED_BOTH = re.compile(r"(.)[不没]\1")  # 能不能, 要不要: a question denies nothing
_BEFORE = re.compile(
    r"(?:[不没别莫未]|并非)(?:是|要|选|用|算|在|想|去|有|太|怎么|很|大|够|接)?(?:[给替帮让叫][我他她您你])?$"
)
_RETRACTED = re.compile(
    r"(?:^|(?<=[\s,，。、]))(?:不对不对|不对|不是|说错了?|错了|不)[\s,，。、!！]+|[哦噢诶呃](?:不对|不是|不)[\s,，。、!！]*"
)
_NUMBER = re.compile(r"(\d+)(?: (?=\d\b))?(栋|号楼|号|单元|楼|层|室|月|幢|座|期)?")
_SURNAME = re.compile(r"(?:小|老|姓)([一-鿿])(?!区|人|板|师)|([一-鿿])(?:师傅|工|哥|姐)")
_UNIT = {"号楼": "栋", "幢": "栋", "座": "栋", "层": "楼"}

CONTAINED = 0.9  # a whole name of the option stands in the message
MISHEARD = 0.8  # only the sounds agree
_OTHER_ONE = 0.78  # of two the one that was not denied
_SAME_THING = 0.55
_LEAST_SHARED = 0.34
_FEW = 6
_LONG = 5


@dataclass(frozen=True, slots=True)
class Match:
    """The option at `place`, and how surely it is meant (0 to 1)."""

    place: int
    score: float


@dataclass(frozen=True, slots=True)
class _Named:
    """The words of one option made ready: plain, those that can be denied in a sentence, and how they sound."""

    words: tuple[str, ...]
    plain: tuple[str, ...]
    deniable: tuple[str, ...]
    negative: bool


@dataclass(frozen=True, slots=True)
class _Ready:
    """Options made ready, with the places of those that name a token or a thing: most share none with a message."""

    options: tuple[_Named, ...]
    words: tuple[str, ...]  # of two characters or more, of all options
    tokens: Mapping[str, tuple[int, ...]]
    things: Mapping[int, tuple[int, ...]]


def matches(text: str, options: Sequence[tuple[str, ...]], *, least: float = 0.0) -> list[Match]:
    """The options that the message may mean, surest first; those that it denies are left out.

    `least` leaves out what is less sure. From CONTAINED on, only whole names are looked for, which is quick.
    """
    ready = _ready(tuple(options))
    if least >= CONTAINED and not _may_name(_plain(text), ready):
        return []  # as nearly always
    shown = _standing(_numbered(normal(text))[:LONGEST])
    clauses = [clause for clause in _CLAUSE.split(shown) if clause]
    if not clauses or not options:
        return []
    denied = _denied(clauses, ready)
    scores = _scores(clauses, shown, ready, least)
    scored = [
        Match(place, score)
        for place, score in sorted(scores.items())
        if score >= max(_LEAST_SHARED, least) and place not in denied
    ]
    if not scored and least <= MISHEARD:
        scored = _misheard(shown, ready, denied)
    if not scored and len(denied) == 1 and len(options) == 2 and least <= _OTHER_ONE:
        scored = [Match(1 - next(iter(denied)), _OTHER_ONE)]
    return sorted(scored, key=lambda match: -match.score)


def _standing(shown: str) -> str:
    """What stands of words that take themselves back: “云栖苑，哦不，青禾花园” means the last."""
    last = _RETRACTED.split(shown)[-1]
    return last if last.strip() else shown


def _may_name(bare: str, ready: _Ready) -> bool:
    return any(word in bare for word in ready.words) or _SURNAME.search(bare) is not None


@lru_cache(maxsize=2048)
def _ready(options: tuple[tuple[str, ...], ...]) -> _Ready:
    tokens: dict[str, list[int]] = {}
    things: dict[int, list[int]] = {}
    for place, words in enumerate(options):
        for token in dict.fromkeys(token for word in words for token in _tokens(word)):
            tokens.setdefault(token, []).append(place)
        for thing in dict.fromkeys(thing for word in words for thing in _things(word)):
            things.setdefault(thing, []).append(place)
    named = tuple(map(_named, options))
    return _Ready(
        named,
        tuple({word for one in named for word in one.plain if len(word) >= 2}),
        {token: tuple(places) for token, places in tokens.items()},
        {thing: tuple(places) for thing, places in things.items()},
    )


def _named(words: tuple[str, ...]) -> _Named:
    plain = tuple(map(_plain, words))
    return _Named(
        words,
        plain,
        tuple(word for word in plain if len(word) >= 2 and not _NEGATIVE.search(word)),
        any(_NEGATIVE.search(word) for word in words),
    )


def _scores(clauses: Sequence[str], shown: str, ready: _Ready, least: float) -> dict[int, float]:
    """How surely each option is meant that is meant at all."""
    bare = _plain(shown)
    surname = _SURNAME.search(bare)
    named: dict[int, float] = {}
    for place, option in enumerate(ready.options):
        if surname and option.words[0].startswith(surname[1] or surname[2]):
            named[place] = CONTAINED
            continue
        if longest := _longest_meant(clauses, bare, option):
            named[place] = CONTAINED + min(longest, 8) / 100
    if least >= CONTAINED:
        return named
    alike: dict[int, float] = {}
    for clause in {*clauses, bare}:
        for place in _sharing(clause, ready) - named.keys():
            score = max(_alike(clause, word) for word in ready.options[place].words)
            alike[place] = max(score, alike.get(place, 0.0))
    return named | alike


def _longest_meant(clauses: Sequence[str], bare: str, option: _Named) -> int:
    """The length of the longest whole name of the option that stands in the message and is not denied; 0 for none."""
    return max(
        (
            len(word)
            for word in option.plain
            if len(word) >= 2 and word in bare and not _turned(clauses, word)
        ),
        default=0,
    )


def _sharing(clause: str, ready: _Ready) -> set[int]:
    """The places of the options that share a token or a thing with the clause; the others are nothing like it."""
    places = {place for token in _tokens(clause) for place in ready.tokens.get(token, ())}
    return places.union(*(ready.things[one] for one in _things(clause) if one in ready.things))


def _misheard(shown: str, ready: _Ready, denied: set[int]) -> list[Match]:
    return [
        Match(place, MISHEARD)
        for place, option in enumerate(ready.options)
        if place not in denied and _sounds_like(shown, option.words)
    ]


def _turned(clauses: Sequence[str], word: str) -> bool:
    """Whether the word stands only where it is denied, and does not itself deny."""
    if _NEGATIVE.search(word):
        return False
    found = [clause for clause in clauses if word in _MARKS.sub("", clause)]
    return bool(found) and all(_denied_in(clause, word) for clause in found)


def _denied_in(clause: str, word: str) -> bool:
    before, _, after = clause.partition(word)
    return bool(_BEFORE.search(before[-4:]) or _DENIED_AFTER.match(after[:4]))


def _denied(clauses: Sequence[str], ready: _Ready) -> set[int]:
    """The options that a clause puts aside: "不是11月", "绿化不用改"."""
    found = {
        place
        for place, option in enumerate(ready.options)
        if any(word in clause and _denied_in(clause, word) for clause in clauses for word in option.deniable)
    }
    for clause in clauses:
        head = _DENIED.match(clause)
        if head and len(rest := clause[head.end() :]) >= 2:
            found |= _nearest(rest, ready)
    return found


def _nearest(denied: str, ready: _Ready) -> set[int]:
    """The options that are most like what was denied, where they are much like it."""
    scores = [max(_alike(denied, word) for word in option.words) for option in ready.options]
    best = max(scores)
    return {
        place
        for place, option in enumerate(ready.options)
        if best >= 0.6 and scores[place] == best and not option.negative
    }


def _alike(clause: str, word: str) -> float:
    """How much of the one stands in the other, or that both name the same thing in other words."""
    said, named = _tokens(clause), _tokens(word)
    if said.keys().isdisjoint(named.keys()) and _things(clause).keys().isdisjoint(_things(word).keys()):
        return 0.0  # as nearly always
    if _denying(clause) != _denying(word):
        return 0.0
    shared = sum(min(weight, named[token]) for token, weight in said.items() if token in named)
    overlap = 0.0
    if shared:
        of_said, of_named = shared / sum(said.values()), shared / sum(named.values())
        overlap = min(0.7 * max(of_said, of_named) + 0.3 * min(of_said, of_named), CONTAINED - 0.02)
    said_things, named_things = _things(clause), _things(word)
    things = [min(said_things[one], _LONG) for one in said_things.keys() & named_things.keys()]
    return max(overlap, min(_SAME_THING + 0.03 * (sum(things) - 2), 0.8) if things else 0.0)


@lru_cache(maxsize=4096)
def _things(text: str) -> dict[int, int]:
    """What a text names by the words of alike.tsv, with the length of the longest word for it.

    A single character counts only where little else is said, and nothing counts that is denied.
    """
    bare = _plain(text)
    table, short = _alike_words(), len(_IDLE.sub("", bare)) <= _FEW
    found: dict[int, int] = {}
    for start in range(len(bare)):
        for size in range(1 if short else 2, 6):
            word = bare[start : start + size]
            if start + size > len(bare) or word not in table:
                continue
            if not _NEGATIVE.search(word) and _BEFORE.search(bare[max(start - 4, 0) : start]):
                continue
            for group in table[word]:
                found[group] = max(found.get(group, 0), size)
    return found


@lru_cache(maxsize=4096)
def _denying(text: str) -> bool:
    """Whether a text denies, what is one word for something ("没修好", "别让人知道") aside."""
    bare = _OFFERED_BOTH.sub("", _plain(text))
    for start in range(len(bare)):
        for size in range(5, 1, -1):
            if bare[start : start + size] in _alike_words():
                bare = bare[:start] + "　" * size + bare[start + size :]
    return bool(_NEGATIVE.search(bare))


@lru_cache(maxsize=4096)
def _tokens(text: str) -> dict[str, float]:
    """What a text names, by weight: pairs of characters, numbers, single characters, and what they stand for."""
    shown = _numbered(normal(text))
    found = {number + _UNIT.get(unit, unit): 2.0 for number, unit in _NUMBER.findall(_MARKS.sub(" ", shown))}
    bare = _IDLE.sub("", _MARKS.sub(" ", shown))
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
def _plain(word: str) -> str:
    return _MARKS.sub("", _numbered(normal(word)))


def _numbered(shown: str) -> str:
    """Counted buildings, floors and months in figures: 五栋 is 5栋."""
    return _NUMERAL.sub(lambda found: str(value(found[0])), shown)


def _sounds_like(shown: str, words: tuple[str, ...]) -> bool:
    """Whether a name of the option is heard in a short message that writes it otherwise: "家理的", "水馆那单"."""
    bare = _MARKS.sub("", shown)
    if not 2 <= len(bare) <= 10:
        return False
    heard = _sounds(bare)
    return any(
        f" {_sounds(word)} " in f" {heard} " for word in map(_plain, words) if 2 <= len(word) <= 8
    ) or any(
        len(bare) <= 4 and f" {_sounds(stripped)} " in f" {_sounds(word)} "
        for word in map(_plain, words[:1])
        if len(stripped := _IDLE.sub("", bare)) >= 2
    )


@lru_cache(maxsize=4096)
def _sounds(text: str) -> str:
    from pypinyin import lazy_pinyin  # a third of a second, and only who is misheard needs it

    return " ".join(lazy_pinyin(text))
