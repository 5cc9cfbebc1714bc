"""Carries out what a person does: shows it, opens the account's window, pushes it, shows the answer."""

import time
from collections.abc import Mapping
from dataclasses import dataclass

from simulator.errors import BadControl
from simulator.people import Content, Message, Person, Sender, Via
from simulator.phone.outgoing import Outgoing, event
from simulator.pushes import Delivery
from simulator.quota import Opening
from simulator.world import World
from simulator.xml import XmlValue

# After these a person waits for an answer; the rest of the events are not answered on the phone.
_ANSWERED_EVENTS = {"CLICK", "SCAN", "subscribe", "scancode_waitmsg"}


@dataclass(frozen=True, slots=True)
class Result:
    """What came of an act: the MsgId (empty for an event), the delivery and the bubble that answered."""

    msg_id: str
    delivery: Delivery
    reply: Message | None


async def do(world: World, person: Person, act: Outgoing) -> Result:
    """Everything before the first wait happens in the order in which the acts are begun."""
    if not person.follows and act.fields.get("Event") != "unsubscribe":
        raise BadControl(f"{person.openid} does not follow the account")
    fields = begin(world, person, act)
    delivery = await world.pusher.push(fields)
    reply = finish(world, person, act, delivery)
    return Result(str(fields.get("MsgId", "")), delivery, reply)


def begin(world: World, person: Person, act: Outgoing) -> Mapping[str, XmlValue]:
    """Show the act, open its window, and give the whole push."""
    if act.bubble is not None:
        world.people.show(person, act.bubble, sender=Sender.USER, via=Via.USER)
    if act.opens is not None:
        person.windows.refresh(act.opens, config=world.config, now=world.clock.now())
    return address(world, person, act)


def finish(world: World, person: Person, act: Outgoing, delivery: Delivery) -> Message | None:
    """Show the answer, or the platform's sentence if there is none. Gives the answer's bubble."""
    if delivery.failure and _waits(act):
        failed = Content(type="tip", text=world.config.failure_sentence)
        world.people.show(person, failed, sender=Sender.ACCOUNT, via=Via.PLATFORM)
    if delivery.content is None or not person.follows:
        return None
    return world.people.show(person, delivery.content, sender=Sender.ACCOUNT, via=Via.PASSIVE)


def address(world: World, person: Person, act: Outgoing) -> Mapping[str, XmlValue]:
    fields: dict[str, XmlValue] = {
        "ToUserName": world.config.account,
        "FromUserName": person.openid,
        "CreateTime": _second(world, person, act),
        **act.fields,
    }
    if not act.is_event:
        fields.setdefault("MsgId", world.pusher.new_id())
    return fields


def _second(world: World, person: Person, act: Outgoing) -> int:
    """CreateTime. What a hand did is told apart by it; the ends of jobs have a MsgID."""
    now = int(time.time())
    by_hand = act.is_event and "MsgID" not in act.fields
    if by_hand and world.config.distinct_event_seconds:
        now = max(now, person.last_event_second + 1)
        person.last_event_second = now
    return now


def _waits(act: Outgoing) -> bool:
    return not act.is_event or act.fields.get("Event") in _ANSWERED_EVENTS


async def follow(world: World, person: Person, scene: str) -> Result:
    """Follow the account; with a scene, as somebody who scanned its code."""
    if person.follows:
        raise BadControl(f"{person.openid} follows already; use scan for a code")
    act = _subscribe(world, scene)
    person.followed_at, person.scene = world.clock.now(), scene
    world.people.changed(person)
    return await do(world, person, act)


def _subscribe(world: World, scene: str) -> Outgoing:
    if not scene:
        return event("subscribe", Opening.ACTION, EventKey="")
    ticket = world.codes.ticket_of(scene)
    return event("subscribe", Opening.ACTION, EventKey=f"qrscene_{scene}", Ticket=ticket)


async def unfollow(world: World, person: Person) -> Result:
    if not person.follows:
        raise BadControl(f"{person.openid} does not follow the account")
    person.followed_at = None
    person.windows.close()
    world.people.changed(person)
    return await do(world, person, event("unsubscribe", EventKey=""))


async def scan(world: World, person: Person, scene: str) -> Result:
    """Scan a code: a follower enters the talk, anybody else follows by it."""
    if not person.follows:
        return await follow(world, person, scene)
    ticket = world.codes.ticket_of(scene)
    return await do(world, person, event("SCAN", Opening.ACTION, EventKey=scene, Ticket=ticket))


def pay(world: World, person: Person) -> None:
    """Show a payment to the account that went through. The account learns of it by WeChat Pay, not by a push."""
    paid = Content(type="tip", text="支付成功")
    world.people.show(person, paid, sender=Sender.ACCOUNT, via=Via.PLATFORM)
    if world.habits.payment is not None:
        person.windows.refresh(world.habits.payment, config=world.config, now=world.clock.now())


async def finish_job(world: World, person: Person, kind: str, fields: Mapping[str, XmlValue]) -> None:
    """Push the event that tells the account how a job of its own ended."""
    await world.pusher.push(address(world, person, event(kind, None, **fields)))
