"""The list of everything that was changed and read, for admins."""

from datetime import date, datetime, time, timedelta
from urllib.parse import urlencode

from aiohttp import web

from handlers.web import pages, session
from handlers.web.routes import Routes, does
from models.events import SubjectKind
from services import clock
from services.actors import Actor, ActorKind
from services.company import accounts, audit
from services.company.audit import Chosen
from services.errors import Invalid
from services.scope import Field

routes = Routes("/audit")
_FIELDS = ("who", "kind", "about", "verb", "since", "until", "readings")
_LONGEST = 40


@routes.get("", does(Field.POLICY))
async def page(request: web.Request) -> web.Response:
    actor, after = await session.actor(request), request.query.get("after", "")
    asked = fields(request)
    found = await audit.page(await chosen(asked, actor), actor=actor, after=after)
    return pages.render(
        request, "audit/list.html", page=found, asked=asked, kinds=list(SubjectKind),
        staff=await accounts.everybody(actor=actor), verbs=await audit.verbs(actor=actor),
        first=address(asked) if after else "", next=address(asked, found.after) if found.after else "",
        query=urlencode({name: value for name, value in asked.items() if value}),
    )  # fmt: skip


def fields(request: web.Request) -> dict[str, str]:
    """What was chosen, as it stands in the address."""
    asked = {name: request.query.get(name, "").strip() for name in _FIELDS}
    if any(len(value) > _LONGEST for value in asked.values()):
        raise Invalid("page.too_long", longest=_LONGEST)
    return asked


async def chosen(asked: dict[str, str], actor: Actor) -> Chosen:
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


def address(asked: dict[str, str], after: str = "") -> str:
    values = {name: value for name, value in {**asked, "after": after}.items() if value}
    return f"/desk/audit?{urlencode(values)}" if values else "/desk/audit"


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
        raise Invalid("residents.bad_day") from None


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(0), tzinfo=clock.LOCAL)
