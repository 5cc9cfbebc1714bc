"""What the control interface and the phone's page say alike: who somebody is, and where media are fetched."""

from aiohttp import web

from simulator.jsonio import JsonObject
from simulator.people import Person


def origin_of(request: web.Request) -> str:
    return str(request.url.origin())


def described(person: Person, now: float) -> JsonObject:
    return {
        "openid": person.openid,
        "nickname": person.nickname,
        "role": person.role,
        "follows": person.follows,
        "messages": len(person.messages),
        "sends_left": person.windows.left(now),
    }
