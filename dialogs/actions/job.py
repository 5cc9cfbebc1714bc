"""师傅的活: telling open jobs apart, looking at one, and the moves a technician makes by message."""

import re
from datetime import datetime, time, timedelta

from bot.scripts import texts
from bot.scripts.actions import Listed, Outcome
from bot.scripts.texts import spoken
from bot.turn import Turn
from bot.values import Plain
from dialogs.actions.arguments import moment, whole, wholes, words
from dialogs.actions.registry import registry
from dialogs.actions.wording import phrase
from services import actors, clock
from services.errors import NotFound
from services.repairs import corrections, jobs, technicians
from services.repairs.moves import MOVES, Verb
from services.repairs.views import JobView

# Whoever forgot to say 到了 or 继续 may finish all the same.
_DONE_FROM = MOVES[Verb.FINISH].sources | MOVES[Verb.ARRIVE].sources | MOVES[Verb.RESUME].sources
_DIGITS = re.compile(r"\d{3,}")


async def _mine(turn: Turn) -> list[JobView]:
    technician = await technicians.require(turn.person.id)
    return await jobs.of_technician(technician.id)


def _fit(found: list[JobView], verb: str) -> list[JobView]:
    sources = _DONE_FROM if verb == Verb.FINISH else MOVES[Verb(verb)].sources
    return [one for one in found if one.status in sources]


def _line(one: JobView) -> str:
    at = one.eta.isoformat() if one.eta else _window(one)
    when = texts.when(at) if at else ""
    parts = (_where(one), one.category, when, f"（{_state(one)}）")
    return " ".join(part for part in parts if part)


def _state(one: JobView) -> str:
    return phrase("job.state", state=one.status)


def _where(one: JobView) -> str:
    return f"{texts.house(one.house) if one.house else ''}{one.place}" or one.community


@registry.source("jobs.fit")
async def fit(turn: Turn, *, verb: Plain) -> Listed:
    """The open jobs with which this may be done now."""
    return [(str(one.id), _line(one)) for one in _fit(await _mine(turn), words(verb))]


@registry.source("jobs.mine")
async def mine(turn: Turn) -> Listed:
    return [(str(one.id), _line(one)) for one in await _mine(turn)]


@registry.action("jobs.pick", gives=("ticket",), outcomes=("none", "many"), reads=True)
async def pick(turn: Turn, *, verb: Plain, said: Plain) -> Outcome:
    """The one job that is meant: by its number or room in the words, or because there is no other."""
    found = _fit(await _mine(turn), words(verb))
    named = [one for one in found if _named(one, words(said))]
    chosen = named if len(named) == 1 else found
    if not chosen:
        return Outcome("none")
    return Outcome("many") if len(chosen) > 1 else Outcome(values={"ticket": str(chosen[0].id)})


def _named(one: JobView, said: str) -> bool:
    digits = _DIGITS.findall(re.sub(r"\s", "", said))
    return any(part == one.room or part == one.number.removeprefix("BX") for part in digits)


@registry.action("jobs.today", gives=("count", "finished"), outcomes=("none",), reads=True)
async def today(turn: Turn) -> Outcome:
    technician = await technicians.require(turn.person.id)
    midnight = datetime.combine(clock.local(clock.now()).date(), time(), clock.LOCAL)
    done = await jobs.finished_since(technician.id, midnight)
    open_ = await jobs.of_technician(technician.id)
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
        "contact",
        "phone",
        "appointment",
        "eta",
        "hold_until",
        "can",
    ),
    reads=True,
)
async def look(turn: Turn, *, ticket: Plain) -> Outcome:
    technician = await technicians.require(turn.person.id)
    one = await jobs.one(whole(ticket), technician_id=technician.id)
    if one is None:
        raise NotFound("ticket.not_found", number="")
    return Outcome(
        values={
            "id": str(one.id),
            "number": spoken(one.number),
            "what": one.category,
            "where": f"{one.community} {_where(one)}",
            "state": _state(one),
            "description": one.description,
            "contact": one.contact_name,
            "phone": one.contact_phone,
            "appointment": _appointment(one),
            "eta": one.eta.isoformat() if one.eta else None,
            "hold_until": one.hold_until.isoformat() if one.hold_until else None,
            "can": [str(verb) for verb in sorted(one.can)],
        }
    )


def _appointment(one: JobView) -> Plain:
    """The wished window until it is over."""
    over = one.appointment_end or one.appointment_start
    return _window(one) if over is not None and over > clock.now() else None


def _window(one: JobView) -> Plain:
    if one.appointment_start is None:
        return None
    end = one.appointment_end.isoformat() if one.appointment_end else None
    return {"start": one.appointment_start.isoformat(), "end": end}


@registry.action("jobs.take")
async def take(turn: Turn, *, ticket: Plain) -> Outcome:
    technician = await technicians.require(turn.person.id)
    await jobs.take(whole(ticket), actor=actors.technician(technician.id))
    return Outcome()


def _promise(eta: Plain) -> datetime:
    """The moment that a time or a window promises."""
    return max(_morning(moment(eta)) or clock.now(), clock.now() + timedelta(minutes=15))


