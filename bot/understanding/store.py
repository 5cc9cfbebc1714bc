"""Where trained models lie: one file for each state of examples, tables and code."""

import hashlib
import json
import subprocess
import sys
import tempfile
from collections.abc import Mapping
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
    missing = {
        str(stored[name].resolve()): pairs for name, pairs in sets.items() if not stored[name].exists()
    }
    if missing:
        _learn(cache_dir, missing, words)
    return {name: Model.load(path) for name, path in stored.items()}


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
