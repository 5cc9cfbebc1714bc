"""Photos and recordings of a talk, and pictures that staff send: by content only, never by what a name says."""

import asyncio

from aiohttp import hdrs, web

from handlers.desk import kept
from handlers.web import forms, pages, session
from handlers.web.routes import Routes, does, sees
from services.delivery import media
from services.delivery.picture import BadPicture
from services.desk import files, revealing
from services.desk.files import Stored
from services.errors import Invalid, NotFound
from services.scope import Field

routes = Routes("/talks/{id:[0-9]+}")

_MOST = 10 << 20
# What browsers show or play by themselves; anything else is for downloading.
_SHOWN = frozenset({"image/jpeg", "image/png", "image/gif", "image/webp", "audio/mpeg", "video/mp4"})


@routes.get("/files/{file:[0-9]+}", sees(Field.TALKS))
async def of_resident(request: web.Request) -> web.StreamResponse:
    actor, talk_id = await session.actor(request), forms.number(request)
    return served(request, await files.of_talk(talk_id, forms.number(request, "file"), actor=actor))


@routes.get("/pictures/{sha256:[0-9a-f]{64}}", sees(Field.TALKS))
async def of_staff(request: web.Request) -> web.StreamResponse:
    actor, talk_id = await session.actor(request), forms.number(request)
    return served(request, await files.picture(talk_id, request.match_info["sha256"], actor=actor))


@routes.post("/pictures", does(Field.TALKS), unit=False)
async def upload(request: web.Request) -> web.Response:
    """One picture, as the body; its hash. Whatever it is called, what is kept is a clean JPEG of its pixels."""
    await revealing.person_of(forms.number(request), actor=await session.actor(request))
    return await taken_in(request)


async def taken_in(request: web.Request) -> web.Response:
    """The picture that is the body of this request, kept."""
    content = await _read(request)
    try:
        jpeg = await request.config_dict[kept.PICTURES].clean(content)
    except BadPicture as bad:
        raise Invalid("page.bad_picture", why=str(bad)) from bad
    sha256 = await asyncio.to_thread(media.keep, request.config_dict[kept.MEDIA], jpeg.content)
    return pages.told({"sha256": sha256, "width": jpeg.width, "height": jpeg.height})


async def _read(request: web.Request) -> bytes:
    """Never more than is allowed, whatever was announced."""
    content = bytearray()
    async for part in request.content.iter_chunked(64 << 10):
        content += part
        if len(content) > _MOST:
            raise Invalid("page.picture_too_large", most=_MOST >> 20)
    if not content:
        raise Invalid("page.unreadable")
    return bytes(content)


def served(request: web.Request, stored: Stored) -> web.StreamResponse:
    """A file that was kept, shown or to be downloaded. Raises NotFound when it is not there any more."""
    place = media.path(request.config_dict[kept.MEDIA], stored.sha256)
    if not place.is_file():
        raise NotFound("page.not_found")
    shown = stored.mime in _SHOWN and "download" not in request.query
    ending = {"audio/amr": "amr", "audio/mpeg": "mp3", "video/mp4": "mp4", "image/jpeg": "jpg"}
    name = f"{stored.kind}-{stored.sha256[:8]}.{ending.get(stored.mime, 'bin')}"
    kind = stored.mime if stored.mime in (*_SHOWN, *ending) else "application/octet-stream"
    return web.FileResponse(
        place,
        headers={
            hdrs.CONTENT_TYPE: kind,
            hdrs.CONTENT_DISPOSITION: "inline" if shown else f'attachment; filename="{name}"',
            hdrs.CACHE_CONTROL: "private, max-age=3600",
        },
    )
