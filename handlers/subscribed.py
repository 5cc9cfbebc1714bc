"""Where people return to who were asked whether they want to be told once how things go on."""

import html

from aiohttp import web

from dialogs import shipped
from services.delivery import windows
from services.estate import people
from wechat.subscriptions import PATH, Subscriptions

HEADERS = {
    "Content-Security-Policy": "default-src 'none'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
}


def routes(subscriptions: Subscriptions | None) -> list[web.RouteDef]:
    """None at all for an account without such messages."""

    async def returned(request: web.Request) -> web.Response:
        openid = subscriptions.agreed(request.query) if subscriptions else None
        if openid is None:
            raise web.HTTPNotFound
        person_id = await people.of_channel(openid) if openid else None
        if person_id is not None:
            await windows.agreed(person_id)
        return _page("delivery.agreed" if person_id else "delivery.not_agreed")

    return [web.get(PATH, returned, allow_head=False)] if subscriptions else []


def _page(phrase: str) -> web.Response:
    words = html.escape(shipped.phrases().reply(phrase).text)
    head = '<meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>消息提醒</title>'
    page = f'<!doctype html><html lang="zh-CN"><head>{head}</head><body><p>{words}</p></body></html>'
    return web.Response(text=page, content_type="text/html", headers=HEADERS)
