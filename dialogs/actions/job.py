"""师傅的活: telling open jobs apart, looking at one, and the moves a technician makes by message."""

from datetime import datetime, time

from bot.scripts.actions import Listed, Outcome
from bot.scripts.texts import spoken
from bot.turn import Turn
from bot.understanding.normal import normal
from bot.values import Plain
from dialogs.actions import job_lines, job_names, job_promises, job_times
from dialogs.actions.arguments import moment, whole, wholes, words
from dialogs.actions.crew import acting, held, job
from dialogs.actions.registry import registry
from dialogs.actions.wording import told_apart
from models.tickets import TicketStatus
from services import actors, clock
from services.errors import NotFound
from services.repairs import job_links, jobs
from services.repairs.moves import MOVES, OPEN, Verb
from services.repairs.views import JobView

_PAUSED = MOVES[Verb.RESUME].sources
PROMISE, LOOK = "promise", "look"
# In which states a job comes first and next; whoever forgot to say 到了 or 继续 may finish all the same.
_TIERS: dict[str, tuple[frozenset[TicketStatus], ...]] = {
    PROMISE: (MOVES[Verb.CONFIRM].sources, MOVES[Verb.RESCHEDULE].sources),
    LOOK: (OPEN,),
    Verb.RESCHEDULE: (MOVES[Verb.RESCHEDULE].sources, MOVES[Verb.CONFIRM].sources),
    Verb.REFUSE: (MOVES[Verb.CONFIRM].sources, MOVES[Verb.RESCHEDULE].sources),
    Verb.ARRIVE: (MOVES[Verb.RESCHEDULE].sources, MOVES[Verb.CONFIRM].sources, MOVES[Verb.RESUME].sources),
    Verb.HOLD: (MOVES[Verb.FINISH].sources, MOVES[Verb.RESUME].sources),
    Verb.FINISH: (
        MOVES[Verb.FINISH].sources,
        MOVES[Verb.RESCHEDULE].sources | MOVES[Verb.RESUME].sources,
        MOVES[Verb.CONFIRM].sources,
    ),
}

_GIVES_AWAY = (Verb.REFUSE, Verb.TRANSFER)  # no job is given away before another that is named as well
_BY_NOW = (Verb.ARRIVE, Verb.FINISH)  # of several jobs the one whose hour it is


def _tiers(found: list[JobView], verb: str) -> list[list[JobView]]:
    tiers = _TIERS.get(verb) or (MOVES[Verb(verb)].sources,)
    return [[one for one in found if one.status in tier] for tier in tiers]


def _fit(found: list[JobView], verb: str) -> list[JobView]:
    """Those whose turn it is: a job under way is finished before one that nobody went to."""
    return next((tier for tier in _tiers(found, verb) if tier), [])


@registry.source("jobs.fit")
async def fit(turn: Turn, *, verb: Plain, said: Plain = None) -> Listed:
    """The open jobs with which this may be done now; of those that `said` names, only these."""
    mine = await held(turn)
    meant = mine if _all_given_away(words(verb), words(said)) else job_names.named(words(said), mine)
    named = _able(mine, words(verb), meant or []) if said else []
    several = named if len(named) > 1 else _fit(mine, words(verb))
    return told_apart((one.id, one.number, job_lines.line(one)) for one in several)


def _all_given_away(verb: str, said: str) -> bool:
    """全退了: those that were accepted already as well."""
    return verb in _GIVES_AWAY and job_names.every(said)


def _able(mine: list[JobView], verb: str, meant: list[JobView]) -> list[JobView]:
    return [one for tier in _tiers(mine, verb) for one in tier if one in meant]


@registry.source("jobs.mine")
async def mine(turn: Turn, *, said: Plain = None) -> Listed:
    """Their open jobs; those of the day that `said` asks about, in their order."""
    open_ = await held(turn)
    asked = job_times.asked(normal(words(said)), open_)
    return told_apart((one.id, one.number, job_lines.line(one)) for one in (asked[1] if asked else open_))


