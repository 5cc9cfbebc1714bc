"""Messages that the person agreed to, one at a time: subscription messages, and the older one-time kind."""

from collections.abc import Mapping

from simulator.api.serving import Api, Ask, post
from simulator.api.templates import new_job_id, show_card
from simulator.errors import ApiError, ok
from simulator.jsonio import JsonObject
from simulator.people import Content, Person, Sender, Via, consent_key
from simulator.phone.acts import finish_job
from simulator.templates import Template, check_kinds, read_values


async def subscribe_send(ask: Ask) -> JsonObject:
    person, world = ask.world.people.known(ask.body.text("touser", "")), ask.world
    template = world.templates.find(ask.body.text("template_id", ""))
    values = read_values(ask.body)
    check_kinds(values, template.keys)
    if person.accepts.get(template.id, 0) < 1:
        raise ApiError(43101)
    person.accepts[template.id] -= 1
    show_card(ask, person, template, values)
    msg_id = new_job_id()
    world.start(finish_job(world, person, "subscribe_msg_sent_event", _sent(template, msg_id)))
    return ok(msgid=msg_id)


def _sent(template: Template, msg_id: int) -> Mapping[str, Mapping[str, Mapping[str, str]]]:
    entry = {"TemplateId": template.id, "MsgID": str(msg_id), "ErrorCode": "0", "ErrorStatus": "success"}
    return {"SubscribeMsgSentEvent": {"List": entry}}


async def once_send(ask: Ask) -> JsonObject:
    """message/template/subscribe: one message for each time that the person agreed, followers or not.

    https://developers.weixin.qq.com/doc/service/guide/product/message/One-time_subscription_info.html
    """
    world, person = ask.world, ask.world.people.known(ask.body.text("touser", ""))
    title = ask.body.text("title", "")
    content = ask.body.object("data").object("content").text("value", "")
    if not 1 <= len(title) <= world.config.subscribe_title_chars:
        raise ApiError(40062)
    if not content:
        raise ApiError(44004)
    if len(content) > world.config.subscribe_content_chars:
        raise ApiError(45002)
    _use_consent(person, ask.body.text("template_id", ""), ask.body.text("scene", ""))
    bubble = Content(type="template", title=title, text=f"{title}\n{content}", url=ask.body.text("url", ""))
    world.people.show(person, bubble, sender=Sender.ACCOUNT, via=Via.SUBSCRIBED)
    return ok()


def _use_consent(person: Person, template_id: str, scene: str) -> None:
    key = consent_key(template_id, scene)
    if person.consents.get(key, 0) < 1:
        raise ApiError(43101)
    person.consents[key] -= 1


APIS: list[Api] = [
    post("message/subscribe/bizsend", subscribe_send),
    post("message/subscribe/send", subscribe_send),
    post("message/template/subscribe", once_send),
]
