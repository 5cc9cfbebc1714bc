"""How Chinese characters are read: pypinyin without its 47,000 phrases, which take 44 MiB of every process.

Nearly all of them are read as their characters are one by one; readings.tsv has the phrases of up to
four characters that are not.
"""

import os
from pathlib import Path

os.environ.setdefault("PYPINYIN_NO_PHRASES", "1")
os.environ.setdefault("PYPINYIN_NO_DICT_COPY", "1")  # it copies its tables, 4 MB, for those who add readings
from pypinyin import Style, lazy_pinyin, load_phrases_dict, pinyin

__all__ = ["Style", "lazy_pinyin", "phrases", "pinyin"]


def phrases() -> dict[str, list[list[str]]]:
    """Each phrase with the one reading of each of its characters, as pypinyin has it."""
    text = Path(__file__).with_name("readings.tsv").read_text(encoding="utf-8")
    rows = (line.split("\t") for line in text.splitlines())
    return {phrase: [[reading] for reading in readings.split(" ")] for phrase, readings in rows}


load_phrases_dict(phrases())
