"""Whose phone a page of the platform is opened on: the page of the phones leaves a cookie."""

from html import escape
from urllib.parse import quote

from aiohttp import web

from simulator.people import People

COOKIE = "sim_openid"


def visitor(request: web.Request, people: People) -> str:
    """The openid of who opens the page, "" when nobody's phone is open in this browser."""
    openid = request.query.get(COOKIE, "") or request.cookies.get(COOKIE, "")
    return openid if openid in people else ""


def ask_who(request: web.Request, people: People) -> web.Response:
    """A page that asks whose phone this is, and comes back to the same address."""
    here = escape(str(request.rel_url))
    rows = "".join(
        f'<p><a href="{here}&amp;{COOKIE}={quote(person.openid)}">{escape(person.nickname)}</a></p>'
        for person in people
    )
    return page("选择微信用户", rows)


def page(title: str, body: str) -> web.Response:
    html = (
        f'<!doctype html><html lang="zh-CN"><meta charset="utf-8"><title>{escape(title)}</title>{body}</html>'
    )
    return web.Response(text=html, content_type="text/html")
