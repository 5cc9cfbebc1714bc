"""The page and its photos. Whoever has the address may read it, so it ends with the job, and nobody can make one."""

import base64
import hashlib
from collections.abc import Mapping
from functools import cache
from pathlib import Path

from aiohttp import hdrs, web
from aiohttp.typedefs import Handler
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from bot.scripts import texts
from dialogs import shipped
from handlers.subscribed import HEADERS
from handlers.web import network
from handlers.web.limits import STRANGERS, Limits
from services import work
from services.delivery import media
from services.errors import DomainError, NotAllowed, NotFound, TooOften
from services.repairs import job_pages
from services.repairs.job_links import PATH
from services.repairs.job_pages import JobPage
from settings import Settings

_FOLDER = Path(__file__).parent
_SHOWN = frozenset({"image/jpeg", "image/png", "image/gif", "image/webp"})
_STATUS: dict[type[DomainError], int] = {NotAllowed: 410, NotFound: 404, TooOften: 429}


def add(app: web.Application, settings: Settings, folder: Path) -> None:
    """As an application of its own: what goes wrong below its path is said there. `folder` holds the photos."""
    own = web.Application(middlewares=[_said])
    own[network.PROXIES] = network.proxies(settings)
    limits = Limits()

    async def page(request: web.Request) -> web.Response:
        _limit(request, limits)
        token = request.match_info["token"]
        async with work.unit():
            found = await job_pages.read(token)
        return _answer("page.html", {"at": f"{PATH}/{token}", **_shown(found)})

    async def photo(request: web.Request) -> web.StreamResponse:
        _limit(request, limits)
        media_id = min(int(request.match_info["file"]), 2**31 - 1)
        sha256, kind = await job_pages.photo(request.match_info["token"], media_id)
        place = media.path(folder, sha256)
        if kind not in _SHOWN or not place.is_file():
            raise NotFound("page.not_found")
        return web.FileResponse(place, headers={**_headers(), hdrs.CONTENT_TYPE: kind})

    own.router.add_get("/{token}", page, allow_head=False)
    own.router.add_get("/{token}/photos/{file:[0-9]+}", photo, allow_head=False)
    app.add_subapp(PATH, own)


@web.middleware
async def _said(request: web.Request, handler: Handler) -> web.StreamResponse:
    try:
        return await handler(request)
    except (NotAllowed, NotFound, TooOften) as error:
        text = shipped.phrases().reply(error.phrase, error.values).text
        return _answer("ended.html", {"text": text}, status=_STATUS[type(error)])
    except web.HTTPNotFound:
        text = shipped.phrases().reply("job.no_such_page").text
        return _answer("ended.html", {"text": text}, status=404)


def _limit(request: web.Request, limits: Limits) -> None:
    if not limits.take(network.address(request), STRANGERS):
        raise TooOften("page.too_often")


def _shown(found: JobPage) -> dict[str, object]:
    """What the page says beside what it is given."""
    ends = [one.isoformat() for one in (found.appointment_start, found.appointment_end) if one is not None]
    where = texts.house(found.house) if found.house else found.place
    return {
        "job": found,
        "number": texts.spoken(found.number),
        "state": shipped.phrases().reply("job.state", {"state": found.status}).text,
        "appointment": texts.when("/".join(ends)) if ends else "",
        "eta": texts.when(found.eta.isoformat()) if found.eta else "",
        "until": texts.when(found.hold_until.isoformat()) if found.hold_until else "",
        "house": texts.house(found.house) if found.house else "",
        "houses": [texts.house(one) for one in found.houses],
        "map": f"{found.address}{found.community} {where}".strip(),
    }


@cache
def _environment() -> Environment:
    made = Environment(
        loader=FileSystemLoader(_FOLDER),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.filters["day"] = lambda moment: texts.date(moment.isoformat())
    return made


@cache
def _inline(name: str) -> str:
    return (_FOLDER / name).read_text("utf-8")


@cache
def _headers() -> dict[str, str]:
    """Style and script stand in the page, known by their hashes: nothing else of ours has to be reachable."""
    policy = (
        f"default-src 'none'; style-src {_hash('page.css')}; script-src {_hash('page.js')}; img-src 'self' data:; "
        "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    )
    return {
        **HEADERS,
        "Content-Security-Policy": policy,
        "Cache-Control": "no-store",
        "X-Robots-Tag": "noindex, nofollow, noarchive",
        "X-Frame-Options": "DENY",
        "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=()",
    }


def _hash(name: str) -> str:
    digest = hashlib.sha256(_inline(name).encode()).digest()
    return f"'sha256-{base64.b64encode(digest).decode()}'"


def _answer(template: str, values: Mapping[str, object], *, status: int = 200) -> web.Response:
    ours = {name: Markup(_inline(f"page.{name}")) for name in ("css", "js")}
    text = _environment().get_template(template).render({**values, **ours})
    return web.Response(
        text=text, status=status, content_type="text/html", charset="utf-8", headers=_headers()
    )
