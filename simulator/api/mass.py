"""message/mass/send and sendall: to named followers or to a tag, four a month for each follower."""

from simulator.api.messages import read_content
from simulator.api.serving import Api, Ask, post
from simulator.api.templates import new_job_id
from simulator.errors import ApiError, ok
from simulator.jsonio import JsonObject
from simulator.people import Content, Person, Sender, Via
from simulator.phone.acts import finish_job


async def send_all(ask: Ask) -> JsonObject:
    chosen = ask.body.object("filter")
    people = ask.world.people.followers()
    if not chosen.flag("is_to_all"):
        number = chosen.integer("tag_id")
        ask.world.tags.check(number)
        people = [person for person in people if number in person.tags]
    return _send(ask, people, asked=len(people))


async def send(ask: Ask) -> JsonObject:
    openids = ask.body.texts("touser")
    if not 2 <= len(openids) <= 10_000:
        raise ApiError(40032)
    people = [person for person in ask.world.people.followers() if person.openid in set(openids)]
    return _send(ask, people, asked=len(openids))


def _send(ask: Ask, people: list[Person], *, asked: int) -> JsonObject:
    content = read_content(ask)
    client_id = ask.body.text("clientmsgid", "")
    if client_id and client_id in ask.world.mass_ids:
        return ApiError(45065).body() | {"msg_id": ask.world.mass_ids[client_id]}
    msg_id = new_job_id()
    ask.world.mass_ids[client_id or str(msg_id)] = msg_id
    reached = [person for person in people if _deliver(ask, person, content)]
    _tell_end(ask, people, msg_id, asked=asked, sent=len(reached))
    return ok(msg_id=msg_id, msg_data_id=msg_id + 1) | {"errmsg": "send job submission success"}


def _deliver(ask: Ask, person: Person, content: Content) -> bool:
    month = ask.world.clock.month()
    if person.masses.count(month) >= ask.world.config.mass_per_month:
        return False
    person.masses.append(month)
    ask.world.people.show(person, content, sender=Sender.ACCOUNT, via=Via.MASS)
    return True


def _tell_end(ask: Ask, people: list[Person], msg_id: int, *, asked: int, sent: int) -> None:
    if not people:
        return
    counts = {
        "TotalCount": asked,
        "FilterCount": len(people),
        "SentCount": sent,
        "ErrorCount": len(people) - sent,
    }
    fields: dict[str, str | int] = {"MsgID": msg_id, "Status": "send success", **counts}
    ask.world.start(finish_job(ask.world, people[0], "MASSSENDJOBFINISH", fields))


APIS: list[Api] = [post("message/mass/sendall", send_all), post("message/mass/send", send)]
