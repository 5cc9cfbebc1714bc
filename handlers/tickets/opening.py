"""开工单: for somebody who calls, or from what they said in their talk. One talk may become several tickets."""

import secrets
from collections.abc import Mapping, Sequence

from aiohttp import web

from handlers.tickets import acts, photos, words
from handlers.web import pages, session
from handlers.web.forms import Form
from handlers.web.routes import Routes, does, sees
from models.tickets import Area
from services.actors import Actor
from services.desk import choosing, revealing
from services.desk.choosing import Said
from services.errors import Invalid
from services.estate import communities, finding, house_file
from services.repairs import categories, opening, pictures
from services.repairs.opening import Caller, Resident, Told
from services.scope import Field

routes = Routes("/tickets/new")
_WORDS = 500  # characters of a description
_MOST = 40  # messages
_SEARCH = 60  # characters
_PEOPLE, _HOUSES = 20, 3  # that are shown; more words find fewer


@routes.get("", does(Field.REPAIRS))
async def page(request: web.Request) -> web.Response:
    """With `talk`, `person` or `listed` for whom it is; with `messages`, what was chosen in the talk already."""
    actor, given = await session.actor(request), Form(request.query)
    talk = _number(given, "talk")
    values = await _talk(talk, _numbers(given.raw("messages", longest=400)), actor) if talk else {}
    return pages.render(
        request,
        "tickets/new.html",
        status=200,
        resident=await _resident(given, talk, actor),
        talk=talk,
        communities=await communities.within(actor.doing(Field.REPAIRS)),
        categories=await categories.every(),
        key=secrets.token_urlsafe(16),
        most=pictures.MOST,
        finds=actor.scope is not None and Field.RESIDENTS in actor.scope.sees,
        **{"said": [], "chosen": frozenset(), "used": {}, "description": "", **values},
    )


@routes.post("", does(Field.REPAIRS))
async def open_ticket(request: web.Request) -> web.Response:
    actor, fields = await session.actor(request), await request.post()
    given = Form(fields)
    talk = _number(given, "talk")
    ids = frozenset(_numbers(",".join(str(one) for one in fields.getall("message", []))))
    said = await choosing.chosen(talk, ids, actor=actor) if talk else []
    caller = Caller(
        person_id=await revealing.person_of(talk, actor=actor) if talk else _number(given, "person"),
        occupant_id=None if talk else _number(given, "listed"),
        community_id=_number(given, "community"),
        house=given.text("house", longest=40),
        name=given.text("name", longest=32),
        phone=given.text("phone", longest=20),
    )
    told = _told(given, said, pictures=await photos.uploaded(request, given))
    key, source = given.raw("key", longest=40), "desk" if talk else "phone"
    made = await opening.open_for(caller, told, key=key, source=source, actor=actor)
    go = f"/desk/tickets/new?talk={talk}" if talk and given.ticked("another") else f"/desk/tickets/{made.id}"
    return pages.told({"text": words.phrase("done.open", number=made.number), "id": made.id, "go": go})


def _told(given: Form, said: list[Said], *, pictures: Sequence[str]) -> Told:
    area = given.text("area", longest=8)
    if area not in tuple(Area):
        raise Invalid("page.unreadable")
    written = given.text("description", longest=_WORDS)
    return Told(
        category_code=given.text("category", longest=32),
        area=Area(area),
        place=given.text("place", longest=100),
        description=written or "\n".join(one.text for one in said if one.text)[:_WORDS],
        start=acts.moment(given, "start"),
        end=acts.moment(given, "end"),
        urgent=given.ticked("urgent"),
        anyway=given.ticked("anyway"),
        photos=[one.file_id for one in said if one.file_id],
        messages=[one.id for one in said],
        pictures=pictures,
    )


async def _resident(given: Form, talk: int | None, actor: Actor) -> Resident | None:
    if talk:
        return await opening.of_person(await revealing.person_of(talk, actor=actor), actor=actor)
    if person := _number(given, "person"):
        return await opening.of_person(person, actor=actor)
    if listed := _number(given, "listed"):
        return await opening.of_occupant(listed, actor=actor)
    return None


async def _talk(talk: int, messages: list[int], actor: Actor) -> Mapping[str, object]:
    """What may be chosen; without a choice, nothing is."""
    said = await choosing.of_talk(talk, actor=actor)
    chosen = frozenset(messages)
    return {
        "said": said,
        "chosen": chosen,
        "used": await opening.used(await revealing.person_of(talk, actor=actor)),
        "description": "\n".join(one.text for one in said if one.id in chosen and one.text),
    }


def _number(given: Form, name: str) -> int | None:
    text = given.raw(name, longest=10)
    if not text:
        return None
    return min(given.number(name), 2**31 - 1)


def _numbers(text: str) -> list[int]:
    return [int(one) for one in text.split(",") if one.isdecimal() and len(one) < 19][:_MOST]


@routes.get("/find", sees(Field.RESIDENTS))
async def find(request: web.Request) -> web.Response:
    """Whom the words name, as a part of the page."""
    actor, search = await session.actor(request), request.query.get("q", "")[:_SEARCH]
    found = await finding.find(search, actor=actor)
    people = list(found.people.rows[:_PEOPLE])
    homes = (
        [] if people else [await house_file.of_house(one.id, actor=actor) for one in found.houses[:_HOUSES]]
    )
    return pages.render(request, "tickets/found.html", status=200, people=people, homes=homes)
