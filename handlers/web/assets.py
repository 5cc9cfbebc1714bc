"""Our own and vendored files for browsers. Each address carries the hash of the content, kept a year."""

import hashlib
import mimetypes
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from aiohttp import hdrs, web

from handlers.web.routes import FILE, Routes
from services.errors import NotFound

FOLDER = Path(__file__).parents[1] / "static"
_TYPES = {".js": "text/javascript", ".mjs": "text/javascript", ".css": "text/css", ".svg": "image/svg+xml"}
_YEAR = "public, max-age=31536000, immutable"

routes = Routes("/static")


@dataclass(frozen=True, slots=True)
class Asset:
    body: bytes
    kind: str
    mark: str


@cache
def all_of_them() -> dict[str, Asset]:
    """By their path below the folder; read once, some hundred kilobytes."""
    found = {}
    for path in sorted(FOLDER.rglob("*")):
        if path.is_file():
            body = path.read_bytes()
            kind = _TYPES.get(path.suffix) or mimetypes.guess_type(path.name)[0] or "text/plain"
            found[path.relative_to(FOLDER).as_posix()] = Asset(body, kind, _mark(body))
    # A module imports its neighbours by plain names: one mark for all of them changes when any of them does.
    return found


def _mark(body: bytes) -> str:
    return hashlib.sha256(body).hexdigest()[:16]


@cache
def edition() -> str:
    """Of all files together."""
    return _mark("".join(one.mark for one in all_of_them().values()).encode())


def address(name: str) -> str:
    """Where a page finds this file. Raises KeyError for one that is not there."""
    all_of_them()[name]
    return f"/desk/static/{edition()}/{name}"


@routes.get("/{mark:[0-9a-f]{16}}/{name:.+}", FILE)
async def serve(request: web.Request) -> web.Response:
    """A browser with an old page gets today's file, but keeps it for no longer than that page."""
    asset = all_of_them().get(request.match_info["name"])
    if asset is None:
        raise NotFound("page.not_found")
    kept = _YEAR if request.match_info["mark"] == edition() else "no-store"
    charset = "utf-8" if asset.kind.startswith("text/") else None
    return web.Response(
        body=asset.body, content_type=asset.kind, charset=charset, headers={hdrs.CACHE_CONTROL: kept}
    )
