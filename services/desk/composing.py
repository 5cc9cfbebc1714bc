"""What whoever writes in a talk has to know: what may still be sent, who is before it, what waits to go out."""

from dataclasses import dataclass

from services.actors import Actor
from services.desk import allowance, held_replies, holding, queue
from services.desk.allowance import Allowed
from services.desk.held_replies import HeldView


@dataclass(frozen=True, slots=True)
class Composing:
    """`place` is that in the queue, 0 for a talk that is not in it; `held` are replies that wait for a word."""

    allowed: Allowed
    place: int
    held: list[HeldView]


async def of(conversation_id: int, *, actor: Actor) -> Composing:
    """Raises NotFound outside of their scope."""
    conversation = await holding.seen(conversation_id, actor)
    return Composing(
        await allowance.of(conversation),
        await queue.position(conversation),
        await held_replies.waiting(conversation, actor=actor),
    )
