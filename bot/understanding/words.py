"""jieba with our own domain words: private cache, silent, never the shared global tokenizer."""

import hashlib
import logging
import os
import warnings
from collections.abc import Callable, Iterable
from functools import partial
from pathlib import Path

with warnings.catch_warnings():
    # jieba looks for its dictionary through setuptools' deprecated pkg_resources.
    warnings.simplefilter("ignore")
    import jieba

from bot.understanding.data import lines

jieba.setLogLevel(logging.WARNING)

# Words rarer than this cost 60 MB of memory and hardly ever decide what a resident wants.
_COMMON = 30
_DOMAIN_FREQUENCY = 20_000


def tokenizer(cache_dir: Path, extra: Iterable[str] = ()) -> Callable[[str], list[str]]:
    """What cuts text into words, knowing the domain's and `extra`; its files lie in `cache_dir`."""
    domain = sorted({*lines("words.txt"), *extra})
    key = hashlib.sha256("\n".join(domain).encode()).hexdigest()[:16]
    cache_dir.mkdir(parents=True, exist_ok=True)
    dictionary = cache_dir / f"words-{key}.txt"
    if not dictionary.exists():
        _write(dictionary, domain)
    built = jieba.Tokenizer(str(dictionary.resolve()))
    built.tmp_dir = str(cache_dir.resolve())
    built.cache_file = f"words-{key}.cache"
    built.initialize()
    return partial(built.lcut, HMM=False)


def _write(path: Path, domain: Iterable[str]) -> None:
    """Writes whole or not at all: two processes may start at once."""
    common = (line for line in _shipped() if int(line.split(" ")[1]) >= _COMMON)
    entries = [*common, *(f"{word} {_DOMAIN_FREQUENCY}" for word in domain)]
    part = path.with_suffix(f".{os.getpid()}")
    part.write_text("\n".join(entries) + "\n", encoding="utf-8")
    part.replace(path)


def _shipped() -> list[str]:
    with (Path(jieba.__file__).parent / "dict.txt").open(encoding="utf-8") as file:
        return file.read().splitlines()
