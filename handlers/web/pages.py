"""Drawing pages: Jinja2 with escaping everywhere, and what every page knows of the request.

    return pages.render(request, "talks/list.html", rows=rows)

Templates hold no style= and no on…=: the Content-Security-Policy refuses both, and a test looks.
"""

from collections.abc import Mapping
from functools import cache
from pathlib import Path

import orjson
from aiohttp import hdrs, web
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from handlers.web import areas, assets, csrf, session, wording

FOLDER = Path(__file__).parents[1] / "templates"
COMPANY: web.AppKey[str] = web.AppKey("company", str)


@cache
def environment() -> Environment:
    made = Environment(
        loader=FileSystemLoader(FOLDER),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.globals |= {"asset": assets.address, "icon": icon, "here": ""}
    made.filters |= {"moment": wording.moment, "since": wording.since, "role": wording.role}
    return made


def render(request: web.Request, template: str, /, *, status: int = 200, **values: object) -> web.Response:
    """A page, or a part of one."""
    found, jar = session.of(request), session.Jar(request)
    known = {
        "request": request,
        "session": found,
        "csrf": csrf.token(request),
        "company": request.config_dict[COMPANY],
        "areas": areas.of(request, session.known_actor(request)) if found and found.is_open else [],
        "unsafe": not jar.safe,
        "size": _one_of(jar.read("size"), "normal", "large"),
        "theme": _one_of(jar.read("theme"), "auto", "light", "dark"),
    }
    text = environment().get_template(template).render(known | values)
    response = web.Response(text=text, content_type="text/html", charset="utf-8", status=status)
    if found is None:
        session.greet(request, response)
    return response


def _one_of(value: str, usual: str, *others: str) -> str:
    return value if value in others else usual


def redirect(place: str) -> web.Response:
    """To another page of ours, by GET: reloading that sends nothing again."""
    return web.Response(status=303, headers={hdrs.LOCATION: place})


def told(values: Mapping[str, object], *, status: int = 200) -> web.Response:
    """An answer to a script, as JSON."""
    return web.Response(body=orjson.dumps(values), content_type="application/json", status=status)


@cache
def icon(name: str) -> Markup:
    """An icon as SVG in the page, for the eye alone: a word stands beside it or labels what it is in."""
    text = assets.all_of_them()[f"vendor/lucide/{name}.svg"].body.decode()
    start = text.index("<svg")
    return Markup(text[start:].replace("<svg", '<svg aria-hidden="true" focusable="false"', 1))