@registry.action("jobs.pick", gives=("ticket", "paused"), outcomes=("none", "many"), reads=True)
async def pick(turn: Turn, *, verb: Plain, said: Plain) -> Outcome:
    """The one job that is meant: by what the words name, or because there is no other."""
    mine = await held(turn)
    found = _fit(mine, words(verb))
    if not found:
        return Outcome("none")
    if words(verb) == LOOK and job_names.of_others(words(said), mine):
        return Outcome("none")
    meant = mine if _all_given_away(words(verb), words(said)) else job_names.named(words(said), mine)
    chosen = found
    if meant is not None:
        able = _able(mine, words(verb), meant)
        chosen = able if words(verb) in _GIVES_AWAY else [one for one in found if one in meant] or able
        if words(verb) == LOOK and not chosen and len(found) == 1:
            chosen = found  # 隔壁502也漏 tells of another place, and belongs to the one job there is
        if words(verb) == Verb.HOLD and meant and not chosen:
            return Outcome("none")  # that one has not begun: another time may be promised
    elif words(verb) in _BY_NOW or (words(verb) == Verb.RESCHEDULE and job_names.is_late(words(said))):
        chosen = job_times.due(found) if len(found) > 1 else found
    if len(chosen) != 1:
        return Outcome("many")
    meant_one: dict[str, Plain] = {"ticket": str(chosen[0].id)}
    return Outcome(values=meant_one | ({"paused": True} if chosen[0].status in _PAUSED else {}))


@registry.action(
    "jobs.today",
    gives=("count", "finished", "day", "unplanned"),
    outcomes=("none", "day", "free"),
    reads=True,
)
async def today(turn: Turn, *, said: Plain = None) -> Outcome:
    """How much there is to do; of another `day`, where that is asked about, which may be `free`."""
    technician = acting(turn)
    open_ = await held(turn)
    if asked := job_times.asked(normal(words(said)), open_):
        day, jobs_then = asked
        unplanned = sum(job_times.span(one)[0] is None for one in open_)
        values: dict[str, Plain] = {"count": len(jobs_then), "day": day, "unplanned": unplanned or None}
        return Outcome("day" if jobs_then else "free", values)
    midnight = datetime.combine(clock.local(clock.now()).date(), time(), clock.LOCAL)
    done = await jobs.finished_since(technician, midnight)
    return Outcome("ok" if open_ else "none", {"count": len(open_), "finished": done})


@registry.action(
    "jobs.look",
    gives=(
        "id",
        "number",
        "what",
        "where",
        "state",
        "description",
        "reported",
        "contact",
        "phone",
        "appointment",
        "promised",
        "hold_until",
        "page",
        "can",
    ),
    reads=True,
)
async def look(turn: Turn, *, ticket: Plain) -> Outcome:
    one = await job(turn, whole(ticket))
    if one is None:
        raise NotFound("ticket.not_found", number="")
    return Outcome(
        values={
            "id": str(one.id),
            "number": spoken(one.number),
            "what": one.category,
            "where": f"{one.community} {job_lines.where(one)}",
            "state": job_lines.state(one),
            "description": one.description,
            "reported": one.created_at.isoformat(),
            "contact": one.contact_name,
            "phone": one.contact_phone,
            "appointment": job_promises.appointment(one),
            "promised": one.eta.isoformat() if one.eta else None,
            "hold_until": one.hold_until.isoformat() if one.hold_until else None,
            "page": job_links.link(one.id, acting(turn)),
            "can": [str(verb) for verb in sorted(one.can)],
        }
    )


@registry.source("jobs.offers")
async def offers(turn: Turn) -> Listed:
    """What may be taken by whoever is first."""
    found = await jobs.offered(acting(turn))
    return told_apart((one.id, one.number, job_lines.line(one)) for one in found)


@registry.action("jobs.offer_meant", gives=("ticket",), outcomes=("none", "many"), reads=True)
async def offer_meant(turn: Turn, *, said: Plain) -> Outcome:
    """The one that the words name, or the only one."""
    found = await jobs.offered(acting(turn))
    meant = job_names.named(words(said), found)
    chosen = found if meant is None else meant
    if len(chosen) == 1:
        return Outcome(values={"ticket": str(chosen[0].id)})
    return Outcome("many" if found else "none")


@registry.action("jobs.take")
async def take(turn: Turn, *, ticket: Plain) -> Outcome:
    technician = acting(turn)
    await jobs.take(whole(ticket), actor=actors.technician(technician))
    return Outcome()


@registry.action("jobs.refuse")
async def refuse(turn: Turn, *, ticket: Plain, reason: Plain) -> Outcome:
    technician = acting(turn)
    await jobs.refuse(whole(ticket), actor=actors.technician(technician), reason=words(reason))
    return Outcome()


@registry.source("jobs.colleagues")
async def colleagues(turn: Turn, *, ticket: Plain) -> Listed:
    technician = acting(turn)
    found = await jobs.colleagues(whole(ticket), technician_id=technician)
    return [(str(one.id), f"{one.name} {one.phone}") for one in found]


@registry.action("jobs.has_colleagues", gives=("colleague",), outcomes=("none",), reads=True)
async def has_colleagues(turn: Turn, *, ticket: Plain, said: Plain = None) -> Outcome:
    """Whether anybody could take it over; “转给老李” names the colleague as well."""
    listed = await colleagues(turn, ticket=ticket)
    named = job_names.colleague(words(said), [text.split()[0] for _, text in listed])
    if not listed:
        return Outcome("none")
    return Outcome(values={} if named is None else {"colleague": listed[named][0]})


