"""The bot as a running system has it: every published script version, read from the database."""

import logging
from collections.abc import Sequence
from dataclasses import dataclass

from bot.scripts import check
from bot.scripts.actions import Registry
from bot.scripts.bot import Bot
from bot.scripts.catalogue import Catalogue, Compiled
from bot.scripts.format import ScriptError
from bot.scripts.phrases import Phrases
from services.scripts import versions

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Shipped:
    """What a release brings with it: (name, YAML) of its scripts, its phrases and its words of abuse."""

    scripts: Sequence[tuple[str, str]]
    phrases: Phrases
    abuse: frozenset[str]


async def load(registry: Registry, shipped: Shipped, *, company: str) -> Bot:
    """Store the shipped scripts where there are none, then read what is published."""
    await versions.ensure_shipped(shipped.scripts)
    return Bot(await catalogue(registry), registry, shipped.phrases, company, shipped.abuse)


async def catalogue(registry: Registry, *, before: Catalogue | None = None) -> Catalogue:
    """Every published version; those that `before` has are not compiled again.

    Of several releases on one database each serves with the newest version that fits its own actions.
    """
    found = {
        (name, version): (before.version(name, version) if before else None)
        or _compiled(name, version, source, registry)
        for name, version, source in await versions.published()
    }
    runs = {key: one for key, one in found.items() if one is not None}
    strange = {key for key, one in runs.items() if check.strange(one.script, registry)}
    lacking = {key for key, one in runs.items() if check.lacking(one.script, registry)}
    fitting = {name for name, _ in runs.keys() - strange - lacking}
    others = {key for key in strange if key[0] in fitting}
    for name, version in sorted(strange | lacking):
        log.error("%s version %d does not fit this program", name, version)
    return Catalogue(
        (one for key, one in runs.items() if key not in others),
        left_out={*(found.keys() - runs.keys()), *others},
        behind=strange | lacking,
    )


def _compiled(name: str, version: int, source: str, registry: Registry) -> Compiled | None:
    """None for one that this program cannot run: it is of another release, and an earlier version serves."""
    try:
        return Catalogue.of_sources([(name, version, source)], registry).newest(name)
    except ScriptError as error:
        log.error("version %d is left out: %s", version, error)
        return None
