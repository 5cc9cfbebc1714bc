"""message/template/send, message/subscribe/bizsend and the account's list of templates."""

import secrets
from collections.abc import Mapping

from simulator.api.serving import Api, Ask, Serve, get, post
from simulator.errors import ApiError, ok
from simulator.jsonio import JsonObject
from simulator.people import Content, Person, Sender, Via
from simulator.phone.acts import finish_job
from simulator.templates import Template, check_kinds, read_values


async def template_send(ask: Ask) -> JsonObject:
    person, world = ask.world.people.follower(ask.body.text("touser", "")), ask.world
    template = world.templates.find(ask.body.text("template_id", ""))
    values = world.templates.shorten(read_values(ask.body))
    client_id = ask.body.text("client_msg_id", "")
    earlier = world.templates.earlier(person.openid, client_id)
    if earlier is not None:
        return ok(msgid=earlier)
    msg_id = new_job_id()
    world.templates.remember(person.openid, client_id, msg_id)
    status = "failed:user block" if person.blocks_templates else "success"
    if not person.blocks_templates:
        _show(ask, person, template, values)
    world.start(finish_job(world, person, "TEMPLATESENDJOBFINISH", {"MsgID": msg_id, "Status": status}))
    return ok(msgid=msg_id)


async def subscribe_send(ask: Ask) -> JsonObject:
    person, world = ask.world.people.known(ask.body.text("touser", "")), ask.world
    template = world.templates.find(ask.body.text("template_id", ""))
    values = read_values(ask.body)
    check_kinds(values, template.keys)
    if person.accepts.get(template.id, 0) < 1:
        raise ApiError(43101)
    person.accepts[template.id] -= 1
    _show(ask, person, template, values)
    msg_id = new_job_id()
    world.start(finish_job(world, person, "subscribe_msg_sent_event", _sent(template, msg_id)))
    return ok(msgid=msg_id)


def _sent(template: Template, msg_id: int) -> Mapping[str, Mapping[str, Mapping[str, str]]]:
    entry = {"TemplateId": template.id, "MsgID": str(msg_id), "ErrorCode": "0", "ErrorStatus": "success"}
    return {"SubscribeMsgSentEvent": {"List": entry}}


def _show(ask: Ask, person: Person, template: Template, values: dict[str, str]) -> None:
    facts = template.facts(values)
    text = "\n".join([template.title, *(f"{label}：{value}" for label, value in facts)])
    url = ask.body.text("url", "") or ask.body.text("page", "")
    content = Content(type="template", title=template.title, text=text, facts=facts, url=url)
    ask.world.people.show(person, content, sender=Sender.ACCOUNT, via=Via.TEMPLATE)


def new_job_id() -> int:
    """The id of a template, subscription or mass job."""
    return secrets.randbelow(9 * 10**17) + 10**17


async def templates(ask: Ask) -> JsonObject:
    return {"template_list": [_listed(template) for template in ask.world.templates.all.values()]}


def _listed(template: Template) -> JsonObject:
    return {
        "template_id": template.id,
        "title": template.title,
        "primary_industry": "房地产",
        "deputy_industry": "物业管理",
        "content": template.content,
        "example": "",
    }


async def delete_template(ask: Ask) -> JsonObject:
    if ask.world.templates.all.pop(ask.body.text("template_id", ""), None) is None:
        raise ApiError(40037)
    return ok()


def _named(*names: str, serve: Serve) -> list[Api]:
    return [post(name, serve) for name in names]


APIS: list[Api] = [
    *_named("message/template/send", serve=template_send),
    *_named("message/subscribe/bizsend", "message/subscribe/send", serve=subscribe_send),
    *_named("template/del_private_template", serve=delete_template),
    get("template/get_all_private_template", templates),
]
