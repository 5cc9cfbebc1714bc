"""Where trained models lie: one file for each state of examples, tables and code."""

import contextlib
import fcntl
import hashlib
import json
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path

from bot.understanding.recogniser import Model

_HERE = Path(__file__).parent
_ROOT = _HERE.parent.parent

Pairs = list[tuple[str, str]]


def trained(cache_dir: Path, sets: Mapping[str, Pairs], words: tuple[str, ...] = ()) -> dict[str, Model]:
    """A model of each named set of examples, from the cache or learned now.

    Raises RuntimeError when learning fails.
    """
    stored = {name: cache_dir / f"{name}-{_key(pairs, words)}.npz" for name, pairs in sets.items()}
    if not all(path.exists() for path in stored.values()):
        with _alone(cache_dir):
            missing = {str(path.resolve()): sets[name] for name, path in stored.items() if not path.exists()}
            if missing:  # still: another process may have learned them while we waited
                _learn(cache_dir, missing, words)
    return {name: Model.load(path) for name, path in stored.items()}


@contextlib.contextmanager
def _alone(cache_dir: Path) -> Iterator[None]:
    """One process at a time: those that start together would each learn the same, ten seconds of a processor."""
    with (cache_dir / "learning").open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def _key(pairs: Pairs, words: tuple[str, ...]) -> str:
    """Changes with anything that the model depends on: examples, tables, and the code that reads them."""
    digest = hashlib.sha256(repr((pairs, words)).encode())
    tables = (_HERE / "data").glob("*.t*")
    code = (_HERE / name for name in ("features.py", "normal.py", "recogniser.py", "training.py", "words.py"))
    for source in sorted([*tables, *code]):
        digest.update(source.read_bytes())
    return digest.hexdigest()[:16]


def _learn(cache_dir: Path, missing: dict[str, Pairs], words: tuple[str, ...]) -> None:
    """In a process of its own, so that scikit-learn's memory goes when it ends."""
    with tempfile.TemporaryDirectory() as folder:
        given = Path(folder) / "examples.json"
        given.write_text(json.dumps({"models": missing, "words": words}), encoding="utf-8")
        command = [sys.executable, "-m", "bot.understanding.training", str(cache_dir.resolve()), str(given)]
        done = subprocess.run(command, cwd=_ROOT, capture_output=True, text=True, check=False)
    if done.returncode:
        raise RuntimeError(f"The recogniser could not be trained: {done.stderr.strip()[-500:]}")
