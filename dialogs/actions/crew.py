"""The technician who writes and the jobs they have, as the turn knows them already."""

from bot.turn import Turn
from services.errors import NotAllowed
from services.repairs import jobs
from services.repairs.views import JobView


def acting(turn: Turn) -> int:
    """Their id. Raises NotAllowed for anybody else."""
    if not turn.person.technician_id:
        raise NotAllowed("technician.not_one")
    return turn.person.technician_id


async def held(turn: Turn) -> list[JobView]:
    """Their open jobs, looked up once a turn."""
    technician = acting(turn)
    return await turn.once("jobs held", lambda: jobs.of_technician(technician))


async def job(turn: Turn, ticket_id: int) -> JobView | None:
    """One of their jobs, the ones that wait for the resident's word as well."""
    technician = acting(turn)
    mine = next((one for one in await held(turn) if one.id == ticket_id), None)
    return mine or await jobs.one(ticket_id, technician_id=technician)
