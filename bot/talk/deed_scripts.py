"""Which script a technician's message means: deeds that one script does are as good as one."""

from bot.talk.talk import Talk
from bot.understanding.technicians import Deed, Deeds

_TAKING = (Deed.ACCEPT, Deed.TAKE)  # which of the two depends on what was offered, not on the words


def ranked(talk: Talk, deeds: Deeds) -> list[tuple[str, float]]:
    """Scripts with the chance that they are meant, likeliest first; "" stands for what no script does."""
    chances: dict[str, float] = {}
    taking = next((deed for deed, _ in deeds.ranking if deed in _TAKING), None)
    for ranked_deed, chance in deeds.ranking:
        deed = taking if taking and ranked_deed in _TAKING else ranked_deed
        found = talk.bot.catalogue.for_deed(deed, talk.turn.person)
        name = found.script.script if found else ""
        chances[name] = chances.get(name, 0.0) + chance
    return sorted(chances.items(), key=lambda pair: -pair[1])


def margin(talk: Talk, deeds: Deeds) -> float:
    """How far the likeliest script stands before the next."""
    chances = [chance for _, chance in ranked(talk, deeds)]
    return chances[0] - (chances[1] if len(chances) > 1 else 0.0)
