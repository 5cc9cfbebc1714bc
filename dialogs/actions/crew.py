"""The technician who writes, as the turn knows them already."""

from bot.turn import Turn
from services.errors import NotAllowed


def acting(turn: Turn) -> int:
    """Their id. Raises NotAllowed for anybody else."""
    if not turn.person.technician_id:
        raise NotAllowed("technician.not_one")
    return turn.person.technician_id
