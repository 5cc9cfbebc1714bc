"""The page on which somebody agrees to one subscription message, mp.weixin.qq.com/mp/subscribemsg.

https://developers.weixin.qq.com/doc/service/guide/product/message/One-time_subscription_info.html
"""

from collections.abc import Mapping
from html import escape

from aiohttp import web
from yarl import URL

from simulator.people import consent_key
from simulator.phone.visitor import ask_who, page, visitor
from simulator.world import WORLD

_PASSED_ON = ("template_id", "scene", "reserved")


async def consent(request: web.Request) -> web.Response:
    """Ask, or, with an `answer`, note it and go back to where the link said."""
    world, query = request.app[WORLD], request.query
    if (wrong := _wrong(query)) or query.get("appid") != world.config.app_id:
        return web.Response(status=400, text=f"链接参数错误 {wrong or 'appid'}")
    openid = visitor(request, world.people)
    if not openid:
        return ask_who(request, world.people)
    if query.get("answer") not in ("confirm", "cancel"):
        return _question(request, world.config.account_name)
    if query["answer"] == "confirm":
        consents, key = (
            world.people.get(openid).consents,
            consent_key(query["template_id"], query["scene"]),
        )
        consents[key] = consents.get(key, 0) + 1
    back = {name: query[name] for name in _PASSED_ON if name in query}
    told = {"openid": openid, "action": query["answer"], **back}
    return web.Response(status=302, headers={"Location": str(URL(query["redirect_url"]).update_query(told))})


def _wrong(query: Mapping[str, str]) -> str:
    """The parameter that the platform would not take, "" when all are well."""
    scene = query.get("scene", "")
    right = {
        "action": query.get("action") == "get_confirm",
        "scene": scene.isdecimal() and int(scene) <= 10_000,
        "template_id": bool(query.get("template_id")),
        "redirect_url": query.get("redirect_url", "").startswith(("http://", "https://")),
    }
    return next((name for name, well in right.items() if not well), "")


def _question(request: web.Request, account: str) -> web.Response:
    here = escape(str(request.rel_url))
    words = f"<h1>{escape(account)}</h1><p>申请给你发送一条消息提醒</p>"
    answers = f'<p><a href="{here}&amp;answer=confirm">同意</a></p><p><a href="{here}&amp;answer=cancel">拒绝</a></p>'
    return page("订阅消息", words + answers)


ROUTES = [web.get("/mp/subscribemsg", consent)]
