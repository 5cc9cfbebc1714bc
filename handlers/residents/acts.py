"""What is put right on the page of a house or of a person. Each act is one of the chat's or a command's."""

from datetime import date

from aiohttp import web

from dialogs import shipped
from handlers.desk import asked
from handlers.residents import sheets
from handlers.web import forms, pages, session
from handlers.web.forms import Form
from handlers.web.routes import Handler, Routes, does
from models.community import Relation
from models.people import BindingStatus
from services import clock
from services.actors import Actor
from services.errors import Invalid
from services.estate import corrections, house_file, listing, reviews, tenancies
from services.scope import Field

routes = Routes("/residents")
_REASON = 200
_HERE = r"{id:[0-9]+}"


def _done(what: str) -> web.Response:
    return pages.told({"text": shipped.phrases().reply("residents.done", {"what": what}).text})


def _reason(given: Form) -> str:
    reason = given.text("reason", longest=_REASON)
    if not reason:
        raise Invalid("residents.needs_reason")
    return reason


def _day(given: Form) -> date:
    try:
        return date.fromisoformat(given.text("day", longest=10))
    except ValueError:
        raise Invalid("residents.bad_day") from None


def _box(name: str) -> Handler:
    """The form of one act on a binding."""

    async def box(request: web.Request) -> web.Response:
        actor = await session.actor(request)
        member, house = await house_file.of_binding(forms.number(request), actor=actor)
        today, shown = clock.local(clock.now()).date(), f"residents/box_{name}.html"
        return pages.render(request, shown, one=member, house=house, relations=list(Relation), today=today)

    return box


for _name in ("reject", "disable", "correct", "end"):
    routes.get(f"/bindings/{_HERE}/{_name}", does(Field.RESIDENTS))(_box(_name))


@routes.post(f"/bindings/{_HERE}/phone", does(Field.RESIDENTS))
async def phone(request: web.Request) -> web.Response:
    """The whole number, which is recorded as read; the page masks it again after a minute."""
    return pages.told(
        {"phone": await reviews.phone(forms.number(request), actor=await session.actor(request))}
    )


@routes.post(f"/bindings/{_HERE}/approve", does(Field.RESIDENTS))
async def approve(request: web.Request) -> web.Response:
    """It is right: whoever waited may begin; who was usable at once is confirmed."""
    actor, binding_id = await session.actor(request), forms.number(request)
    member, _ = await house_file.of_binding(binding_id, actor=actor)
    await reviews.settle_well(binding_id, actor=actor)
    return _done("approved" if member.status is BindingStatus.PENDING else "confirmed")


@routes.post(f"/bindings/{_HERE}/reject", does(Field.RESIDENTS))
async def reject(request: web.Request) -> web.Response:
    given, actor, binding_id = await _given(request)
    await reviews.reject(binding_id, actor=actor, reason=_reason(given))
    return _done("rejected")


@routes.post(f"/bindings/{_HERE}/disable", does(Field.RESIDENTS))
async def disable(request: web.Request) -> web.Response:
    given, actor, binding_id = await _given(request)
    await reviews.disable(binding_id, actor=actor, reason=_reason(given))
    return _done("disabled")


@routes.post(f"/bindings/{_HERE}/restore", does(Field.RESIDENTS))
async def restore(request: web.Request) -> web.Response:
    await reviews.restore(forms.number(request), actor=await session.actor(request))
    return _done("restored")


@routes.post(f"/bindings/{_HERE}/correct", does(Field.RESIDENTS))
async def correct(request: web.Request) -> web.Response:
    """An empty phone leaves the number as it is: the form shows it masked."""
    given, actor, binding_id = await _given(request)
    right = await corrections.with_phone_of(binding_id, **_written(given), actor=actor)
    changed = await corrections.correct(binding_id, right, actor=actor)
    return _done("corrected" if changed else "unchanged")


