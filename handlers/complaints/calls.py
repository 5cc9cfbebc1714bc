"""回访: whom to call, dialling with one tap on a phone, what came of it, and how calls went."""

from dataclasses import dataclass
from urllib.parse import urlencode

from aiohttp import web

from handlers.complaints import areas
from handlers.desk import asked
from handlers.instructions import shown
from handlers.web import forms, pages, session
from handlers.web.routes import Routes, does, sees
from handlers.web.wording import phrase
from models.events import SubjectKind
from models.follow_ups import CallOutcome, FollowUpReason
from services.actors import Actor
from services.cases import complaint_course, follow_ups
from services.cases.follow_ups import Row, Wanted
from services.errors import Invalid
from services.repairs import ratings
from services.scope import Field

routes = Routes("/complaints/calls")
_ONE = "/{id:[0-9]+}"
_DAYS = 30


@dataclass(frozen=True, slots=True)
class View:
    done: bool
    chosen: dict[str, str]

    def query(self, **other: str) -> str:
        """For an address: this view with some of it changed, from its first page."""
        values = {"done": "1" if self.done else "", **self.chosen, **other}
        return urlencode({name: value for name, value in values.items() if value})

    @property
    def wanted(self) -> Wanted:
        """Raises Invalid for an address that nobody made here."""
        try:
            return Wanted(
                FollowUpReason(self.chosen["reason"]) if self.chosen["reason"] else None,
                SubjectKind(self.chosen["kind"]) if self.chosen["kind"] else None,
            )
        except ValueError as error:
            raise Invalid("page.unreadable") from error


@routes.get("", sees(Field.COMPLAINTS))
async def page(request: web.Request) -> web.Response:
    actor, after = await session.actor(request), request.query.get("after", "")
    view = View(bool(request.query.get("done")), areas.chosen(request, ("reason", "kind")))
    found = await follow_ups.listed(actor=actor, done=view.done, wanted=view.wanted, after=after)
    return pages.render(
        request,
        "complaints/calls.html",
        view=view,
        rows=found.rows,
        after=found.after,
        behind=bool(after),
        waiting=await follow_ups.waiting(actor=actor),
        figures=await follow_ups.figures(actor=actor, days=_DAYS),
        days=_DAYS,
        may=actor.scope is not None and Field.COMPLAINTS in actor.scope.does,
        rooms=await areas.rooms(actor),
    )


@routes.post(f"{_ONE}/reveal", does(Field.COMPLAINTS))
async def reveal(request: web.Request) -> web.Response:
    """The whole number, which is recorded as read; the page masks it again after a minute."""
    phone = await follow_ups.phone(forms.number(request), actor=await session.actor(request))
    return pages.told({"phone": phone})


@routes.get(f"{_ONE}/act", does(Field.COMPLAINTS))
async def asking(request: web.Request) -> web.Response:
    found = await follow_ups.shown(forms.number(request), actor=await session.actor(request))
    return pages.render(request, "complaints/call_box.html", row=found)


@routes.post(f"{_ONE}/act", does(Field.COMPLAINTS))
async def act(request: web.Request) -> web.Response:
    """What came of a call; with `reopen`, the matter is opened anew in the same step, or neither happens."""
    given, actor = await asked.read(request), await session.actor(request)
    try:
        outcome = CallOutcome(given.text("outcome", longest=16))
    except ValueError as error:
        raise Invalid("follow_up.outcome") from error
    note = given.text("note", longest=1000)
    row = await follow_ups.record(forms.number(request), outcome, actor=actor, note=note)
    if given.ticked("reopen") and outcome is CallOutcome.DISSATISFIED:
        await _reopen(row, note, actor)
        return pages.told({"text": phrase("follow_up.reopened")})
    again = outcome is CallOutcome.NO_ANSWER and not row.done
    return pages.told({"text": phrase("follow_up.again" if again else "follow_up.noted")})


async def _reopen(row: Row, why: str, actor: Actor) -> None:
    if row.kind is SubjectKind.TICKET:
        await ratings.not_fixed(row.subject_id, actor=actor, reason=why)
    elif row.kind is SubjectKind.COMPLAINT:
        await complaint_course.reopen(row.subject_id, why, actor=actor)


def _place(row: Row) -> str:
    return f"{shown.SHEETS[row.kind]}{row.subject_id}"


FILTERS = {
    "call_place": _place,
    "call_reason": lambda reason: phrase("follow_up.reason", {"reason": reason}),
    "call_outcome": lambda outcome: phrase("follow_up.result", {"outcome": outcome}),
}
