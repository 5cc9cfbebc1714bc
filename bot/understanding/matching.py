"""Which of several options a message means, however it says so: in part, in other words, denied, misheard.

Pure text: an option is the words that name it, its own text first. Nothing here knows a talk.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from bot.understanding.likeness import (
    CONTAINED,
    DENIED_BEFORE,
    MARKS,
    NEGATIVE,
    bare_words,
    likeness,
    numbered,
    sounds_like,
    things_of,
    tokens_of,
)
from bot.understanding.normal import normal

__all__ = ["CONTAINED", "Match", "matches"]

LONGEST = 120  # characters: whoever writes more tells a story and picks nothing
_CLAUSE = re.compile(r"[\s，。！？、,.!?；;]+|(?=但是|不过|而是)")
_DENIED = re.compile(r"不是|不要|不选|并非|不用|别|不算|不去|没有|不在|不想|不看")
_EITHER = re.compile(r"有没有|(.)[不没]\1")  # asks, and denies nothing
_DENIED_AFTER = re.compile(
    r"(?:的|[那这][个本条件家])?(?:我|我们|就|先|都|可|[, ])*(?:不用|不要|不看|不想|不选|不去|不急|别(?![的处家人])|"
    r"就不|不行|不了|不成|除外|不是|不算|没事|挺好|先不)"
)
_WITH = re.compile(r"[跟和与同]")
_UNRELATED = re.compile(r"(?:没|没有|没啥|不)(?:什么)?(?:关系|相干|沾边|搭界)|无关")
# 张师傅忙，找另外一位: what was named before is not the one.
_ANOTHER = re.compile(
    r"[^,。 ][,。 ]+(?:那?就?|我|帮我|给我|还是)*(?:找|换|看|要|选|派|叫|改|给(?=另))(?:成|到|为)?"
    r"(?:另外?|别的?|其他|旁边)(?:的|那|一)*(?:[个本位条件家套笔单样]|师傅|人)?[吧呀啊了的]*$"
)
_MAY_DENY = re.compile(r"[不没别莫未]|并非|除外|挺好")  # without one of these nothing is denied
_RETRACTED = re.compile(
    r"(?:^|(?<=[\s,，。、]))(?:不对不对|不对|不是|说错了?|错了|不)[\s,，。、!！]+|[哦噢诶呃](?:不对|不是|不)[\s,，。、!！]*"
)
_SURNAME = re.compile(
    r"(?:小|老|姓)([一-鿿])(?!区|人|板|师)|([一-鿿])(?:师傅|工|哥|姐|女士|先生|阿姨|大[哥姐爷妈]|叔叔?|太太)"
)

MISHEARD = 0.8  # only the sounds agree
_OTHER_ONE = 0.78  # of two the one that was not denied
_LEAST_SHARED = 0.34


@dataclass(frozen=True, slots=True)
class Match:
    """The option at `place`, and how surely it is meant (0 to 1)."""

    place: int
    score: float


@dataclass(frozen=True, slots=True)
class _Named:
    """The words of one option made ready: plain, and those that can be denied in a sentence."""

    words: tuple[str, ...]
    plain: tuple[str, ...]
    names: tuple[str, ...]  # the plain words of two characters or more, the longest first
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
    if least >= CONTAINED and not _may_name(bare_words(text), ready):
        return []  # as nearly always
    shown = _standing(numbered(normal(text))[:LONGEST])
    clauses = [clause for clause in _CLAUSE.split(shown) if clause]
    if not clauses or not options:
        return []
    denied = _denied(clauses, ready)
    scores = _scores(clauses, shown, ready, least)
    if _ANOTHER.search(shown):
        denied |= {place for place, score in scores.items() if score >= CONTAINED}
    scored = [
        Match(place, score)
        for place, score in sorted(scores.items())
        if score >= max(_LEAST_SHARED, least) and place not in denied
    ]
    if least <= MISHEARD and all(one.score < MISHEARD for one in scored):
        heard = _misheard(shown, ready, denied)
        scored = [*heard, *(one for one in scored if all(one.place != other.place for other in heard))]
    if not scored and len(denied) == 1 and len(options) == 2 and least <= _OTHER_ONE:
        scored = [Match(1 - next(iter(denied)), _OTHER_ONE)]
    return sorted(scored, key=lambda match: -match.score)


def _standing(shown: str) -> str:
    """What stands of words that take themselves back: “云栖苑，哦不，青禾花园” means the last."""
    last = _RETRACTED.split(shown)[-1]
    return last if last.strip() else shown


def _may_name(bare: str, ready: _Ready) -> bool:
    for word in ready.words:  # any() over a generator costs more, for every option of every question
        if word in bare:
            return True
    return _SURNAME.search(bare) is not None


@lru_cache(maxsize=2048)
def _ready(options: tuple[tuple[str, ...], ...]) -> _Ready:
    tokens: dict[str, list[int]] = {}
    things: dict[int, list[int]] = {}
    for place, words in enumerate(options):
        for token in dict.fromkeys(token for word in words for token in tokens_of(word)):
            tokens.setdefault(token, []).append(place)
        for thing in dict.fromkeys(thing for word in words for thing in things_of(word)):
            things.setdefault(thing, []).append(place)
    named = tuple(map(_named, options))
    return _Ready(
        named,
        tuple({word for one in named for word in one.names}),
        {token: tuple(places) for token, places in tokens.items()},
        {thing: tuple(places) for thing, places in things.items()},
    )


def _named(words: tuple[str, ...]) -> _Named:
    plain = tuple(map(bare_words, words))
    names = tuple(sorted((word for word in plain if len(word) >= 2), key=len, reverse=True))
    return _Named(
        words,
        plain,
        names,
        # What is negative by itself is not denied by another no: 态度不行 means 态度不好.
        () if NEGATIVE.search(plain[0]) else tuple(word for word in names if not NEGATIVE.search(word)),
        any(NEGATIVE.search(word) for word in words),
    )


def _scores(clauses: Sequence[str], shown: str, ready: _Ready, least: float) -> dict[int, float]:
    """How surely each option is meant that is meant at all."""
    bare = bare_words(shown)
    surname = _SURNAME.search(bare)
    named: dict[int, float] = {}
    for place, option in enumerate(ready.options):
        if surname and option.words[0].startswith(surname[1] or surname[2]):
            named[place] = CONTAINED
            continue
        if longest := _longest_meant(clauses, bare, option):
            named[place] = CONTAINED + min(longest, 8) / 100
    named = _not_within(named, bare, ready)
    if said := {place: score for place, score in named.items() if bare in ready.options[place].plain}:
        return said  # the whole message is a name: 满意 is not 不满意
    if least >= CONTAINED:
        return named
    alike: dict[int, float] = {}
    said_of = {word for place in named for word in ready.options[place].names if word in bare}
    for clause in {*clauses, bare}:
        for place in _sharing(clause, ready) - named.keys():
            if any(word in ready.options[place].plain[0] for word in said_of):
                continue  # what 满意 names is not 不满意 as well
            score = max(likeness(clause, word) for word in ready.options[place].words)
            alike[place] = max(score, alike.get(place, 0.0))
    return named | alike


def _not_within(named: dict[int, float], bare: str, ready: _Ready) -> dict[int, float]:
    """Without the options whose names stand only inside a longer name of another: 打扫 in 彻底打扫."""
    if len(named) < 2:
        return named
    standing = {place: [word for word in ready.options[place].names if word in bare] for place in named}
    return {
        place: score
        for place, score in named.items()
        if not any(other != place and _is_within(standing[place], standing[other], bare) for other in named)
    }


def _is_within(words: Sequence[str], others: Sequence[str], bare: str) -> bool:
    left = bare
    for other in sorted(others, key=len, reverse=True):
        left = left.replace(other, " ")
    return bool(words) and not set(words) & set(others) and not any(word in left for word in words)


def _longest_meant(clauses: Sequence[str], bare: str, option: _Named) -> int:
    """The length of the longest whole name of the option that stands in the message and is not denied; 0 for none."""
    for word in option.names:
        if word in bare and not _turned(clauses, word):
            return len(word)
    return 0


def _sharing(clause: str, ready: _Ready) -> set[int]:
    """The places of the options that share a token or a thing with the clause; the others are nothing like it."""
    places = {place for token in tokens_of(clause) for place in ready.tokens.get(token, ())}
    return places.union(*(ready.things[one] for one in things_of(clause) if one in ready.things))


def _misheard(shown: str, ready: _Ready, denied: set[int]) -> list[Match]:
    said = [shown, *(one for one in _AND.split(shown) if one != shown)]
    return [
        Match(place, MISHEARD)
        for place, option in enumerate(ready.options)
        if place not in denied and any(sounds_like(one, option.words) for one in said)
    ]


_AND = re.compile(r"[和跟、及]")


def _turned(clauses: Sequence[str], word: str) -> bool:
    """Whether the word stands only where it is denied, and does not itself deny."""
    if NEGATIVE.search(word):
        return False
    found = [clause for clause in clauses if word in MARKS.sub("", clause)]
    return bool(found) and all(_denied_in(clause, word) for clause in found)


def _denied_in(clause: str, word: str) -> bool:
    before, _, after = clause.partition(word)
    before = _EITHER.sub("", before)
    if DENIED_BEFORE.search(before[-4:]) or _DENIED_AFTER.match(after[:8]):
        return True
    return bool(_WITH.search(before[-3:]) and _UNRELATED.match(after[:8]))


def _denied(clauses: Sequence[str], ready: _Ready) -> set[int]:
    """The options that a clause puts aside: "不是11月", "绿化不用改"."""
    clauses = [clause for clause in clauses if _MAY_DENY.search(clause)]
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
    scores = [max(likeness(denied, word) for word in option.words) for option in ready.options]
    best = max(scores)
    return {
        place
        for place, option in enumerate(ready.options)
        if best >= 0.6 and scores[place] == best and not option.negative
    }
