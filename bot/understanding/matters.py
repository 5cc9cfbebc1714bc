"""A letter that tells of several faults: which sentences belong to which of them. Nothing of it is dropped."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from bot.understanding.entities import Fault, find_fault
from bot.understanding.normal import normal

_CLAUSE = re.compile(r"[^,，。;；!！?？、\s]+[,，。;；!！?？、\s]*")
_NUMBER = re.compile(r"^[(（]?\d[)）.]?[、.\s]*$")  # 1、 stands alone once the sentence is cut
_NEXT = re.compile(
    r"^(?:还有(?!人|没有|多久|几)|另外|再就是|再有|此外|对了|顺便|同时|其次|最后|然后|以及|"
    r"第[一二三四五六]|[一二三四五六1-6](?:是|[.、.:：)）])|[①-⑥])"
)
_ALSO = re.compile(r"也(?:是)?(?:坏|不|没|漏|堵|断|掉|松|裂|黑|关|打|修|滴|得修|要修)")
_NUMBERED = re.compile(r"^(?:第[一二三四五六][个件点,，:：]?|[一二三四五六1-6](?:是|[.、.:：)）])|[①-⑥])\s*")
# What one fault does to the rest of the home is no fault of its own.
_OUTCOME = re.compile(
    r"漫|淹|泡|顺着|往下|流到|流得|滴到|滴得|漏到|渗到|溅|弄得|弄湿|害|导致|搞得|影响|所以|因为|就怕|怕(?:会|是)?|会不会|"
    r"以前|上次|去年|前几天|之前|刚换|刚装|(?:旁边|边上|附近|下面|上面|后面|隔壁)的?"
    r"|(?:那边|那儿|那里|这边)[,，。;；!！\s]*$"
)
_SPARED = re.compile(
    r"^除了|先不(?:说|管|报|修|急)|不用(?:修|管|来)|修好了|换好了|已经好了|下次再(?:说|修)|不归你们"
)
_WORKS = re.compile(r"(?:是|都|也)?(?:好的|没问题|正常|没坏|没事)$")
_LEADS_IN = re.compile(r"[,，、:：]\s*$|[^,，。;；!！?？]\s+$")
MOST = 6


@dataclass(frozen=True, slots=True)
class Matter:
    """One fault of a letter, in the words of whoever wrote it."""

    text: str
    category: str
    place: str
    urgent: bool = False

    @property
    def title(self) -> str:
        """The words that name it, short enough for an option."""
        clause = _NUMBERED.sub("", _NEXT_WORD.sub("", _told(self.text)))
        return clause if len(clause) <= _TITLE else f"{clause[:_TITLE]}…"


_NEXT_WORD = re.compile(
    r"^(?:还有(?:就是)?|另外|再就是|再有|此外|对了|顺便|同时|其次|最后|然后|以及|和)[,，:：]?\s*"
)
_TITLE = 14


@dataclass(slots=True)
class _Open:
    words: list[str]
    category: str
    place: str
    urgent: bool
    spared: bool = False

    def adds(self, clause: str, fault: Fault) -> None:
        """A clause that tells more of it."""
        self.words.append(clause)
        self.urgent = self.urgent or fault.urgent
        self.place = self.place or fault.place or ""

    def closed(self) -> Matter:
        return Matter("".join(self.words).strip("，,、；; \n"), self.category, self.place, self.urgent)


def matters(text: str) -> list[Matter]:
    """The faults that `text` tells of, in its order; fewer than two when it is all one matter."""
    found: list[_Open] = []
    before: list[str] = []
    for clause, ended in _clauses(text):
        shown = normal(clause)
        fault = find_fault(shown, mending=True)
        named = fault.category if not _WORKS.search(shown.rstrip("，。,.!！;； ")) else None
        if named and (not found or _is_another(found[-1], clause, named, fault.place or "", ended=ended)):
            found.append(_Open([*before, clause], named, fault.place or "", fault.urgent))
            before = []
        elif found:
            found[-1].adds(clause, fault)
        else:
            before.append(clause)
        if found and _SPARED.search(clause):
            found[-1].spared = True
    told = [one.closed() for one in _with_what_is_spared(found)]
    return told[:MOST]


def _clauses(text: str) -> Iterator[tuple[str, bool]]:
    """Each clause, and whether a sentence ended before it; a number of a list goes with what it numbers."""
    number, ended = "", True
    for clause in _CLAUSE.findall(text):
        if _NUMBER.match(clause):
            number, ended = clause, True
            continue
        yield number + clause, ended
        number, ended = "", not _LEADS_IN.search(clause)


def _with_what_is_spared(found: list[_Open]) -> list[_Open]:
    """Faults without those that are not to be mended now; what was said of these stays with another."""
    kept: list[_Open] = []
    loose: list[str] = []
    for one in found:
        if not one.spared:
            kept.append(one)
        elif kept:
            kept[-1].words += one.words
        else:
            loose += one.words
    if kept:
        kept[0].words = [*loose, *kept[0].words]
    return kept


def _is_another(open_: _Open, clause: str, category: str, place: str, *, ended: bool) -> bool:
    """Whether a clause that names a thing begins a new fault, instead of telling more of the open one."""
    if _OUTCOME.search(clause):
        return False
    elsewhere = bool(place and open_.place and place != open_.place)
    differs = category != open_.category and category != "other"
    if _NEXT.match(clause.strip()):
        return differs or bool(place and place != open_.place)
    if _ALSO.search(clause):
        return differs or elsewhere
    if ended:
        return differs or (elsewhere and category == open_.category)
    return differs and elsewhere


def _told(text: str) -> str:
    """The first clause that names a thing."""
    clauses = [clause.strip("，,。；;！!？?、 \n") for clause in _CLAUSE.findall(text)]
    named = (one for one in clauses if find_fault(normal(one), mending=True).category)
    return next(named, clauses[0] if clauses else text)
