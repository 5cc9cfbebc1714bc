"""What options read like that lead somewhere of their own, so that few sentences have to be looked up."""

import re
from collections.abc import Iterator
from functools import lru_cache

from bot.scripts.bot import Bot
from bot.scripts.catalogue import Catalogue
from bot.scripts.phrases import Phrases

_PLACE = re.compile(r"\{[^{}]*\}")
_LEAST = 2  # letters of its own that a wording needs to be told from any other sentence


def may_be_option(bot: Bot, text: str) -> bool:
    """Whether some phrase or script offers these very words, whatever it names in them; stars are never typed."""
    plain, patterns = _wordings(bot.phrases, bot.catalogue)
    return text in plain or text.startswith("★") or any(one.fullmatch(text) for one in patterns)


@lru_cache(maxsize=8)
def _wordings(phrases: Phrases, catalogue: Catalogue) -> tuple[frozenset[str], tuple[re.Pattern[str], ...]]:
    every = frozenset(_offered(phrases, catalogue))
    named = [one for one in every if "{" in one and len(_PLACE.sub("", one)) >= _LEAST]
    return every, tuple(re.compile(".+".join(map(re.escape, _PLACE.split(one)))) for one in named)


def _offered(phrases: Phrases, catalogue: Catalogue) -> Iterator[str]:
    yield from phrases.offered()
    for compiled in catalogue:
        for step in compiled.script.steps:
            yield from (one.text for one in step.options if one.go)
