"""The scored recogniser: a learned table of weights, read with numpy alone."""

import os
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Model:
    """What training found. `weights` holds a row for each feature (its rarity `idf` not yet in it)."""

    intents: tuple[str, ...]
    places: dict[str, int]  # feature -> row
    idf: Floats
    weights: Floats
    bias: Floats

    def scores(self, found: Iterable[str]) -> Floats:
        """One score for each of `intents`; a softmax of them gives calibrated probabilities."""
        places = self.places
        rows = [places[feature] for feature in found if feature in places]
        if not rows:
            return self.bias
        idf = self.idf[rows]
        length = float(np.sqrt(idf @ idf))
        return (idf @ self.weights[rows]) / np.float32(length) + self.bias

    def save(self, path: Path) -> None:
        """Writes whole or not at all: two processes may train at once."""
        part = path.with_suffix(f".{os.getpid()}")
        with part.open("wb") as file:
            np.savez(
                file,
                intents=np.array(self.intents),
                features=np.frombuffer("\n".join(self.places).encode(), dtype=np.uint8),
                idf=self.idf,
                weights=self.weights,
                bias=self.bias,
            )
        part.replace(path)

    @staticmethod
    def load(path: Path) -> "Model":
        """Raises OSError or ValueError when the file is missing or damaged."""
        with np.load(path, allow_pickle=False) as stored:
            features = stored["features"].tobytes().decode().split("\n")
            return Model(
                intents=tuple(str(name) for name in stored["intents"]),
                places={feature: row for row, feature in enumerate(features)},
                idf=stored["idf"],
                weights=stored["weights"],
                bias=stored["bias"],
            )
