"""Whole messages that are commands: 取消, 上一步, 帮助, 菜单, 人工, 重来 and their everyday variants."""

import re
from functools import cache

from bot.understanding.data import lines
from bot.understanding.normal import plain
from bot.understanding.values import Command

_FILLER = re.compile(r"^(?:那|那就|我要|我想|请|麻烦|帮我|给我|请帮我|还是)+|[吧了呀啊嘛呢哦啦谢拜托]+$")
_PUNCTUATION = re.compile(r"[^\w]+")


def command(text: str) -> Command | None:
    """The command that the whole message is; None for a sentence that merely contains such a word."""
    if len(text) > 16:
        return None
    bare = _PUNCTUATION.sub("", plain(text))
    return _phrases().get(bare) or _phrases().get(_FILLER.sub("", bare))


@cache
def _phrases() -> dict[str, Command]:
    table: dict[str, Command] = {}
    for line in lines("commands.tsv"):
        name, *phrases = line.split("\t")
        table.update(dict.fromkeys(phrases, Command(name)))
    return table
