"""The control interface: the platform itself - faults, clock, calls, copies of a push, what the account made."""

import asyncio
import time

from aiohttp import web

from simulator.control.people import read_body, whole
from simulator.errors import ApiError, BadControl
from simulator.faults import read_fault
from simulator.jsonio import Fields, JsonObject
from simulator.people import Message
from simulator.phone import acts, outgoing
from simulator.pushes import Answer, Delivery
from simulator.shown import origin_of
from simulator.templates import Template
from simulator.world import WORLD

_MOST_COPIES = 200


async def add_fault(request: web.Request) -> web.Response:
    fault = read_fault(await read_body(request))
    request.app[WORLD].faults.all.append(fault)
    return web.json_response(fault.shown())


async def faults(request: web.Request) -> web.Response:
    return web.json_response({"faults": [fault.shown() for fault in request.app[WORLD].faults.all]})


async def delete_faults(request: web.Request) -> web.Response:
    found = request.app[WORLD].faults.all
    count = len(found)
    found.clear()
    return web.json_response({"deleted": count})


async def advance(request: web.Request) -> web.Response:
    clock, body = request.app[WORLD].clock, await read_body(request)
    seconds = body.number("advance_s")
    if not 0 <= seconds <= 10 * 365 * 86400:
        raise BadControl("advance_s must be between 0 and ten years")
    clock.advance(seconds)
    return web.json_response({"now": clock.now(), "ahead_s": clock.ahead})


async def calls(request: web.Request) -> web.Response:
    """The log, by `api` and `after` (a number n)."""
    found = request.app[WORLD].calls.after(whole(request, "after"), request.query.get("api", ""))
    return web.json_response({"calls": [call.shown() for call in found]})


async def delete_calls(request: web.Request) -> web.Response:
    request.app[WORLD].calls.clear()
    return web.json_response({})


async def push(request: web.Request) -> web.Response:
    """Deliver one and the same push `copies` times at once, in turn to the `targets`; no retries.

    `send` is what the send route takes. The phone shows the first good answer.
    """
    world, body = request.app[WORLD], await read_body(request)
    person = world.people.get(body.text("openid"))
    act = outgoing.make(body.object("send"), world=world, person=person, origin=origin_of(request))
    copies = body.integer("copies", 2)
    targets = body.texts("targets") if body.has("targets") else [world.config.callback]
    if not 1 <= copies <= _MOST_COPIES or not targets or not person.follows:
        raise BadControl("push needs a follower, at least one target and between 1 and 200 copies")
    fields = acts.begin(world, person, act)
    started = time.monotonic()
    to = [targets[n % len(targets)] for n in range(copies)]
    answers = await asyncio.gather(*(world.pusher.once(fields, target=target) for target in to))
    judged = [(answer, *world.pusher.judge(answer, fields)) for answer in answers]
    first = next((content for _, content, _ in judged if content is not None), None)
    failure = "" if any(not failure for _, _, failure in judged) else judged[0][2]
    delivery = Delivery(copies, first, failure, time.monotonic() - started)
    reply = acts.finish(world, person, act, delivery)
    replies = [_judged(answer, content is not None, failure) for answer, content, failure in judged]
    for entry, (_, content, _) in zip(replies, judged, strict=True):
        entry["text"] = content.text if content else None
    return web.json_response(_pushed(fields.get("MsgId"), replies, reply, origin_of(request)))


def _judged(answer: Answer, replied: bool, failure: str) -> JsonObject:
    return {
        "target": answer.target,
        "status": answer.status,
        "replied": replied,
        "failure": failure,
        "seconds": round(answer.seconds, 4),
    }


def _pushed(msg_id: object, replies: list[JsonObject], reply: Message | None, origin: str) -> JsonObject:
    return {
        "msg_id": str(msg_id or ""),
        "replies": [*replies],
        "reply": reply.shown(origin) if reply else None,
    }


async def mode(request: web.Request) -> web.Response:
    habits = request.app[WORLD].habits
    if request.method == "POST":
        habits.change(await read_body(request))
    return web.json_response(habits.shown())


async def verify(request: web.Request) -> web.Response:
    return web.json_response({"verified": await request.app[WORLD].pusher.verify()})


async def menu(request: web.Request) -> web.Response:
    return web.json_response({"menu": request.app[WORLD].menu})


async def codes(request: web.Request) -> web.Response:
    world = request.app[WORLD]
    now = world.clock.now()
    return web.json_response({"qrcodes": [code.shown(now) for code in world.codes.all.values()]})


async def add_template(request: web.Request) -> web.Response:
    body = await read_body(request)
    constants = body.object("constants") if body.has("constants") else Fields({}, BadControl)
    approved = {name: tuple(constants.texts(name)) for name in constants.values}
    template = Template(body.text("template_id"), body.text("title"), body.text("content", ""), approved)
    request.app[WORLD].templates.all[template.id] = template
    return web.json_response({"template_id": template.id})


async def pass_reviews(request: web.Request) -> web.Response:
    """Everything in review passes: it is delivered, and the reports follow."""
    world = request.app[WORLD]
    waiting, world.templates.reviews = world.templates.reviews, []
    for deliver in waiting:
        await deliver()
    return web.json_response({"passed": len(waiting)})


async def forget_tokens(request: web.Request) -> web.Response:
    request.app[WORLD].tokens.forget()
    return web.json_response({})


async def media(request: web.Request) -> web.Response:
    """A picture or file as a phone fetches it: without a token."""
    try:
        medium = request.app[WORLD].media.get(request.match_info["media_id"])
    except ApiError as error:
        raise BadControl("there is no such file, or its days are over", status=404) from error
    safe = medium.content_type.startswith(("image/", "audio/", "video/"))
    kind = medium.content_type if safe else "application/octet-stream"
    return web.Response(body=medium.content(), content_type=kind, headers={"Cache-Control": "max-age=86400"})


ROUTES = [
    web.post("/sim/faults", add_fault),
    web.get("/sim/faults", faults),
    web.delete("/sim/faults", delete_faults),
    web.post("/sim/clock", advance),
    web.get("/sim/calls", calls),
    web.delete("/sim/calls", delete_calls),
    web.post("/sim/mode", mode),
    web.get("/sim/mode", mode),
    web.post("/sim/push", push),
    web.post("/sim/verify", verify),
    web.get("/sim/menu", menu),
    web.get("/sim/qrcodes", codes),
    web.post("/sim/templates", add_template),
    web.post("/sim/reviews", pass_reviews),
    web.delete("/sim/tokens", forget_tokens),
    web.get("/sim/media/{media_id}", media),
]