@routes.post(f"/bindings/{_HERE}/end", does(Field.RESIDENTS))
async def end(request: web.Request) -> web.Response:
    given, actor, binding_id = await _given(request)
    reason = given.text("reason", longest=_REASON)
    over = await tenancies.end(binding_id, last_day=_day(given), reason=reason, actor=actor)
    return _done("ended" if over else "will_end")


@routes.post(f"/listed/{_HERE}/phone", does(Field.RESIDENTS))
async def listed_phone(request: web.Request) -> web.Response:
    return pages.told(
        {"phone": await listing.phone(forms.number(request), actor=await session.actor(request))}
    )


@routes.get(f"/listed/{_HERE}/correct", does(Field.RESIDENTS))
async def correct_listed_box(request: web.Request) -> web.Response:
    occupant_id = forms.number(request)
    shown = await listing.shown(occupant_id, actor=await session.actor(request))
    return pages.render(
        request, "residents/box_listed.html", one=shown, occupant_id=occupant_id, relations=list(Relation)
    )


@routes.post(f"/listed/{_HERE}/correct", does(Field.RESIDENTS))
async def correct_listed(request: web.Request) -> web.Response:
    given, actor, occupant_id = await asked.read(request), await session.actor(request), forms.number(request)
    await listing.shown(occupant_id, actor=actor)
    changed = await listing.correct(occupant_id, **_written(given), actor=actor)
    return _done("listed_corrected" if changed else "unchanged")


@routes.post(f"/listed/{_HERE}/leave", does(Field.RESIDENTS))
async def leave(request: web.Request) -> web.Response:
    await listing.leave(forms.number(request), actor=await session.actor(request))
    return _done("left")


@routes.get(f"/{_HERE}/add", does(Field.RESIDENTS))
async def add_box(request: web.Request) -> web.Response:
    shown = await house_file.of_house(forms.number(request), actor=await session.actor(request))
    return pages.render(request, "residents/box_add.html", house=shown, relations=list(Relation))


@routes.post(f"/{_HERE}/add", does(Field.RESIDENTS))
async def add(request: web.Request) -> web.Response:
    given, actor = await asked.read(request), await session.actor(request)
    shown = await house_file.of_house(forms.number(request), actor=actor)
    someone = corrections.checked(**_written(given), phone_needed=False)
    await listing.add(shown.id, someone, actor=actor)
    return _done("added")


@routes.get(f"/{_HERE}/owner", does(Field.RESIDENTS))
async def owner_box(request: web.Request) -> web.Response:
    """Who would go by it, and what is owed, before anybody decides."""
    actor = await session.actor(request)
    shown = await house_file.of_house(forms.number(request), actor=actor)
    fees = await sheets.fees(shown.id, actor)
    return pages.render(request, "residents/box_owner.html", house=shown, fees=fees)


@routes.post(f"/{_HERE}/owner", does(Field.RESIDENTS))
async def owner(request: web.Request) -> web.Response:
    given, actor = await asked.read(request), await session.actor(request)
    shown = await house_file.of_house(forms.number(request), actor=actor)
    new = corrections.checked(
        given.text("name", longest=64), given.text("phone", longest=40), Relation.OWNER, phone_needed=False
    )
    sold = await tenancies.sell(shown.id, new, actor=actor)
    values = {"ended": sold.ended, "left": sold.left}
    return pages.told({"text": shipped.phrases().reply("residents.sold", values).text})


async def _given(request: web.Request) -> tuple[Form, Actor, int]:
    """What was typed about a binding. What is not theirs is not there, whatever they sent."""
    given, actor, binding_id = await asked.read(request), await session.actor(request), forms.number(request)
    await house_file.of_binding(binding_id, actor=actor)
    return given, actor, binding_id


def _written(given: Form) -> dict[str, str]:
    return {
        "name": given.text("name", longest=64),
        "phone": given.text("phone", longest=40),
        "relation": given.text("relation", longest=16),
    }
