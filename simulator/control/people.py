"""The control interface: people, what they do, what their phones show."""

import asyncio
import contextlib
from collections.abc import Awaitable, Callable

from aiohttp import web

from simulator.errors import BadControl
from simulator.jsonio import Fields, JsonObject, parse_object
from simulator.menus import buttons_of, has_key
from simulator.people import Person, new_openid
from simulator.phone import acts, outgoing
from simulator.shown import described, origin_of
from simulator.world import WORLD, World

_LONGEST_WAIT = 60.0


async def read_body(request: web.Request) -> Fields:
    """The JSON object of a control request; nothing at all counts as an empty one."""
    raw = await request.read()
    values = parse_object(raw) if raw.strip() else {}
    if values is None:
        raise BadControl("the body must be a JSON object")
    return Fields(values, BadControl)


def person_of(request: web.Request) -> Person:
    return request.app[WORLD].people.get(request.match_info["openid"])


def _media_origin(request: web.Request) -> str:
    return request.app[WORLD].config.public_url.rstrip("/") or origin_of(request)


async def add_user(request: web.Request) -> web.Response:
    world, body = request.app[WORLD], await read_body(request)
    openid = body.text("openid", "") or new_openid()
    nickname = body.text("nickname", "") or openid[:8]
    world.people.add(Person(openid=openid, nickname=nickname, role=body.text("role", "")))
    return web.json_response({"openid": openid})


async def users(request: web.Request) -> web.Response:
    world = request.app[WORLD]
    now = world.clock.now()
    return web.json_response({"users": [described(person, now) for person in world.people]})


def resulted(result: acts.Result, origin: str) -> JsonObject:
    """What a control request that pushes answers with."""
    return {
        "msg_id": result.msg_id,
        "attempts": result.delivery.attempts,
        "reply": result.reply.shown(origin) if result.reply else None,
        "seconds": round(result.delivery.seconds, 4),
        "failure": result.delivery.failure,
    }


async def send(request: web.Request) -> web.Response:
    world, person = request.app[WORLD], person_of(request)
    body = await read_body(request)
    _check_menu(world, body)
    act = outgoing.make(body, world=world, person=person, origin=_media_origin(request))
    return web.json_response(resulted(await acts.do(world, person, act), origin_of(request)))


def _check_menu(world: World, body: Fields) -> None:
    """A button that the account's menu does not have cannot be tapped; without a menu nothing is checked."""
    if body.text("type") == "menu" and world.menu and not has_key(world.menu, body.text("key")):
        keys = [str(button["key"]) for button in buttons_of(world.menu) if "key" in button]
        raise BadControl(f"the menu has no button {body.text('key')}; it has {', '.join(keys)}")


async def follow(request: web.Request) -> web.Response:
    return await _by_scene(request, acts.follow, needed=False)


async def scan(request: web.Request) -> web.Response:
    return await _by_scene(request, acts.scan, needed=True)


_SceneAct = Callable[[World, Person, str], Awaitable[acts.Result]]


async def _by_scene(request: web.Request, act: _SceneAct, *, needed: bool) -> web.Response:
    world, person, body = request.app[WORLD], person_of(request), await read_body(request)
    scene = world.codes.scene_of(body.text("scene", "").strip())
    if needed and not scene:
        raise BadControl("scene must not be empty")
    return web.json_response(resulted(await act(world, person, scene), origin_of(request)))


async def unfollow(request: web.Request) -> web.Response:
    result = await acts.unfollow(request.app[WORLD], person_of(request))
    return web.json_response(resulted(result, origin_of(request)))


async def messages(request: web.Request) -> web.Response:
    """`after` is a seq; with `wait` the answer comes once there is something after it, or after that many seconds."""
    person, after = person_of(request), whole(request, "after")
    wait = min(_LONGEST_WAIT, float(whole(request, "wait")))
    if wait and not person.after(after):
        await _until_shown(request.app[WORLD], person, after, wait)
    origin = origin_of(request)
    return web.json_response([message.shown(origin) for message in person.after(after)])


async def _until_shown(world: World, person: Person, after: int, wait: float) -> None:
    with world.feed.listen() as changes, contextlib.suppress(TimeoutError):
        async with asyncio.timeout(wait):
            while not person.after(after) and await changes.get() is not None:
                continue


def whole(request: web.Request, name: str) -> int:
    text = request.query.get(name, "0")
    if not text.isdecimal():
        raise BadControl(f"{name} must be a whole number")
    return int(text)


async def subscribe(request: web.Request) -> web.Response:
    """The person allows `count` subscription messages of a template (0: refuses them)."""
    world, person, body = request.app[WORLD], person_of(request), await read_body(request)
    template_id, count = body.text("template_id"), body.integer("count", 1)
    if not 0 <= count <= 1000:
        raise BadControl("count must be between 0 and 1000")
    person.accepts[template_id] = person.accepts.get(template_id, 0) + count if count else 0
    status = "accept" if count else "reject"
    entry = {"TemplateId": template_id, "SubscribeStatusString": status, "PopupScene": "0"}
    act = outgoing.event("subscribe_msg_popup_event", SubscribeMsgPopupEvent={"List": entry})
    return web.json_response(resulted(await acts.do(world, person, act), origin_of(request)))


async def template_outcome(request: web.Request) -> web.Response:
    """What becomes of template messages to this person: `blocked` by them, or another `report` of the platform."""
    person, body = person_of(request), await read_body(request)
    blocked = "failed:user block" if body.flag("blocked") else ""
    person.template_report = body.text("report", blocked)
    return web.json_response({"openid": person.openid, "report": person.template_report or "success"})


async def pay(request: web.Request) -> web.Response:
    world, person = request.app[WORLD], person_of(request)
    acts.pay(world, person)
    return web.json_response({"sends_left": person.windows.left(world.clock.now())})


ROUTES = [
    web.post("/sim/users", add_user),
    web.get("/sim/users", users),
    web.post("/sim/users/{openid}/follow", follow),
    web.post("/sim/users/{openid}/unfollow", unfollow),
    web.post("/sim/users/{openid}/scan", scan),
    web.post("/sim/users/{openid}/send", send),
    web.get("/sim/users/{openid}/messages", messages),
    web.post("/sim/users/{openid}/subscribe", subscribe),
    web.post("/sim/users/{openid}/templates", template_outcome),
    web.post("/sim/users/{openid}/pay", pay),
]
