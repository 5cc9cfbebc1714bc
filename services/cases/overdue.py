"""Complaints that were not answered in time, and service requests whose wished-for time has passed."""

from services.actors import Actor
from services.cases import complaint_desk, complaint_lines, request_desk, request_lines
from services.scope import Field

_MOST = 200


async def complaints(*, actor: Actor) -> list[complaint_lines.Line]:
    """None for whom complaints are no work of theirs."""
    if actor.scope is None or Field.COMPLAINTS not in actor.scope.sees:
        return []
    return await complaint_desk.late(actor=actor, limit=_MOST)


async def requests(*, actor: Actor) -> list[request_lines.Line]:
    if actor.scope is None or Field.REQUESTS not in actor.scope.sees:
        return []
    return await request_desk.late(actor=actor, limit=_MOST)
