"""Sentences in pinyin, read as the characters that people write of such matters: wo jia ma tong lou shui le.

Which characters follow each other is counted in the examples. Only what is letters through and through is read, and
only where it can hardly be anything else: a name, an English word or a brand stays as it stands.
"""

import math
import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cache
from itertools import pairwise

from bot.understanding.data import lines
from bot.understanding.normal import normal

_LATIN = re.compile(r"[a-z][a-z'’ ]*[a-z]|[a-z]")
_LETTERS = re.compile(r"[a-z]{2}")
_HAN = re.compile(r"[\u4e00-\u9fff]")
_DIGITS = re.compile(r"\d+")
_LONGEST = 120  # characters of a message that is read as pinyin
_SYLLABLE = 6  # letters of the longest
_MOST = 24  # characters that are tried for one syllable, the commonest first
_FOLLOWS = 0.9  # how much what follows what counts, beside how common a character is
_APOSTROPHE = re.compile(r"['’]")
# What numbers stand before; other words are set apart from them.
_COUNTED = re.compile(r"^[A-Z]?(?:栋|单元|幢|座|号楼|室|号|楼|层|点|分|块|元|个|次|天)$")
_BESIDE_CHINESE = re.compile(r"(?<=[\u4e00-\u9fff]) +(?=[\u4e00-\u9fff])| +(?=[，,。!?])|(?<=[，,。!?]) +")
_NUMERALS = 10  # so many are alike
_SHORTEST_EXAMPLE, _LONGEST_EXAMPLE = 2, 60  # characters of what is counted
_NUMERAL = re.compile(r"[零一二两三四五六七八九十]")
# Mean logarithm of the chances of its characters, from which a text is read; of a short one more is asked.
_LIKELY, _SURELY, _SHORT = -5.4, -4.7, 4
_KNOWN = 0.6  # share of the pairs of characters that the examples have


@dataclass(frozen=True, slots=True)
class Pinyin:
    """Reads pinyin by the pairs of characters in `pairs`; safe to share."""

    pairs: dict[str, int] = field(repr=False)
    singles: dict[str, int] = field(repr=False)
    total: int

    def read(self, text: str) -> str | None:
        """The characters that `text` stands for; None for what is no pinyin, or not surely."""
        if len(text) > _LONGEST:
            return None
        shown = normal(text)
        if not _LETTERS.search(shown):
            return None
        parts, end = [], 0
        for run in _LATIN.finditer(shown):
            before = shown[end : run.start()].strip()
            found = self._run(run[0].split(), before[-1:], mixed=bool(_HAN.search(shown)))
            if found is None:
                return None
            parts += [before, found if _COUNTED.match(found) else f" {found} "]
            end = run.end()
        read = "".join([*parts, shown[end:].strip()])
        return _BESIDE_CHINESE.sub("", read).strip()

    def _run(self, words: list[str], before: str, *, mixed: bool) -> str | None:
        """One run of words of letters; beside Chinese a single syllable stays as it stands."""
        words = [_APOSTROPHE.sub("", one) for one in words]
        if len(words) > 1 and len(words[0]) == 1 and words[0] not in _sounds():
            inside = self._run(words[1:], "0", mixed=False)  # b dong 1203
            return words[0].upper() + inside if inside else None
        best = self._best("".join(words), _ends(words), "0" if before.isdigit() else "^")
        if best is None or (mixed and len(best[1]) < 2):
            return None
        return best[1] if self._is_sure(best[0], best[1], before) else None

    def _is_sure(self, score: float, read: str, before: str) -> bool:
        led = ("0" if before.isdigit() else "") + read
        pairs = ["".join(one) for one in pairwise(_NUMERAL.sub("0", led))]
        known = sum(one in self.pairs or one == "00" for one in pairs)
        likely = _SURELY if len(read) < _SHORT else _LIKELY
        return bool(pairs) and known >= _KNOWN * len(pairs) and score / len(read) >= likely

    def _best(self, letters: str, ends: frozenset[int], first: str) -> tuple[float, str] | None:
        """The likeliest characters for the letters, and the logarithm of their chance; no syllable spans words."""
        reached: dict[int, dict[str, tuple[float, str]]] = {0: {first: (0.0, "")}}
        for at in range(len(letters)):
            for length in range(1, _SYLLABLE + 1):
                end = at + length
                spans = any(at < one < end for one in ends)
                if at not in reached or end > len(letters) or spans or letters[at:end] not in _sounds():
                    continue
                self._step(reached[at], reached.setdefault(end, {}), _sounds()[letters[at:end]])
        found = reached.get(len(letters))
        return max(found.values()) if found else None

    def _step(
        self, known: dict[str, tuple[float, str]], reached: dict[str, tuple[float, str]], characters: str
    ) -> None:
        for last, (score, read) in known.items():
            for one in characters[:_MOST]:
                told = score + self._chance(last, one)
                if one not in reached or reached[one][0] < told:
                    reached[one] = (told, read + one)

    def _chance(self, last: str, one: str) -> float:
        common = (self.singles.get(one, 0) + 0.5) / self.total
        follows = self.pairs.get(last + one, 0) / (self.singles.get(last, 0) + 1)
        if _NUMERAL.match(last) or _NUMERAL.match(one):  # 五栋 is as common as 5栋
            alike = self.pairs.get(_NUMERAL.sub("0", last + one), 0)
            follows = max(follows, alike / (self.singles.get(_NUMERAL.sub("0", last), 0) + 1) / _NUMERALS)
        return math.log(_FOLLOWS * follows + (1 - _FOLLOWS) * common)


def _ends(words: list[str]) -> frozenset[int]:
    ends, at = set(), 0
    for one in words:
        at += len(one)
        ends.add(at)
    return frozenset(ends)


def learned(texts: Iterable[tuple[str, int]]) -> Pinyin:
    """What reads pinyin, from sentences as people write them, each with how much it counts. Numbers are alike."""
    pairs: Counter[str] = Counter()
    singles: Counter[str] = Counter()
    for text, weight in texts:
        if not _SHORTEST_EXAMPLE <= len(text) <= _LONGEST_EXAMPLE:
            continue
        led = "^" + _DIGITS.sub("0", text)
        for _ in range(weight):
            singles.update(led)
            pairs.update(map("".join, pairwise(led)))
    return Pinyin(dict(pairs), dict(singles), max(singles.total(), 1))


@cache
def _sounds() -> dict[str, str]:
    rows = (line.split("\t") for line in lines("pinyin.tsv"))
    return {row[0]: row[1] for row in rows}
