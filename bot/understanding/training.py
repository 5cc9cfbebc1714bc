"""Learns a `Model` from example sentences. scikit-learn is imported here only, never where people are served.

Run as a module (`python -m bot.understanding.training CACHE_DIR EXAMPLES.json`) so that the
learning process ends with its memory.
"""

import json
import math
import sys
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import TypedDict

import numpy as np
from scipy import sparse
from sklearn.svm import LinearSVC

from bot.understanding.features import features
from bot.understanding.recogniser import Floats, Model
from bot.understanding.words import tokenizer

_SEEN_TWICE = 2
_STRENGTH = 1.0
_SEED = 7
# Nearer to the best planes nothing is recognised better, and learning takes half as long again.
_NEAR = 0.05
# Turns distances from the separating planes into odds; fitted by cross-validation (docs/understanding.md).
_SHARPNESS = 4.0


class _Given(TypedDict):
    models: dict[str, list[tuple[str, str]]]  # where each is stored, and what it learns from
    words: list[str]


def train(found: Sequence[set[str]], intents: Sequence[str]) -> Model:
    """Learns from the features of each example and its intent. The same input gives the same model."""
    counts = Counter(feature for one in found for feature in one)
    kept = sorted(feature for feature, seen in counts.items() if seen >= _SEEN_TWICE)
    places = {feature: row for row, feature in enumerate(kept)}
    idf = np.array([math.log((1 + len(found)) / (1 + counts[one])) + 1 for one in kept], dtype=np.float32)
    learner = LinearSVC(C=_STRENGTH, tol=_NEAR, random_state=_SEED)
    learner.fit(_matrix(found, places, idf), list(intents))
    return Model(
        intents=tuple(str(name) for name in learner.classes_),
        places=places,
        idf=idf,
        weights=np.ascontiguousarray(_SHARPNESS * learner.coef_.T, dtype=np.float32),
        bias=np.asarray(_SHARPNESS * learner.intercept_, dtype=np.float32),
    )


def _matrix(found: Sequence[set[str]], places: dict[str, int], idf: Floats) -> sparse.csr_matrix:
    """One row for each example, of length 1."""
    rows = [sorted(places[feature] for feature in one if feature in places) for one in found]
    values = [idf[row] / max(1e-9, float(np.linalg.norm(idf[row]))) for row in rows]
    starts = np.cumsum([0, *map(len, rows)])
    columns = np.concatenate([np.array(row, dtype=np.int32) for row in rows])
    return sparse.csr_matrix((np.concatenate(values), columns, starts), shape=(len(rows), len(places)))


def main(cache_dir: Path, examples: Path) -> None:
    """Learns each model of a file of examples and stores it."""
    given: _Given = json.loads(examples.read_text(encoding="utf-8"))
    cut = tokenizer(cache_dir, given["words"])
    for out, pairs in given["models"].items():
        model = train([features(text, cut) for text, _ in pairs], [label for _, label in pairs])
        model.save(Path(out))


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
