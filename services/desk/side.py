"""What stands beside a talk and is the desk's own: whose it is, what the bot heard, which dangers are open."""

from dataclasses import dataclass

from services.actors import Actor
from services.desk import alarms, heard, holding
from services.desk.alarms import Alarm
from services.desk.heard import Heard
from services.estate.homes import Home


@dataclass(frozen=True, slots=True)
class Side:
    person_id: int
    home: Home | None
    heard: Heard | None
    alarms: list[Alarm]


async def of(conversation_id: int, *, actor: Actor) -> Side:
    """Raises NotFound outside of their scope."""
    conversation, home = await holding.seen_at_home(conversation_id, actor)
    return Side(
        conversation.person_id,
        home,
        await heard.last(conversation, actor=actor),
        await alarms.of_talk(conversation, actor=actor),
    )
