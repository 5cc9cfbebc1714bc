"""Models are learned once, by whichever of several processes comes first."""

import fcntl
import threading
from pathlib import Path

import numpy as np
import pytest

from bot.understanding import store
from bot.understanding.recogniser import Model
from bot.understanding.store import Pairs

SETS: dict[str, Pairs] = {"acts": [("好的", "yes"), ("不要", "no")]}
FLOAT = np.float32


def model() -> Model:
    return Model(("no", "yes"), {"好": 0}, np.ones(1, FLOAT), np.ones((1, 2), FLOAT), np.zeros(2, FLOAT))


def test_who_waited_for_another_process_takes_what_that_one_learned(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked, waits = threading.Event(), fcntl.flock

    def flock(file: object, how: int) -> None:
        asked.set()
        waits(file, how)  # type: ignore[arg-type]  # whatever the store locks

    def learn(*_: object) -> None:
        raise AssertionError("learned although another process was about to")

    monkeypatch.setattr(store, "_learn", learn)
    monkeypatch.setattr("bot.understanding.store.fcntl.flock", flock)
    found: list[dict[str, Model]] = []
    with (tmp_path / "learning").open("w") as another:
        waits(another, fcntl.LOCK_EX)
        starts = threading.Thread(target=lambda: found.append(store.trained(tmp_path, SETS)))
        starts.start()
        assert asked.wait(timeout=10)
        model().save(tmp_path / f"acts-{store._key(SETS['acts'], ())}.npz")
    starts.join(timeout=10)
    assert [one["acts"].intents for one in found] == [("no", "yes")]
