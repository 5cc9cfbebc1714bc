"""Words that an action puts into a list: they stand in dialogs/phrases like all others."""

from bot.values import Plain
from dialogs import shipped


def phrase(key: str, **values: Plain) -> str:
    return shipped.phrases().reply(key, values).text
