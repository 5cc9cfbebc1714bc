"""The bot as a running system has it: every published script version, read from the database."""

from bot.actions import Registry
from bot.catalogue import Catalogue
from bot.talk import Bot
from dialogs import shipped
from services import scripts


async def load(registry: Registry, *, company: str) -> Bot:
    """Store the shipped scripts where there are none, then read what is published. Raises ScriptError."""
    await scripts.ensure_shipped(shipped.scripts())
    catalogue = Catalogue.of_sources(await scripts.published(), registry)
    return Bot(catalogue, registry, shipped.phrases(), company, shipped.abuse())
