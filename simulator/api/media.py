"""media/upload, media/get and the little of material that an account needs."""

from dataclasses import dataclass

from aiohttp import BodyPartReader, web

from simulator.api.serving import Api, Ask, get, post
from simulator.errors import ApiError, ok
from simulator.jsonio import JsonObject
from simulator.media import Medium, sniff

_MB = 1024 * 1024
_MOST = {"image": 10 * _MB, "voice": 2 * _MB, "video": 10 * _MB, "thumb": 64 * 1024}
_TOO_BIG = {"image": 40009, "voice": 40010, "video": 40011, "thumb": 40009}
_ACCEPTED = {"image": "image/", "thumb": "image/jpeg", "video": "video/", "voice": "audio/"}


@dataclass(frozen=True, slots=True)
class _File:
    name: str
    content: bytes


async def upload(ask: Ask) -> JsonObject:
    kind = ask.query("type")
    medium = await _keep(ask, kind, for_ever=False)
    name = "thumb_media_id" if kind == "thumb" else "media_id"
    return {"type": kind, name: medium.id, "created_at": int(medium.created)}


async def add_material(ask: Ask) -> JsonObject:
    medium = await _keep(ask, ask.query("type"), for_ever=True)
    return ok(media_id=medium.id, url=f"{ask.origin}/sim/media/{medium.id}")


async def upload_image(ask: Ask) -> JsonObject:
    medium = await _keep(ask, "image", for_ever=True)
    return ok(url=f"{ask.origin}/sim/media/{medium.id}")


async def _keep(ask: Ask, kind: str, *, for_ever: bool) -> Medium:
    if kind not in _MOST:
        raise ApiError(40004)
    file = await _read(ask.request)
    if len(file.content) > _MOST[kind]:
        raise ApiError(_TOO_BIG[kind])
    if not sniff(file.content).startswith(_ACCEPTED[kind]):
        raise ApiError(40005)
    return ask.world.media.keep(file.content, kind=kind, name=file.name, for_ever=for_ever)


async def _read(request: web.Request) -> _File:
    """The multipart field `media`. 41005 if it is missing or empty, or has no file name."""
    if not request.content_type.startswith("multipart/"):
        raise ApiError(41005)
    async for part in await request.multipart():
        if isinstance(part, BodyPartReader) and part.name == "media":
            content = bytes(await part.read(decode=False))
            if content and part.filename:
                return _File(part.filename, content)
    raise ApiError(41005)


async def media_get(ask: Ask) -> web.Response:
    return _binary(ask.world.media.get(ask.query("media_id")))


async def material_get(ask: Ask) -> web.Response:
    medium = ask.world.media.get(ask.body.text("media_id", ""))
    if medium.ends is not None:
        raise ApiError(40007)
    return _binary(medium)


def _binary(medium: Medium) -> web.Response:
    disposition = f'attachment; filename="{medium.filename}"'
    return web.Response(
        body=medium.content(),
        content_type=medium.content_type,
        headers={"Content-Disposition": disposition},
    )


async def material_delete(ask: Ask) -> JsonObject:
    ask.world.media.drop(ask.body.text("media_id", ""))
    return ok()


async def material_count(ask: Ask) -> JsonObject:
    kinds = [medium.kind for medium in ask.world.media.all.values() if medium.ends is None]
    counts = {f"{kind}_count": kinds.count(kind) for kind in ("voice", "video", "image", "news")}
    return {**counts}


async def material_list(ask: Ask) -> JsonObject:
    kind, start = ask.body.text("type"), ask.body.integer("offset", 0)
    found = [m for m in ask.world.media.all.values() if m.ends is None and m.kind == kind]
    page = found[start : start + min(20, ask.body.integer("count", 20))]
    items: JsonObject = {"item": [_listed(ask, medium) for medium in page]}
    return {"total_count": len(found), "item_count": len(page), **items}


def _listed(ask: Ask, medium: Medium) -> JsonObject:
    url = f"{ask.origin}/sim/media/{medium.id}"
    return {"media_id": medium.id, "name": medium.name, "update_time": int(medium.created), "url": url}


APIS: list[Api] = [
    post("media/upload", upload, reads_json=False),
    get("media/get", media_get),
    get("media/get/jssdk", media_get),
    post("media/uploadimg", upload_image, reads_json=False),
    post("material/add_material", add_material, reads_json=False),
    post("material/get_material", material_get),
    post("material/del_material", material_delete),
    post("material/batchget_material", material_list),
    get("material/get_materialcount", material_count),
]
