"""Sending: what the composer posts, and what it may take back, try again or leave for later."""

from aiohttp import web

from bot.values import Reply
from handlers.desk import asked, flows
from handlers.desk.canned import hashes
from handlers.web import forms, pages, session
from handlers.web.forms import Form
from handlers.web.routes import Routes, does, sees
from services import clock
from services.desk import drafts, held_replies, replies, revealing
from services.desk.drafts import Mode
from services.desk.replies import Said, Words
from services.desk.stream import Marker
from services.errors import Invalid
from services.scope import Field
from wechat import render

routes = Routes("/talks/{id:[0-9]+}")


@routes.post("/say", does(Field.TALKS))
async def say(request: web.Request) -> web.Response:
    """409 with `human.crossed` when somebody said something that the page did not show."""
    given, actor, talk_id = await asked.read(request), await session.actor(request), forms.number(request)
    said = await replies.say(talk_id, words(given), key=_key(given), seen=_seen(given), actor=actor)
    return _told(said)


@routes.post("/cost", sees(Field.TALKS), unit=False)
async def cost(request: web.Request) -> web.Response:
    """How many messages this would be, counted by what cuts them."""
    await revealing.person_of(forms.number(request), actor=await session.actor(request))
    return pages.told({"cost": words(await asked.read(request)).cost})


@routes.post("/later", does(Field.TALKS))
async def later(request: web.Request) -> web.Response:
    """等住户下次说话就发."""
    given, actor, talk_id = await asked.read(request), await session.actor(request), forms.number(request)
    await replies.wait_for_word(talk_id, words(given), key=_key(given), seen=_seen(given), actor=actor)
    return pages.told({})


@routes.post("/held/{held:[0-9]+}/cancel", does(Field.TALKS))
async def cancel_held(request: web.Request) -> web.Response:
    text = await held_replies.cancel(forms.number(request, "held"), actor=await session.actor(request))
    return pages.told({"text": text})


@routes.post("/template", does(Field.TALKS))
async def template(request: web.Request) -> web.Response:
    given, actor, talk_id = await asked.read(request), await session.actor(request), forms.number(request)
    phrase, number = given.text("phrase", longest=64), given.text("number", longest=32)
    offered = await flows.offers(request, talk_id, actor)
    if (phrase, number) not in {(one.phrase, one.number) for one in offered}:
        raise Invalid("page.unreadable")
    about = {"number": number}
    return _told(
        await replies.by_template(talk_id, phrase, about, key=_key(given), seen=_seen(given), actor=actor)
    )


@routes.post("/undo", does(Field.TALKS))
async def undo(request: web.Request) -> web.Response:
    given, actor = await asked.read(request), await session.actor(request)
    back = await replies.undo(forms.number(request), key=_key(given), actor=actor)
    return pages.told({"text": back.text, "images": back.images, "key": drafts.new_key()})


@routes.post("/sent/{sent:[0-9]+}/retry", does(Field.TALKS))
async def retry(request: web.Request) -> web.Response:
    made = await replies.retry(forms.number(request, "sent"), actor=await session.actor(request))
    return pages.told({"id": made})


@routes.post("/draft", sees(Field.TALKS))
async def draft(request: web.Request) -> web.Response:
    """From the page while somebody types, and once more when it is left."""
    given, actor, talk_id = await asked.read(request), await session.actor(request), forms.number(request)
    mode = Mode.NOTE if given.text("mode", longest=8) == Mode.NOTE else Mode.REPLY
    text = given.raw("text", longest=drafts.LONGEST)
    saved = await drafts.save(talk_id, text, key=_key(given), mode=mode, actor=actor)
    return pages.told({"saved": f"{clock.local(saved):%H:%M}"})


def words(given: Form) -> Words:
    """What was written, with the pictures that were uploaded before, and what all of it costs."""
    text = given.text("text")
    images = hashes(given)
    parts = [Reply(text)] if text else []
    count = sum(len(render.split(one)) for one in parts) + len(images)
    return Words(text, images=images, cost=count)


def _told(said: Said) -> web.Response:
    values = {"ids": [f"o{one}" for one in said.ids], "seen": str(said.seen), "fresh": said.fresh}
    return pages.told({**values, "key": drafts.new_key(), "undo_s": 5 if said.fresh else 0})


def _key(given: Form) -> str:
    return given.text("key", longest=64)


def _seen(given: Form) -> Marker:
    return Marker.of(given.text("seen", longest=80))
