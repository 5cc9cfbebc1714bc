"""Ranking short texts by what somebody asks, on single characters and pairs of them (BM25).

Measured on 86 questions about 60 articles: characters and pairs find the right one first in 75 and among three
in 83; jieba's words 72 and 79, both together no more. So no dictionary has to be loaded here.
"""

import math
import re
from collections.abc import Collection, Iterator, Mapping, Sequence

_RUNS = re.compile(r"[\u4e00-\u9fff]+|[a-z0-9]+")
_EMPTY = frozenset("的了吗呢吧啊我你您他们是在有不要和就都也怎么什么可以能想请问一下个给到这那哪里多少")
# Pairs that only ask, or tell of nobody.
_IDLE = frozenset(
    [
        "能不",
        "不能",
        "可不",
        "不可",
        "可以",
        "是不",
        "不是",
        "有没",
        "没有",
        "要不",
        "不要",
        "会不",
        "不会",
        "我们",
        "你们",
        "他们",
        "我问",
        "问能",
    ]
)
_SATURATION = 1.2
_LENGTH = 0.4  # how much a long text is marked down


def tokens(text: str) -> Iterator[str]:
    """Latin words whole; of Chinese every pair but those that only ask, and every character that carries meaning."""
    for run in _RUNS.findall(text.lower()):
        if run.isascii():
            yield run
            continue
        pairs = (run[at : at + 2] for at in range(len(run) - 1))
        yield from (pair for pair in pairs if pair not in _IDLE)
        yield from (character for character in run if character not in _EMPTY)


class WordIndex:
    """Texts by id, each as [(weight, text), …]; built once, then only read."""

    def __init__(self, texts: Mapping[int, Sequence[tuple[float, str]]]) -> None:
        weights = {key: _weigh(parts) for key, parts in texts.items()}
        self._count = len(weights)
        self._postings: dict[str, list[tuple[int, float]]] = {}
        sizes = {key: sum(found.values()) for key, found in weights.items()}
        average = sum(sizes.values()) / self._count if self._count else 1.0
        for key, found in weights.items():
            norm = _SATURATION * (1 - _LENGTH + _LENGTH * sizes[key] / average)
            for token, weight in found.items():
                self._postings.setdefault(token, []).append((key, weight / (weight + norm)))

    def rank(self, question: str, among: Collection[int]) -> list[tuple[int, float]]:
        """Ids with a score between 0 and 1, best first: the share of the question, by rarity, that a text has."""
        asked = set(tokens(question))
        whole = sum(self._rarity(token) for token in asked)
        scores: dict[int, float] = {}
        for token in asked:
            share = self._rarity(token) / whole
            for key, weight in self._postings.get(token, ()):
                if key in among:
                    scores[key] = scores.get(key, 0.0) + share * weight
        return sorted(scores.items(), key=lambda scored: (-scored[1], scored[0]))

    def _rarity(self, token: str) -> float:
        holding = len(self._postings.get(token, ()))
        return math.log(1 + (self._count - holding + 0.5) / (holding + 0.5))


def _weigh(parts: Sequence[tuple[float, str]]) -> dict[str, float]:
    found: dict[str, float] = {}
    for weight, text in parts:
        for token in tokens(text):
            found[token] = found.get(token, 0.0) + weight
    return found
