"""What stands between a changed script and the residents: it checks clean, and its own tests come out as written."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from bot.rehearsal.transcript import play
from bot.scripts import check
from bot.scripts.bot import Bot
from bot.scripts.catalogue import Catalogue, Compiled, compiled
from bot.scripts.format import Script, Transcript, read
from bot.understanding import Understander

_UNPUBLISHED = 0  # its version while it is tried


@dataclass(frozen=True, slots=True)
class Draft:
    """A script as somebody wrote it."""

    source: str
    script: Script

    @classmethod
    def of(cls, source: str, *, name: str = "?") -> "Draft":
        """Raises ScriptError, which names each place that does not fit the format."""
        return cls(source, read(source, name=name))


async def faults(drafts: list[Draft], bot: Bot, understander: Understander) -> list[str]:
    """Why these may not be published, a line each; they are tried together, beside all that is published."""
    named = {draft.script.script: draft for draft in drafts}
    known = {one.script.script for one in bot.catalogue} | set(named)
    found = [
        f"{name}: {fault}"
        for name, draft in named.items()
        for fault in check.problems(draft.script, bot.registry, known)
    ]
    if found:
        return found  # its tests would only stumble over the same
    return await _failing(named, _with(named, bot), understander)


def _with(named: Mapping[str, Draft], bot: Bot) -> Bot:
    """The bot as it would be with these scripts."""
    others = [one for one in bot.catalogue if one.script.script not in named]
    return replace(bot, catalogue=Catalogue([*others, *(_tried(one, bot) for one in named.values())]))


def _tried(draft: Draft, bot: Bot) -> Compiled:
    return compiled(draft.script, _UNPUBLISHED, bot.registry)


async def _failing(named: Mapping[str, Draft], bot: Bot, understander: Understander) -> list[str]:
    found: list[str] = []
    for name, draft in named.items():
        if not draft.script.tests:
            found.append(f"{name}: has no tests; write at least one talk under `tests:`")
        for transcript in draft.script.tests:
            found += await _played(draft.script, transcript, bot, understander)
    return found


async def _played(script: Script, test: Transcript, bot: Bot, understander: Understander) -> list[str]:
    try:
        problems, _ = await play(script, test, bot, understander)
    except Exception as error:  # noqa: BLE001 - people wrote the test; whatever it stumbles over is theirs to read
        return [f"{script.script}: {test.name}: {str(error) or repr(error)}"]
    return problems