@registry.action("jobs.accept", gives=("promised",))
async def accept(turn: Turn, *, ticket: Plain, eta: Plain) -> Outcome:
    """接单; a window promises its beginning, a day without an hour its working morning.

    Where that is past, it is a quarter of an hour from now.
    """
    technician = await technicians.require(turn.person.id)
    promised = _promise(eta)
    await jobs.confirm(whole(ticket), actor=actors.technician(technician.id), eta=promised)
    return Outcome(values={"promised": promised.isoformat()})


@registry.action("jobs.refuse")
async def refuse(turn: Turn, *, ticket: Plain, reason: Plain) -> Outcome:
    technician = await technicians.require(turn.person.id)
    await jobs.refuse(whole(ticket), actor=actors.technician(technician.id), reason=words(reason))
    return Outcome()


@registry.source("jobs.colleagues")
async def colleagues(turn: Turn, *, ticket: Plain) -> Listed:
    technician = await technicians.require(turn.person.id)
    found = await jobs.colleagues(whole(ticket), technician_id=technician.id)
    return [(str(one.id), f"{one.name} {one.phone}") for one in found]


@registry.action("jobs.has_colleagues", outcomes=("none",), reads=True)
async def has_colleagues(turn: Turn, *, ticket: Plain) -> Outcome:
    return Outcome("ok" if await colleagues(turn, ticket=ticket) else "none")


@registry.action("jobs.transfer")
async def transfer(turn: Turn, *, ticket: Plain, colleague: Plain, reason: Plain) -> Outcome:
    technician = await technicians.require(turn.person.id)
    await jobs.transfer(
        whole(ticket), actor=actors.technician(technician.id), to_id=whole(colleague), reason=words(reason)
    )
    return Outcome()


@registry.action("jobs.arrive")
async def arrive(turn: Turn, *, ticket: Plain) -> Outcome:
    technician = await technicians.require(turn.person.id)
    await jobs.arrive(whole(ticket), actor=actors.technician(technician.id))
    return Outcome()


@registry.action("jobs.undo_arrive", gives=("number",))
async def undo_arrive(turn: Turn, *, ticket: Plain) -> Outcome:
    """点错了: not there yet after all."""
    technician = await technicians.require(turn.person.id)
    await jobs.undo_arrive(whole(ticket), actor=actors.technician(technician.id))
    one = await jobs.one(whole(ticket), technician_id=technician.id)
    return Outcome(values={"number": spoken(one.number) if one else ""})


@registry.action("jobs.may_promise", gives=("appointment",), outcomes=("outside",), reads=True)
async def may_promise(turn: Turn, *, ticket: Plain, eta: Plain) -> Outcome:
    """Whether the time suits the resident; `outside` of their window it is better asked back."""
    technician = await technicians.require(turn.person.id)
    one = await jobs.one(whole(ticket), technician_id=technician.id)
    if one is None or await corrections.may_promise(_promise(eta), one.id):
        return Outcome()
    return Outcome("outside", {"appointment": _window(one)})


@registry.action("jobs.hold")
async def hold(turn: Turn, *, ticket: Plain, reason: Plain, until: Plain) -> Outcome:
    """A day without an hour means its working morning."""
    technician = await technicians.require(turn.person.id)
    day = moment(until)
    await jobs.hold(
        whole(ticket), actor=actors.technician(technician.id), reason=words(reason), until=_morning(day)
    )
    return Outcome()


def _morning(day: datetime | None) -> datetime | None:
    here = clock.local(day) if day else None
    return here.replace(hour=9) if here and here.time() == time() else day


@registry.action("jobs.resume")
async def resume(turn: Turn, *, ticket: Plain) -> Outcome:
    technician = await technicians.require(turn.person.id)
    await jobs.resume(whole(ticket), actor=actors.technician(technician.id))
    return Outcome()


@registry.action("jobs.finish")
async def finish(
    turn: Turn, *, ticket: Plain, photos: Plain, materials: Plain, cost: Plain, note: Plain
) -> Outcome:
    """完工. `cost` is whole yuan."""
    technician = await technicians.require(turn.person.id)
    await _make_up(whole(ticket), technician.id)
    await jobs.finish(
        whole(ticket),
        actor=actors.technician(technician.id),
        photos=wholes(photos),
        materials=words(materials),
        cost_fen=None if cost is None else 100 * whole(cost),
        note=words(note),
    )
    return Outcome()


async def _make_up(ticket_id: int, technician_id: int) -> None:
    """The 到了 or 继续 that nobody said: who finishes a job has been at it."""
    one = await jobs.one(ticket_id, technician_id=technician_id)
    if one is not None and one.status in MOVES[Verb.ARRIVE].sources:
        await jobs.arrive(ticket_id, actor=actors.technician(technician_id))
    elif one is not None and one.status in MOVES[Verb.RESUME].sources:
        await jobs.resume(ticket_id, actor=actors.technician(technician_id))


@registry.action("jobs.note")
async def note(turn: Turn, *, ticket: Plain, text: Plain) -> Outcome:
    technician = await technicians.require(turn.person.id)
    await jobs.add_remark(whole(ticket), words(text), actor=actors.technician(technician.id))
    return Outcome()
