"""In which community somebody without a house lives: by the code they scanned, or by its name in their words."""

from dataclasses import replace

from bot.turn import Turn
from services.estate import communities

_TELLS = 4  # characters: fewer name no community beside what is asked


async def named(said: str) -> int:
    """The one community that the words name; 0 for none, and for several."""
    known = await communities.everywhere() if len(said) >= _TELLS else ()
    found = {one.id for one in known if one.name in said}
    return found.pop() if len(found) == 1 else 0


def keep(turn: Turn, community_id: int) -> None:
    """Remember it for the rest of the conversation, as long as the person has no house."""
    if community_id and not turn.person.community_id:
        turn.person = replace(turn.person, nearby=community_id)


async def around(turn: Turn, said: str = "") -> int:
    """The community of the person's house, else the one that the words name, else the one that was told before."""
    if not turn.person.community_id:
        keep(turn, await named(said))
    return turn.person.around
