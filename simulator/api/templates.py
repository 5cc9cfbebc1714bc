"""Template messages and the account's list of templates."""

import secrets
import time
from dataclasses import dataclass

from simulator.api.serving import Api, Ask, get, post
from simulator.errors import ApiError, ok
from simulator.jsonio import JsonObject
from simulator.people import Content, Person, Sender, Via
from simulator.phone.acts import finish_job
from simulator.templates import Intercepted, Template, check_kinds, read_values


@dataclass(frozen=True, slots=True)
class _Job:
    """A template message that was taken."""

    id: int
    person: Person
    template: Template
    values: dict[str, str]


async def template_send(ask: Ask) -> JsonObject:
    job, fresh = _taken(ask)
    if fresh:
        ask.world.start(_deliver(ask, job))
    return ok(msgid=job.id)


async def template_in_review(ask: Ask) -> JsonObject:
    """40252: the platform looks at the message first, and delivers it by itself once it has passed."""
    job, fresh = _taken(ask)
    if fresh:
        ask.world.templates.reviews.append(lambda: _deliver(ask, job))
    answer = ApiError(40252).body()
    return answer | {"msgid": job.id} if ask.world.config.review_names_message else answer


async def template_intercepted(ask: Ask) -> JsonObject:
    """43116: the platform stopped the message for what it says; it can be asked which."""
    job, _ = _taken(ask)
    templates = ask.world.templates
    stopped = Intercepted(
        number=len(templates.intercepted) + 1,
        template_id=job.template.id,
        title=job.template.title,
        content="\n".join(f"{name}：{value}" for name, value in job.values.items()),
        time=int(time.time()),
        openid=job.person.openid,
    )
    templates.intercepted.append(stopped)
    return ApiError(43116).body()


def _taken(ask: Ask) -> tuple[_Job, bool]:
    """The message, and whether it is another one than its client_msg_id stands for already."""
    person, templates = ask.world.people.follower(ask.body.text("touser", "")), ask.world.templates
    template = templates.find(ask.body.text("template_id", ""))
    values = _values(ask, template)
    client_id = ask.body.text("client_msg_id", "")
    earlier = templates.earlier(person.openid, client_id)
    if earlier is not None:
        return _Job(earlier, person, template, values), False
    job = _Job(new_job_id(), person, template, values)
    templates.remember(person.openid, client_id, job.id)
    return job, True


def _values(ask: Ask, template: Template) -> dict[str, str]:
    if not ask.world.config.category_templates:
        return ask.world.templates.shorten(read_values(ask.body))
    values = read_values(ask.body, plain=True)
    check_kinds(values, template.keys, template.constants)
    return values


async def _deliver(ask: Ask, job: _Job) -> None:
    status = job.person.template_report or "success"
    if status == "success":
        show_card(ask, job.person, job.template, job.values)
    await finish_job(ask.world, job.person, "TEMPLATESENDJOBFINISH", {"MsgID": job.id, "Status": status})


async def intercepted(ask: Ask) -> JsonObject:
    """wxa/sec/queryblocktmplmsg: what was stopped of one template, a page at a time."""
    template_id, after = ask.body.text("tmpl_msg_id", ""), ask.body.integer("largest_id", 0)
    limit = ask.body.integer("limit", 0)
    if not template_id or not 1 <= limit <= 100:
        raise ApiError(40097)
    found = [
        one
        for one in ask.world.templates.intercepted
        if one.template_id == template_id and one.number > after
    ]
    return ok(msginfo=[_stopped(one) for one in found[:limit]])


def _stopped(one: Intercepted) -> JsonObject:
    return {
        "id": one.number,
        "tmpl_msg_id": one.template_id,
        "title": one.title,
        "content": one.content,
        "send_timestamp": one.time,
        "openid": one.openid,
    }


def show_card(ask: Ask, person: Person, template: Template, values: dict[str, str]) -> None:
    """Put a template's card on the phone."""
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


APIS: list[Api] = [
    post(
        "message/template/send",
        template_send,
        although={40252: template_in_review, 43116: template_intercepted},
    ),
    post("wxa/sec/queryblocktmplmsg", intercepted, path="/wxa/sec/queryblocktmplmsg"),
    post("template/del_private_template", delete_template),
    get("template/get_all_private_template", templates),
]
