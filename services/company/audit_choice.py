"""What somebody chose to see of the audit, as the address of the page has it, or an export that was asked for."""

from collections.abc import Mapping
from datetime import date, datetime, time, timedelta

from services import clock
from services.actors import Actor, ActorKind
from services.company import audit
from services.company.audit import Chosen
from services.errors import Invalid

FIELDS = ("who", "kind", "about", "verb", "since", "until", "readings")


async def of(asked: Mapping[str, str], *, actor: Actor) -> Chosen:
    """Raises Invalid for what cannot be chosen, NotFound for a number that nothing has."""
    since, until = _day(asked["since"]), _day(asked["until"])
    return Chosen(
        actor=_who(asked["who"]),
        subject=await audit.subject(asked["kind"], asked["about"], actor=actor),
        verb=asked["verb"],
        since=_midnight(since) if since else None,
        until=_midnight(until + timedelta(days=1)) if until else None,
        readings=bool(asked["readings"]),
    )


def _who(text: str) -> tuple[ActorKind, int | None] | None:
    """staff:12 is one of the staff, technician is all of them."""
    kind, _, number = text.partition(":")
    if not kind:
        return None
    if kind not in list(ActorKind) or (number and not (number.isascii() and number.isdecimal())):
        raise Invalid("page.unreadable")
    return ActorKind(kind), int(number) if number else None


def _day(text: str) -> date | None:
    if not text:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise Invalid("audit.bad_day") from None


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(0), tzinfo=clock.LOCAL)
