"""One sentence in, its meaning out."""

import hashlib
import subprocess
import sys
import tempfile
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import numpy as np

from bot.understanding import entities
from bot.understanding.examples import shipped
from bot.understanding.features import Cut, features
from bot.understanding.recogniser import Model
from bot.understanding.values import Action, Understanding
from bot.understanding.words import tokenizer

_HERE = Path(__file__).parent
_REPAIRS = frozenset({"repair_report", "repair_progress", "emergency"})
_MARGIN = 0.3
_FLOOR = 0.25


@dataclass(frozen=True, slots=True)
class Understander:
    """Immutable and safe to share between tasks; replace it to change what is understood."""

    cut: Cut
    model: Model

    def understand(self, text: str, now: datetime) -> Understanding:
        """`now` is aware; times such as 明天 are read from it."""
        ranking = self._ranking(text)
        intent, confidence = ranking[0]
        return Understanding(
            text=text,
            intent=intent,
            confidence=confidence,
            ranking=ranking,
            action=_action(ranking),
            entities=entities.extract(text, now, mending=intent in _REPAIRS),
            danger="other" if intent == "emergency" else None,
        )

    def _ranking(self, text: str) -> tuple[tuple[str, float], ...]:
        scores = self.model.scores(features(text, self.cut))
        odds = np.exp(scores - scores.max())
        chances = odds / odds.sum()
        best = np.argsort(-chances, kind="stable")[:5]
        return tuple((self.model.intents[at], round(float(chances[at]), 4)) for at in best)


def _action(ranking: tuple[tuple[str, float], ...]) -> Action:
    (intent, best), (_, second) = ranking[:2]
    if intent == "unknown":
        return "unknown"
    return "answer" if best - second >= _MARGIN and best >= _FLOOR else "ask"


def load(cache_dir: Path, examples: Iterable[tuple[str, str]] | None = None) -> Understander:
    """Blocks while reading the cached model, or for seconds while learning one: call before listening."""
    pairs = list(examples) if examples is not None else shipped()
    cut = tokenizer(cache_dir).lcut
    stored = cache_dir / f"intents-{_key(pairs)}.npz"
    if not stored.exists():
        _learn(cache_dir, pairs, stored)
    return Understander(cut=cut, model=Model.load(stored))


def _key(pairs: list[tuple[str, str]]) -> str:
    """Changes with anything that the model depends on: examples, tables, and the code that reads them."""
    digest = hashlib.sha256(repr(pairs).encode())
    for source in sorted([*_HERE.glob("*.py"), *(_HERE / "data").glob("*.t*")]):
        digest.update(source.read_bytes())
    return digest.hexdigest()[:16]


def _learn(cache_dir: Path, pairs: list[tuple[str, str]], stored: Path) -> None:
    """In a process of its own, so that scikit-learn's memory goes when it ends."""
    with tempfile.TemporaryDirectory() as folder:
        given = Path(folder) / "examples.tsv"
        given.write_text("".join(f"{text}\t{intent}\n" for text, intent in pairs), encoding="utf-8")
        command = [sys.executable, "-m", "bot.understanding.training", str(cache_dir), str(given), str(stored)]
        subprocess.run(command, check=True, cwd=_HERE.parent.parent)
