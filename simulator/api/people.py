"""user/*, tags/* : who follows, and the account's marks on them."""

from simulator.api.serving import Api, Ask, get, post
from simulator.errors import ApiError, ok
from simulator.jsonio import JsonObject, JsonValue
from simulator.people import Person

_PAGE = 10_000
_MOST_TAGS = 20


async def user_info(ask: Ask) -> JsonObject:
    return _info(ask.world.people.known(ask.query("openid")))


async def user_infos(ask: Ask) -> JsonObject:
    asked = [entry.text("openid", "") for entry in ask.body.objects("user_list")]
    return {"user_info_list": [_info(ask.world.people.known(openid)) for openid in asked]}


def _info(person: Person) -> JsonObject:
    """Since 2021 without nickname and picture."""
    if person.followed_at is None:
        return {"subscribe": 0, "openid": person.openid, "tagid_list": []}
    return {
        "subscribe": 1,
        "openid": person.openid,
        "nickname": "",
        "sex": 0,
        "language": "zh_CN",
        "city": "",
        "province": "",
        "country": "",
        "headimgurl": "",
        "subscribe_time": int(person.followed_at),
        "remark": person.remark,
        "groupid": 0,
        "tagid_list": [*sorted(person.tags)],
        "subscribe_scene": "ADD_SCENE_QR_CODE" if person.scene else "ADD_SCENE_SEARCH",
        "qr_scene": int(person.scene) if person.scene.isdecimal() else 0,
        "qr_scene_str": "" if person.scene.isdecimal() else person.scene,
    }


def _page(people: list[Person], start_after: str) -> tuple[list[JsonValue], str]:
    openids = [person.openid for person in people]
    start = openids.index(start_after) + 1 if start_after in openids else 0
    page = openids[start : start + _PAGE]
    return [*page], (page[-1] if page else "")


async def user_get(ask: Ask) -> JsonObject:
    followers = ask.world.people.followers()
    page, last = _page(followers, ask.query("next_openid"))
    found: JsonObject = {"total": len(followers), "count": len(page)}
    return found | ({"data": {"openid": page}} if page else {}) | {"next_openid": last}


async def update_remark(ask: Ask) -> JsonObject:
    ask.world.people.follower(ask.body.text("openid", "")).remark = ask.body.text("remark", "")[:30]
    return ok()


async def tag_create(ask: Ask) -> JsonObject:
    name = ask.body.object("tag").text("name", "")
    return {"tag": {"id": ask.world.tags.create(name), "name": name}}


async def tag_get(ask: Ask) -> JsonObject:
    people = ask.world.people.followers()
    counted: list[JsonValue] = [
        {"id": number, "name": name, "count": sum(number in person.tags for person in people)}
        for number, name in ask.world.tags.names.items()
    ]
    return {"tags": counted}


async def tag_update(ask: Ask) -> JsonObject:
    tag = ask.body.object("tag")
    ask.world.tags.rename(tag.integer("id"), tag.text("name", ""))
    return ok()


async def tag_delete(ask: Ask) -> JsonObject:
    number = ask.body.object("tag").integer("id")
    ask.world.tags.delete(number)
    for person in ask.world.people:
        person.tags.discard(number)
    return ok()


async def tag_people(ask: Ask) -> JsonObject:
    number = ask.body.integer("tagid")
    ask.world.tags.check(number)
    tagged = [person for person in ask.world.people.followers() if number in person.tags]
    page, last = _page(tagged, ask.body.text("next_openid", ""))
    return {"count": len(page), "data": {"openid": page}, "next_openid": last}


def _batch(ask: Ask) -> tuple[int, list[Person]]:
    number = ask.body.integer("tagid")
    ask.world.tags.check(number)
    openids = ask.body.texts("openid_list")
    if len(openids) > 50:
        raise ApiError(40032)
    return number, [ask.world.people.follower(openid) for openid in openids]


async def tag_add(ask: Ask) -> JsonObject:
    number, people = _batch(ask)
    if any(len(person.tags | {number}) > _MOST_TAGS for person in people):
        raise ApiError(45059)
    for person in people:
        person.tags.add(number)
    return ok()


async def tag_remove(ask: Ask) -> JsonObject:
    number, people = _batch(ask)
    for person in people:
        person.tags.discard(number)
    return ok()


async def tags_of(ask: Ask) -> JsonObject:
    person = ask.world.people.known(ask.body.text("openid", ""))
    return {"tagid_list": [*sorted(person.tags)]}


APIS: list[Api] = [
    get("user/info", user_info),
    post("user/info/batchget", user_infos),
    get("user/get", user_get),
    post("user/info/updateremark", update_remark),
    post("tags/create", tag_create),
    get("tags/get", tag_get),
    post("tags/update", tag_update),
    post("tags/delete", tag_delete),
    post("user/tag/get", tag_people),
    post("tags/members/batchtagging", tag_add),
    post("tags/members/batchuntagging", tag_remove),
    post("tags/getidlist", tags_of),
]
