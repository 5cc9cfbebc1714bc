"""Whole messages that are commands: 取消, 上一步, 帮助, 菜单, 人工, 重来 and their everyday variants."""

import re
from functools import cache

from bot.understanding.data import lines
from bot.understanding.normal import plain, said_once
from bot.understanding.values import Command

_POLITE = "那|那就|我要|我想|请|麻烦|帮我|给我|请帮我|还是"
_PARTICLES = "吧呀啊嘛呢哦啦谢拜托"
_BEFORE = re.compile(rf"^(?:{_POLITE})+")
_AFTER = re.compile(rf"[{_PARTICLES}]+$")
_DONE = re.compile(r"了$")
_PUNCTUATION = re.compile(r"[^\w]+")


def command(text: str) -> Command | None:
    """The command that the whole message is; None for a sentence that merely contains such a word."""
    if len(text) > 16:
        return None
    bare = said_once(_PUNCTUATION.sub("", plain(text)))
    if not _characters().issuperset(bare):
        return None  # as nearly always, and seen at a glance
    short = _AFTER.sub("", _BEFORE.sub("", bare))
    known = _phrases()
    return known.get(bare) or known.get(short) or known.get(_DONE.sub("", short))


@cache
def _characters() -> frozenset[str]:
    """All that a command can be written with."""
    return frozenset("".join([*_phrases(), _POLITE, _PARTICLES, "了"]))


@cache
def _phrases() -> dict[str, Command]:
    table: dict[str, Command] = {}
    for line in lines("commands.tsv"):
        name, *phrases = line.split("\t")
        table.update(dict.fromkeys(phrases, Command(name)))
    return table
