"""Complaints that were not answered in time, and service requests whose wished-for time has passed."""

from services import clock
from services.actors import Actor
from services.cases import complaint_desk, request_desk
from services.cases.complaint_lines import Line as ComplaintLine
from services.cases.request_lines import Line as RequestLine
from services.scope import Field

_MOST = 200


async def complaints(*, actor: Actor) -> list[ComplaintLine]:
    """None for whom complaints are no work of theirs."""
    if actor.scope is None or Field.COMPLAINTS not in actor.scope.sees:
        return []
    return [one for one in await complaint_desk.listed(actor=actor, limit=_MOST) if one.late]


async def requests(*, actor: Actor) -> list[RequestLine]:
    if actor.scope is None or Field.REQUESTS not in actor.scope.sees:
        return []
    found, now = await request_desk.listed(actor=actor, limit=_MOST), clock.now()
    late = [one for one in found if one.wanted_at is not None and one.wanted_at < now]
    return sorted(late, key=lambda one: (one.wanted_at or now, one.id))
