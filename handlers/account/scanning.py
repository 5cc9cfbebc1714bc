"""QR codes of the account's pages: of an authenticator, and those to scan with one's own WeChat."""

import base64

import qrcode
import qrcode.image.svg
from aiohttp import web

from handlers.desk.kept import REDIS
from services.company import chat_codes
from services.errors import NotAllowed
from settings import Settings
from wechat.errors import ApiError
from wechat.platform import connect

_SETTINGS: web.AppKey[Settings] = web.AppKey("settings_of_scanning", Settings)


def add(app: web.Application, settings: Settings) -> None:
    app[_SETTINGS] = settings


async def of(request: web.Request, scene: str, *, refused: str) -> str:
    """The picture of a code whose scan brings this scene. Raises NotAllowed(refused) when the platform makes none."""
    settings, redis = request.config_dict[_SETTINGS], request.config_dict.get(REDIS)
    lasts_s = int(chat_codes.LASTS.total_seconds())
    try:
        async with connect(settings.wechat, settings.wechat_api_url, redis) as platform:
            return picture(await platform.create_passing_qrcode(scene, lasts_s=lasts_s))
    except ApiError as error:
        raise NotAllowed(refused) from error


def picture(text: str) -> str:
    """A QR code as the address of an image."""
    drawn = qrcode.make(text, image_factory=qrcode.image.svg.SvgPathImage, border=2)
    return f"data:image/svg+xml;base64,{base64.b64encode(drawn.to_string()).decode()}"
