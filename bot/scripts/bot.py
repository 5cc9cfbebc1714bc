"""All that is said and done, put together: the scripts, their actions, the phrases."""

from dataclasses import dataclass

from bot.scripts.actions import Registry
from bot.scripts.catalogue import Catalogue
from bot.scripts.phrases import Phrases


@dataclass(frozen=True, slots=True)
class Bot:
    """What every turn shares, immutable; a change makes a new one."""

    catalogue: Catalogue
    registry: Registry
    phrases: Phrases
    company: str = ""
    abuse: frozenset[str] = frozenset()
