"""The page 今日: every section with its count, its rows, and where each is done."""

from collections.abc import Sequence

from aiohttp import web

from handlers.today import words
from handlers.today.values import Day, Late
from handlers.web import pages, session
from handlers.web.routes import DECLARED, Routes, sees
from models.tasks import TaskKind
from services import clock
from services.actors import Actor
from services.cases import overdue as late_cases
from services.desk import alarms, last_shift, promises, tallies, task_lines, waiting_talks
from services.repairs import listing
from services.repairs.listing import Group, Order, Row, Wanted
from services.scope import Field

routes = Routes("/today")

CALLS = (TaskKind.PHONE,)
ELSEWHERE = (TaskKind.ALERT, *CALLS, *waiting_talks.KINDS)  # in sections of their own


@routes.get("", sees(Field.ALERTS))
async def page(request: web.Request) -> web.Response:
    day = await of(await session.actor(request))
    places = words.Places(request.config_dict[DECLARED])
    return pages.render(request, "today/page.html", day=day, now=clock.now(), places=places)


@routes.get("/due", sees(Field.ALERTS))
async def due(request: web.Request) -> web.Response:
    """For the rail: what rings for this person, taken by nobody, and what they promised for by now; who waits."""
    actor = await session.actor(request)
    count = await task_lines.untaken(actor=actor, besides=(*CALLS, *waiting_talks.KINDS, TaskKind.PROMISE))
    due = count + await promises.due_count(actor=actor)
    return pages.told({"due": due, "waiting": await tallies.waiting(actor=actor)})


async def of(actor: Actor) -> Day:
    talks = actor.scope is not None and Field.TALKS in actor.scope.sees
    promised = await promises.mine(actor=actor)
    found = await task_lines.listed(actor=actor, besides=ELSEWHERE)
    own = {one.id for one in promised}  # their ringing is shown among what this person promised
    ringing = [one for one in found if one.values.get("promise") not in own]
    count = await task_lines.count(actor=actor, besides=ELSEWHERE)
    return Day(
        alarms=await alarms.open_ones(actor=actor),
        ringing=ringing,
        ringing_count=count - (len(found) - len(ringing)),
        late=await late(actor),
        promised=promised,
        waiting=await waiting_talks.listed(actor=actor) if talks else None,
        calls=await task_lines.listed(actor=actor, kinds=CALLS) if talks else None,
        calls_count=await task_lines.count(actor=actor, kinds=CALLS) if talks else 0,
        sheets=await last_shift.sheets(actor=actor) if talks else None,
        answers=actor.scope is not None and Field.TALKS in actor.scope.does,
    )


async def late(actor: Actor) -> list[Late]:
    """Repairs, complaints and requests, each oldest first; then the repairs that stand still."""
    late_ones, still = await _repairs(actor)
    found = [words.late_repair(one) for one in late_ones]
    found += [words.late_complaint(one) for one in await late_cases.complaints(actor=actor)]
    found += [words.late_request(one) for one in await late_cases.requests(actor=actor)]
    return found + [words.late_repair(one) for one in still]


async def _repairs(actor: Actor) -> tuple[Sequence[Row], Sequence[Row]]:
    """The late ones, and those that stand still without being late."""
    if actor.scope is None or Field.REPAIRS not in actor.scope.sees:
        return [], []
    late_ones = (await listing.rows(Wanted(overdue=True, order=Order.OLDEST), actor=actor)).rows
    stalled = (await listing.rows(Wanted(group=Group.STALLED, order=Order.OLDEST), actor=actor)).rows
    known = {one.id for one in late_ones}
    return late_ones, [one for one in stalled if one.id not in known]
