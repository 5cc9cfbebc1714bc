"""What a ticket reads like on the pages of staff: clocks, what happened, how far somebody is."""

from datetime import datetime
from typing import cast

from bot.scripts import texts
from bot.values import Plain
from dialogs import shipped
from handlers.desk.words import yuan
from handlers.web import wording
from services import clock
from services.repairs.clocks import Clock, ClockKind
from services.repairs.crew import Candidate, Reach, Whom
from services.repairs.moves import Verb
from services.repairs.sheet import Happened, Sheet

# What only a technician does: staff only write down what one said on the phone.
_BY_PHONE = frozenset({Verb.CONFIRM, Verb.ARRIVE, Verb.FINISH})


def phrase(key: str, **values: object) -> str:
    return shipped.phrases().reply(f"tickets.{key}", cast("dict[str, Plain]", values)).text


def clock_name(kind: ClockKind) -> str:
    return phrase("clock_name", kind=kind)


def clock_text(shown: Clock) -> str:
    """Until when, what is left, by how much it is late, how long it took."""
    state = "done_late" if shown.late else shown.state
    return phrase(f"clock_{state}", by=_by(shown), span=wording.lasting(shown.span))


def happened(event: Happened) -> str:
    """One line: what was done, and what was said with it."""
    stars = event.body.get("stars")
    speed, quality = stars if isinstance(stars, list) and len(stars) == 2 else (None, None)
    urgent = event.body.get("urgent")
    key = f"did.{event.verb}"
    if key == "did.prioritize" and isinstance(urgent, list) and not urgent[-1]:
        key = "did.deprioritize"
    if f"tickets.{key}" not in shipped.phrases():
        return event.verb
    said = phrase(
        key,
        note=_note(event),
        technician=event.technician or None,
        speed=speed,
        quality=quality,
        window=_window(event),
        stage=event.body.get("stage"),
    )
    told = "：".join(line for line in said.splitlines() if line)
    return phrase("by_phone", did=told) if event.actor_kind == "staff" and event.verb in _BY_PHONE else told


def who(event: Happened) -> str:
    return phrase("who", kind=event.actor_kind, name=event.who)


def appointment(shown: Sheet) -> str:
    """When the resident is there; "" where they named no time."""
    ends = (shown.facts.appointment_start, shown.facts.appointment_end)
    moments = [one.isoformat() for one in ends if one is not None]
    return texts.when("/".join(moments)) if moments else ""


def on_paper(at: datetime | None) -> str:
    """Where nothing is relative; "" for what has not happened."""
    return f"{clock.local(at):%Y-%m-%d %H:%M}" if at else ""


def appointment_on_paper(shown: Sheet) -> str:
    start, end = shown.facts.appointment_start, shown.facts.appointment_end
    if start is None or end is None:
        return on_paper(start or end)
    same = clock.local(start).date() == clock.local(end).date()
    return f"{on_paper(start)}–{clock.local(end):%H:%M}" if same else f"{on_paper(start)}–{on_paper(end)}"


def arrived(shown: Sheet) -> str:
    """When somebody came, as far as nothing said otherwise since."""
    return on_paper(_last(shown, Verb.ARRIVE, undone_by=Verb.UNDO_ARRIVE))


def finished(shown: Sheet) -> str:
    return on_paper(_last(shown, Verb.FINISH, undone_by=Verb.REOPEN))


def materials(shown: Sheet) -> str:
    """What the work took; that it took nothing is said as well, once it is done."""
    return shown.facts.materials or (phrase("no_materials") if shown.done else "")


def cost(shown: Sheet) -> str:
    """What was charged, as materials."""
    if shown.facts.cost_fen:
        return yuan(shown.facts.cost_fen)
    return phrase("no_cost") if shown.done else ""


def iso_day(moment: datetime) -> str:
    """As a field for a day wants it."""
    return f"{clock.local(moment):%Y-%m-%d}"


def iso_minute(moment: datetime) -> str:
    return f"{clock.local(moment):%Y-%m-%dT%H:%M}"


def unreached(one: Whom) -> str:
    """Of somebody whom no job gets to in the chat: that they have to be called; "" of everybody else."""
    return "" if one.reach is Reach.CHAT else phrase("unreached", why=one.reach, phone=one.phone)


def near(one: Candidate) -> str:
    """Where they are, as far as their jobs tell."""
    words = phrase(f"near.{one.near}", apart=one.apart or "好几")
    return phrase("near_at", near=words, at=one.at) if one.at else words


def _last(shown: Sheet, verb: Verb, *, undone_by: Verb) -> datetime | None:
    of_it = [one for one in shown.happened if one.verb in (verb, undone_by)]
    newest = max(of_it, key=lambda one: one.at, default=None)
    return newest.at if newest and newest.verb == verb else None


def _by(shown: Clock) -> str:
    here, today = clock.local(shown.by), clock.local(clock.now())
    return f"{here:%H:%M}" if here.date() == today.date() else texts.when(shown.by.isoformat())


def _note(event: Happened) -> str | None:
    """Codes of the system are put into words; what people wrote stands as it is."""
    if event.actor_kind == "system" and event.verb in ("escalate", "reassign", "remind"):
        return phrase("why", why=event.note) if event.note else None
    return event.note or None


def _window(event: Happened) -> str | None:
    """The appointment as it became, where that changed."""
    ends = [event.body.get(name) for name in ("appointment_start", "appointment_end")]
    moments = [str(one[-1]) for one in ends if isinstance(one, list) and one[-1]]
    return texts.when("/".join(moments)) if moments else None


FILTERS = {
    "clock_name": clock_name,
    "clock_text": clock_text,
    "happened": happened,
    "who": who,
    "near": near,
    "appointment": appointment,
    "appointment_on_paper": appointment_on_paper,
    "on_paper": on_paper,
    "arrived": arrived,
    "finished": finished,
    "materials": materials,
    "cost": cost,
    "iso_day": iso_day,
    "iso_minute": iso_minute,
}