@registry.action("jobs.transfer")
async def transfer(turn: Turn, *, ticket: Plain, colleague: Plain, reason: Plain) -> Outcome:
    technician = acting(turn)
    await jobs.transfer(
        whole(ticket), actor=actors.technician(technician), to_id=whole(colleague), reason=words(reason)
    )
    return Outcome()


@registry.action("jobs.arrive", refuses_first=True)
async def arrive(turn: Turn, *, ticket: Plain) -> Outcome:
    """Whoever comes back to a job that waits goes on with it."""
    technician = acting(turn)
    one = await job(turn, whole(ticket))
    waits = one is not None and one.status in MOVES[Verb.RESUME].sources
    does = jobs.resume if waits else jobs.arrive
    await does(whole(ticket), actor=actors.technician(technician))
    return Outcome()


@registry.action("jobs.undo_accept", gives=("number", "wrong"), outcomes=("none",))
async def undo_accept(turn: Turn) -> Outcome:
    """接错了: the job that was accepted last is not accepted after all."""
    technician = acting(turn)
    accepted = [one for one in await held(turn) if one.confirmed_at and str(Verb.UNDO_CONFIRM) in one.can]
    if not accepted:
        return Outcome("none")
    last = max(accepted, key=lambda one: one.confirmed_at or one.created_at)
    await jobs.undo_confirm(last.id, actor=actors.technician(technician))
    return Outcome(values={"number": spoken(last.number), "wrong": str(last.id)})


@registry.action("jobs.undo_arrive", gives=("number", "until"), outcomes=("paused",))
async def undo_arrive(turn: Turn, *, ticket: Plain, eta: Plain = None) -> Outcome:
    """点错了: not there yet after all; a job that only went on is `paused` again, until the day that is told."""
    technician, actor = acting(turn), actors.technician(acting(turn))
    paused = await jobs.last_step(whole(ticket)) == Verb.RESUME
    if paused:
        await jobs.undo_resume(whole(ticket), actor=actor, until=job_promises.morning(moment(eta)))
    else:
        await jobs.undo_arrive(whole(ticket), actor=actor)
    one = await jobs.one(whole(ticket), technician_id=technician)
    values: dict[str, Plain] = {
        "number": spoken(one.number) if one else "",
        "until": one.hold_until.isoformat() if one and one.hold_until else None,
    }
    return Outcome("paused" if paused else "ok", values)


@registry.action("jobs.hold", refuses_first=True)
async def hold(turn: Turn, *, ticket: Plain, reason: Plain, until: Plain) -> Outcome:
    """A day without an hour means its working morning."""
    technician = acting(turn)
    day = moment(until)
    await jobs.hold(
        whole(ticket),
        actor=actors.technician(technician),
        reason=words(reason),
        until=job_promises.morning(day),
    )
    return Outcome()


@registry.action("jobs.resume", refuses_first=True)
async def resume(turn: Turn, *, ticket: Plain) -> Outcome:
    technician = acting(turn)
    await jobs.resume(whole(ticket), actor=actors.technician(technician))
    return Outcome()


@registry.action("jobs.finish")
async def finish(
    turn: Turn, *, ticket: Plain, photos: Plain, materials: Plain, cost: Plain, note: Plain
) -> Outcome:
    """完工. `cost` is whole yuan."""
    technician = acting(turn)
    await _make_up(turn, whole(ticket), technician)
    await jobs.finish(
        whole(ticket),
        actor=actors.technician(technician),
        photos=wholes(photos),
        materials=words(materials),
        cost_fen=None if cost is None else 100 * whole(cost),
        note=words(note),
    )
    return Outcome()


async def _make_up(turn: Turn, ticket_id: int, technician_id: int) -> None:
    """The 到了 or 继续 that nobody said: who finishes a job has been at it."""
    one = await job(turn, ticket_id)
    if one is not None and one.status in MOVES[Verb.ARRIVE].sources:
        await jobs.arrive(ticket_id, actor=actors.technician(technician_id))
    elif one is not None and one.status in MOVES[Verb.RESUME].sources:
        await jobs.resume(ticket_id, actor=actors.technician(technician_id))


@registry.action("jobs.note", refuses_first=True)
async def note(turn: Turn, *, ticket: Plain, text: Plain) -> Outcome:
    technician = acting(turn)
    await jobs.add_remark(whole(ticket), words(text), actor=actors.technician(technician))
    return Outcome()
