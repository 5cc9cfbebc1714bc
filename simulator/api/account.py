"""The account's menu and QR codes."""

import io

import qrcode
from aiohttp import web

from simulator.api.serving import Api, Ask, get, post
from simulator.codes import Code
from simulator.errors import ApiError, ok
from simulator.jsonio import Fields, JsonObject
from simulator.menus import check_menu, current

_LONGEST = 30 * 86400


async def menu_create(ask: Ask) -> JsonObject:
    check_menu(ask.body)
    ask.world.menu = dict(ask.body.values)
    ask.world.feed.tell({"kind": "menu"})
    return ok()


async def menu_delete(ask: Ask) -> JsonObject:
    ask.world.menu = None
    ask.world.feed.tell({"kind": "menu"})
    return ok()


async def menu_get(ask: Ask) -> JsonObject:
    if ask.world.menu is None:
        raise ApiError(46003)
    return {"menu": ask.world.menu}


async def menu_current(ask: Ask) -> JsonObject:
    return {"is_menu_open": 0} if ask.world.menu is None else current(ask.world.menu)


async def qrcode_create(ask: Ask) -> JsonObject:
    action = ask.body.text("action_name", "")
    scene = _scene(action, ask.body.object("action_info").object("scene"))
    if action.startswith("QR_LIMIT"):
        code = _create(ask, scene, None)
        return {"ticket": code.ticket, "url": code.url}
    seconds = max(1, min(ask.body.integer("expire_seconds", 60), _LONGEST))
    code = _create(ask, scene, seconds)
    return {"ticket": code.ticket, "expire_seconds": seconds, "url": code.url}


def _create(ask: Ask, scene: str, seconds: float | None) -> Code:
    ask.world.feed.tell({"kind": "codes"})
    return ask.world.codes.create(scene, seconds=seconds)


def _scene(action: str, scene: Fields) -> str:
    if action in ("QR_STR_SCENE", "QR_LIMIT_STR_SCENE"):
        text = scene.text("scene_str", "")
        if 1 <= len(text) <= 64:
            return text
    elif action in ("QR_SCENE", "QR_LIMIT_SCENE"):
        number = scene.integer("scene_id", 0)
        if 1 <= number <= (100_000 if action == "QR_LIMIT_SCENE" else 2**32 - 1):
            return str(number)
    raise ApiError(40053)


async def show_qrcode(ask: Ask) -> web.Response:
    """mp.weixin.qq.com/cgi-bin/showqrcode: the picture of a ticket, 404 for an unknown one."""
    code = ask.world.codes.all.get(ask.query("ticket"))
    if code is None:
        return web.Response(status=404)
    buffer = io.BytesIO()
    qrcode.make(code.url, border=2).save(buffer, "PNG")
    return web.Response(body=buffer.getvalue(), content_type="image/png")


APIS: list[Api] = [
    post("menu/create", menu_create),
    get("menu/get", menu_get),
    get("menu/delete", menu_delete),
    get("get_current_selfmenu_info", menu_current),
    post("qrcode/create", qrcode_create),
    get("showqrcode", show_qrcode, needs_token=False),
]
