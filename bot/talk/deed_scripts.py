"""Which script a technician's message means: deeds that one script does are as good as one."""

from bot.scripts.catalogue import Compiled
from bot.talk.talk import Talk
from bot.understanding.technicians import Deed, Deeds

# Which of them is done depends on the jobs and not on the words: what was offered, what has begun.
_ALIKE = ((Deed.ACCEPT, Deed.TAKE), (Deed.HOLD, Deed.CHANGE_ETA))


SURE = 0.35  # of a deed before the next likely one, for it to be what was meant


def meant(talk: Talk, deeds: Deeds, *, least: float = SURE) -> Compiled | None:
    """The script that the message surely means."""
    found = ranked(talk, deeds)
    best, chance = found[0] if found else ("", 0.0)
    second = found[1][1] if len(found) > 1 else 0.0
    return talk.bot.catalogue.newest(best) if best and chance - second >= least else None


def ranked(talk: Talk, deeds: Deeds) -> list[tuple[str, float]]:
    """Scripts with the chance that they are meant, likeliest first; "" stands for what no script does."""
    chances: dict[str, float] = {}
    for ranked_deed, chance in deeds.ranking:
        deed = _likelier(deeds, ranked_deed)
        found = talk.bot.catalogue.for_deed(deed, talk.turn.person)
        name = found.script.script if found else ""
        chances[name] = chances.get(name, 0.0) + chance
    return sorted(chances.items(), key=lambda pair: -pair[1])


def _likelier(deeds: Deeds, one: Deed) -> Deed:
    """The likeliest of those that the words do not tell apart from this one."""
    alike = next((them for them in _ALIKE if one in them), (one,))
    return next(deed for deed, _ in deeds.ranking if deed in alike)


def margin(talk: Talk, deeds: Deeds) -> float:
    """How far the likeliest script stands before the next."""
    chances = [chance for _, chance in ranked(talk, deeds)]
    return chances[0] - (chances[1] if len(chances) > 1 else 0.0)
