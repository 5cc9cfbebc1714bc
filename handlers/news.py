"""The page behind a template message, for the one person who got it."""

import html

from aiohttp import web

from dialogs import shipped
from handlers.subscribed import HEADERS
from services.delivery import sending
from services.delivery.sending import Told
from wechat.news_pages import PATH, NewsPages
from wechat.subscriptions import Subscriptions

_HEADERS = {**HEADERS, "Cache-Control": "no-store", "X-Robots-Tag": "noindex"}


def routes(pages: NewsPages | None, subscriptions: Subscriptions | None) -> list[web.RouteDef]:
    """None at all for an account whose people cannot reach us."""

    async def shown(request: web.Request) -> web.Response:
        message_id = pages.of(request.match_info["token"]) if pages else None
        told = await sending.told(message_id) if message_id is not None else None
        if told is None:
            raise web.HTTPNotFound
        link = subscriptions.link(told.channel_id) if subscriptions else ""
        return web.Response(text=_page(told, link), content_type="text/html", headers=_HEADERS)

    return [web.get(f"{PATH}/{{token}}", shown, allow_head=False)] if pages else []


def _page(told: Told, link: str) -> str:
    words = shipped.phrases().reply
    said = "<br>".join(html.escape(line) for line in told.text.splitlines())
    more = ""
    if link:
        more = f'<p><a href="{html.escape(link)}">{html.escape(words("delivery.remind_me").text)}</a></p>'
    title = html.escape(words("delivery.title").text)
    head = f'<meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>{title}</title>'
    hint = html.escape(words("delivery.page_hint").text)
    body = f"<p>{said}</p><p>{hint}</p>{more}"
    return f'<!doctype html><html lang="zh-CN"><head>{head}</head><body>{body}</body></html>'
